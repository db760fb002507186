import type { Capture } from '../../capture.ts';
import { endsOfPair } from '../../trackers/ice/candidates.ts';
import type { DtlsOutcome } from '../../trackers/ice/dtls-outcome.ts';
import type { IceSession } from '../../trackers/ice/ice-session.ts';
import { dtlsTexts } from '../../trackers/ice/ice-verdict.ts';
import { callId } from '../call-rows.ts';
import { type Finding, packetsOf } from './finding.ts';

const DTLS_CODES = {
  'no-common-profile': { code: 'dtls-no-common-profile', spec: 'RFC 5764 §4.1.2' },
  'role-conflict': { code: 'dtls-role-conflict', spec: 'RFC 5763 §5' },
  'hello-unanswered': { code: 'dtls-no-answer', spec: 'RFC 6347 §4.2.4' },
  'flight-too-large': { code: 'dtls-flight-too-large', spec: 'RFC 6347 §4.1.1' },
  'flight-lost': { code: 'dtls-flight-lost', spec: 'RFC 6347 §4.2.4' },
} as const;

/** ICE sessions that failed or lost their way, and DTLS handshakes that came to nothing without an alert. */
export function iceFindings(capture: Capture): Finding[] {
  return [
    ...capture.ice.sessions.flatMap((session) => sessionFindings(capture, session)),
    ...capture.ice.handshakes.flatMap((outcome) => handshakeFinding(capture, outcome)),
  ];
}

function sessionFindings(capture: Capture, session: IceSession): Finding[] {
  const { verdict } = session;
  // What stopped at DTLS is told as that.
  const isDtls = session.transports.some(({ dtls }) =>
    dtls.some(({ end }) => end !== 'connected' && end !== 'unfinished'),
  );
  if (verdict === null || (verdict.outcome !== 'failed' && verdict.outcome !== 'warning')) return [];
  if (isDtls && verdict.verdict.startsWith('DTLS')) return [];
  return [
    {
      code: codeOf(session),
      severity: verdict.outcome === 'failed' ? 'error' : 'warning',
      title: `ICE: ${verdict.verdict}`,
      message: verdict.explanation,
      call: session.call < 0 ? null : callId(capture.calls.entries[session.call]),
      stream: null,
      packets: verdict.evidence,
      spec: session.consentLostFrame >= 0 ? 'RFC 7675 §5.1' : 'RFC 8445 §7.2.5',
    },
  ];
}

function codeOf(session: IceSession): string {
  if (session.consentLostFrame >= 0) return 'ice-connection-lost';
  if (session.selected === null) return 'ice-failed';
  return session.verdict?.outcome === 'failed' ? 'ice-no-dtls' : 'ice-media-elsewhere';
}

function handshakeFinding(capture: Capture, outcome: DtlsOutcome): Finding[] {
  const known = DTLS_CODES[outcome.end as keyof typeof DTLS_CODES];
  if (known === undefined) return [];
  // An alert is a problem of its own.
  if (outcome.alert !== null) return [];
  const user = capture.ice.sessions.find((session) => session.legs.has(outcome.leg));
  const { title, explanation } = dtlsTexts(outcome, user !== undefined);
  const [a, b] =
    user === undefined ? outcome.leg.ends : endsOfPair(capture.store, user.legs.get(outcome.leg) ?? user.pairs[0]);
  return [
    {
      code: known.code,
      severity: 'error',
      title,
      message: `Between ${a} and ${b}: ${explanation}`,
      call: user === undefined || user.call < 0 ? null : callId(capture.calls.entries[user.call]),
      stream: null,
      packets: packetsOf(outcome.frames),
      spec: known.spec,
    },
  ];
}
