import { formatAlert, formatSrtpProfile } from '../../../dissectors/tls/names.ts';
import type { DtlsEnd, DtlsOutcome } from './dtls-outcome.ts';
import { expectsDtls } from './session-states.ts';
import { conclude, type Rule } from './verdict-facts.ts';

/** Octets from which on a packet may be too large for a way. */
const LARGE_BYTES = 1200;
/** After so long without a ClientHello nobody will send one: agents begin at once. */
const NO_HELLO_SECONDS = 3;

/** Codes of the problems that failed handshakes are; null for what is none. */
export const DTLS_CODES: Readonly<Record<DtlsEnd, string | null>> = {
  connected: null,
  unfinished: null,
  alert: 'dtls-alert',
  'fingerprint-mismatch': 'dtls-fingerprint-mismatch',
  'no-common-profile': 'dtls-no-common-profile',
  'role-conflict': 'dtls-role-conflict',
  'hello-unanswered': 'dtls-no-answer',
  'flight-too-large': 'dtls-flight-too-large',
  'flight-lost': 'dtls-flight-lost',
};

/** ICE came up, and DTLS did not. */
export const handshakeFailed: Rule = ({ session, capture, works }) => {
  const outcomes = session.transports.flatMap(({ dtls }) => dtls);
  const last = outcomes.at(-1);
  if (last !== undefined && last.end !== 'connected' && last.end !== 'unfinished') {
    const { title, explanation, advice } = dtlsTexts(last, true);
    return conclude(
      'failed',
      DTLS_CODES[last.end],
      title,
      `ICE connected. ${explanation}`,
      advice,
      last.frames.map((frame) => frame + 1),
    );
  }
  const { selected } = session;
  const isMissing =
    works && selected !== null && outcomes.length === 0 && expectsDtls(session) && !session.isFromMiddle;
  const { frames } = capture.store;
  if (!isMissing || frames.secondsBetween(selected.nominatedFrame, frames.latest) < NO_HELLO_SECONDS) return null;
  if (session.streams.length > 0) return null;
  const setups = session.descriptions.map(({ setup }) => setup).filter((setup) => setup !== '');
  const [setup] = setups;
  const isSame = (setup === 'passive' || setup === 'active') && setups.every((one) => one === setup);
  return conclude(
    'failed',
    'dtls-no-client',
    'DTLS: no ClientHello',
    isSame
      ? `ICE connected, and both sides announced a=setup:${setup}, so each may take the other for the client and wait.`
      : 'ICE connected, and no side began the DTLS handshake that the SDP promises.',
    'See a=setup of offer and answer: exactly one side must be active (RFC 5763 section 5).',
    [selected.nominatedFrame + 1],
  );
};

/** What a failed handshake is called, and why it failed. `hasChecks`: ICE's checks pass the same way. */
export function dtlsTexts(
  outcome: DtlsOutcome,
  hasChecks: boolean,
): { title: string; explanation: string; advice: string } {
  const { end, alert, who, session, repeats, largestBytes } = outcome;
  const tooLarge =
    largestBytes >= LARGE_BYTES ? ` With packets of ${largestBytes} octets, see the MTU of the way too.` : '';
  switch (end) {
    case 'fingerprint-mismatch':
      return {
        title: 'DTLS: certificate is not the announced one',
        explanation: `The ${who}'s certificate has another fingerprint than its SDP announced, so the other side must refuse it.`,
        advice: 'See who changes the SDP on the way, or answers with another certificate.',
      };
    case 'no-common-profile':
      return {
        title: 'DTLS: no common SRTP profile',
        explanation: `The client offers ${session.offeredProfiles.map(formatSrtpProfile).join(', ')}, and the server takes none of them.`,
        advice: 'Allow a profile on both sides that the other one has.',
      };
    case 'role-conflict':
      return {
        title: 'DTLS: both sides sent ClientHello',
        explanation: 'Both sides act as client, so neither answers with a ServerHello.',
        advice: 'See a=setup of offer and answer: exactly one side must be active (RFC 5763 section 5).',
      };
    case 'hello-unanswered':
      return {
        title: 'DTLS: ClientHello is not answered',
        explanation: `The ClientHello was ${repeats > 0 ? `sent ${repeats + 1} times` : 'sent'} and no ServerHello came${hasChecks ? ', though checks pass the same way' : ''}.`,
        advice: `Look for a filter that drops DTLS, and whether the other side expects DTLS on this address.${tooLarge}`,
      };
    case 'flight-too-large':
      return {
        title: 'DTLS: large flight is lost (MTU)',
        explanation: `The ${who} sent its flight ${repeats + 1} times, in packets of up to ${largestBytes} octets, and the other side never went on${hasChecks ? '; checks, which are small, pass' : ''}.`,
        advice:
          'Lower the MTU of the DTLS stack, or use an ECDSA certificate, so that the flight fits smaller packets.',
      };
    case 'flight-lost':
      return {
        title: 'DTLS: handshake stops half-way',
        explanation: `The ${who} sent its flight ${repeats + 1} times, in packets of up to ${largestBytes} octets, and the other side never went on.`,
        advice: `See whether the packets reach the other side, and that side's log.${tooLarge}`,
      };
    default:
      return {
        title: 'DTLS: handshake refused',
        explanation:
          alert === null
            ? `The ${who} answered the other side's last flight of the DTLS handshake with an encrypted alert, so it refused what that held: usually the certificate.`
            : `The ${who} ended the DTLS handshake with the alert ${formatAlert(alert.description)}.`,
        advice: 'The alert says what its sender did not accept: compare certificates, fingerprints and cipher suites.',
      };
  }
}
