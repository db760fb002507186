import type { Capture } from '../../capture.ts';
import { endsOfPair } from '../../trackers/ice/candidates.ts';
import type { DtlsEnd, DtlsOutcome } from '../../trackers/ice/dtls-outcome.ts';
import { DTLS_CODES, dtlsTexts } from '../../trackers/ice/dtls-verdict.ts';
import type { IceSession } from '../../trackers/ice/ice-session.ts';
import { AnnouncedFingerprints } from '../../tls/fingerprints.ts';
import { callId } from '../call-rows.ts';
import { type Finding, packetsOf } from './finding.ts';

const DTLS_SPECS: Readonly<Partial<Record<DtlsEnd, string>>> = {
  alert: 'RFC 5764 §4.1',
  'fingerprint-mismatch': 'RFC 8122 §6.2',
  'no-common-profile': 'RFC 5764 §4.1.2',
  'role-conflict': 'RFC 5763 §5',
  'hello-unanswered': 'RFC 6347 §4.2.4',
  'flight-too-large': 'RFC 6347 §4.1.1',
  'flight-lost': 'RFC 6347 §4.2.4',
};

const ICE_SPECS: Readonly<Record<string, string>> = {
  'ice-no-checks': 'RFC 8445 §7',
  'ice-role-conflict': 'RFC 8445 §7.3.1.1',
  'ice-checks-rejected': 'RFC 8489 §9.1.3',
  'ice-answered-elsewhere': 'RFC 8445 §7.2.5.2.1',
  'ice-one-way': 'RFC 8445 §7.2.5',
  'ice-no-answer': 'RFC 8445 §7.2.5',
  'ice-connection-lost': 'RFC 7675 §5.1',
  'ice-not-nominated': 'RFC 8445 §8.1.1',
  'ice-media-elsewhere': 'RFC 8445 §12.1',
  'dtls-no-client': 'RFC 5763 §5',
};

/** ICE sessions that failed or lost their way, and DTLS handshakes that came to nothing without an alert in the clear. */
export function iceFindings(capture: Capture): Finding[] {
  const { sessions, handshakes } = capture.ice;
  if (sessions.length === 0 && handshakes.length === 0) return [];
  const announced = new AnnouncedFingerprints(capture.store);
  const users = new Map<DtlsOutcome, IceSession>();
  for (const session of sessions) {
    for (const { dtls } of session.transports) for (const outcome of dtls) users.set(outcome, session);
  }
  return [
    ...sessions.flatMap((session) => sessionFinding(capture, session)),
    ...handshakes.flatMap((outcome) => handshakeFinding(capture, outcome, users.get(outcome), announced)),
  ];
}

function sessionFinding(capture: Capture, { conclusion, call }: IceSession): Finding[] {
  const spec = conclusion?.code == null ? undefined : ICE_SPECS[conclusion.code];
  // What stopped at a handshake is told as that.
  if (conclusion?.code == null || spec === undefined) return [];
  const { code, outcome, verdict, explanation, evidence } = conclusion;
  return [
    {
      code,
      severity: outcome === 'failed' ? 'error' : 'warning',
      title: verdict.startsWith('DTLS') ? verdict : `ICE: ${verdict}`,
      message: explanation,
      call: call < 0 ? null : callId(capture.calls.entries[call]),
      stream: null,
      packets: evidence,
      spec,
    },
  ];
}

/** Alerts in the clear, and certificates that are not those of the SDP's own address, are found where encryption is. */
function handshakeFinding(
  capture: Capture,
  outcome: DtlsOutcome,
  session: IceSession | undefined,
  announced: AnnouncedFingerprints,
): Finding[] {
  const { end, alert, leg, session: handshake, frames } = outcome;
  const code = DTLS_CODES[end];
  if (code === null || alert !== null) return [];
  const { client, server } = announced.check(handshake);
  if (end === 'fingerprint-mismatch' && (client === 'mismatch' || server === 'mismatch')) return [];
  // Where ICE itself failed, DTLS could not but fail.
  if (session?.conclusion?.outcome === 'failed' && session.conclusion.code !== code) return [];
  const { title, explanation } = dtlsTexts(outcome, session !== undefined);
  const pair = session?.legs.get(leg);
  const [a, b] = pair === undefined ? leg.ends : endsOfPair(capture.store, pair);
  return [
    {
      code,
      severity: 'error',
      title,
      message: `Between ${a} and ${b}: ${explanation}`,
      call: session === undefined || session.call < 0 ? null : callId(capture.calls.entries[session.call]),
      stream: null,
      packets: packetsOf(frames),
      spec: DTLS_SPECS[end] ?? '',
    },
  ];
}
