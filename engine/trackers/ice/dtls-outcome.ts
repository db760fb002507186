/** What became of the DTLS handshakes of a capture, by the legs they went over (RFC 5763, RFC 6347). */
import { hexOf } from '../../../base/octet-text.ts';
import { HandshakeType } from '../../../dissectors/tls/handshake.ts';
import type { Capture } from '../../capture.ts';
import { DTLS_1_3, type DtlsAlert, type DtlsSession } from '../../tls/dtls-session.ts';
import { AnnouncedFingerprints } from '../../tls/fingerprints.ts';
import type { DtlsSent } from './dtls-sent.ts';
import type { Leg, Legs } from './legs.ts';

/** Octets of a packet from which on a path may drop it: what DTLS stacks of browsers fill, and tunnels still take. */
const LARGE_PACKET_BYTES = 1200;
/** A flight sent again this often was lost more often than by chance. */
const LOST_FLIGHT_REPEATS = 2;
const FATAL = 2;
const CLOSE_NOTIFY = 0;
/** An alert this soon after the handshake, before any data, is no farewell. */
const REFUSED_SECONDS = 0.5;

/** How a handshake ended, or where it stopped. `unfinished`: the capture shows too little to say. */
export type DtlsEnd =
  | 'connected'
  | 'alert'
  | 'fingerprint-mismatch'
  | 'no-common-profile'
  | 'role-conflict'
  | 'hello-unanswered'
  | 'flight-lost'
  | 'flight-too-large'
  | 'unfinished';

export interface DtlsOutcome {
  readonly session: DtlsSession;
  readonly leg: Leg;
  readonly end: DtlsEnd;
  /** Whose certificate is the wrong one, or whose flight is lost. */
  readonly who: 'client' | 'server' | null;
  readonly alert: DtlsAlert | null;
  /** How often the lost flight was sent again, and its largest packet. */
  readonly repeats: number;
  readonly largestBytes: number;
  /** Frames that show the end, 0-based. */
  readonly frames: readonly number[];
  /** Frame at which it was decided; −1 where it was not. */
  readonly endFrame: number;
  /** Frame of the close_notify, −1 for none. */
  readonly closedFrame: number;
  /** Flights sent again until it succeeded. */
  readonly retransmitted: number;
}

/** Outcomes of all handshakes, each once: what was captured in several places of its way counts where it came first. */
export function dtlsOutcomes(capture: Capture, legs: Legs, sent: ReadonlyMap<number, DtlsSent>): DtlsOutcome[] {
  const fingerprints = new AnnouncedFingerprints(capture.store);
  const seen = new Set<string>();
  const outcomes: DtlsOutcome[] = [];
  for (const session of capture.dtls.sessions) {
    const leg = legs.of(session.clientFlow || session.serverFlow);
    const random = session.clientRandom === null ? '' : hexOf(session.clientRandom);
    if (leg === null || (random !== '' && seen.has(random))) continue;
    seen.add(random);
    outcomes.push(outcomeOf(capture, session, leg, sent, fingerprints));
  }
  return outcomes;
}

function outcomeOf(
  capture: Capture,
  session: DtlsSession,
  leg: Leg,
  sent: ReadonlyMap<number, DtlsSent>,
  fingerprints: AnnouncedFingerprints,
): DtlsOutcome {
  const { frames } = capture.store;
  const client = sent.get(session.clientFlow);
  const server = sent.get(session.serverFlow || capture.store.flows.reverse[session.clientFlow]);
  const alert =
    session.alerts.find(({ level, description }) => level === FATAL && description !== CLOSE_NOTIFY) ?? null;
  const said = session.alerts.find(({ description }) => description === CLOSE_NOTIFY)?.frame ?? -1;
  const { finishedFrame } = session;
  const hidden = [client, server].filter(
    (sender) => sender !== undefined && finishedFrame >= 0 && sender.alertFrame >= finishedFrame,
  );
  const first = hidden.toSorted((x, y) => (x?.alertFrame ?? 0) - (y?.alertFrame ?? 0)).at(0);
  const closedFrame = said >= 0 ? said : (first?.alertFrame ?? -1);
  const retransmitted = (client?.repeats ?? 0) + (server?.repeats ?? 0);
  const common = { session, leg, alert, closedFrame, retransmitted, repeats: 0, largestBytes: 0, who: null };
  const certificates = session.messages.filter(({ handshakeType }) => handshakeType === HandshakeType.Certificate);
  const { client: ofClient, server: ofServer } = fingerprints.check(session);
  if (ofClient === 'mismatch' || ofServer === 'mismatch') {
    const who = ofClient === 'mismatch' ? 'client' : 'server';
    const shown = certificates.filter(({ fromClient }) => fromClient === (who === 'client')).map(({ frame }) => frame);
    const endFrame = shown.at(0) ?? session.firstFrame;
    return { ...common, end: 'fingerprint-mismatch', who, frames: [...shown, session.firstFrame], endFrame };
  }
  if (lacksProfile(session)) {
    const frame = session.messages.find(({ handshakeType }) => handshakeType === HandshakeType.ServerHello)?.frame;
    const endFrame = alert?.frame ?? frame ?? session.firstFrame;
    return { ...common, end: 'no-common-profile', frames: [session.firstFrame, endFrame], endFrame };
  }
  if (alert !== null) {
    const who = alert.fromClient ? 'client' : 'server';
    return { ...common, end: 'alert', who, frames: [alert.frame, session.firstFrame], endFrame: alert.frame };
  }
  if (
    first !== undefined &&
    isRefusal(session, first, first === server, frames.secondsBetween(finishedFrame, first.alertFrame))
  ) {
    const who = first === client ? 'client' : 'server';
    const shown = [session.firstFrame, finishedFrame, first.alertFrame];
    return { ...common, end: 'alert', who, frames: shown, endFrame: first.alertFrame, closedFrame: -1 };
  }
  if (finishedFrame >= 0) {
    return { ...common, end: 'connected', frames: [session.firstFrame, finishedFrame], endFrame: finishedFrame };
  }
  if (client !== undefined && server !== undefined && client.hellos > 0 && server.hellos > 0) {
    const shown = [client.lastHelloFrame, server.lastHelloFrame];
    return { ...common, end: 'role-conflict', frames: shown, endFrame: Math.max(...shown) };
  }
  // Nobody answers any more: whose flight was it that was sent again?
  const isServerLast = server !== undefined && server.lastFrame >= 0 && server.repeats > 0;
  const last = isServerLast ? server : client;
  const who = isServerLast ? 'server' : 'client';
  if (last !== undefined && last.repeats >= LOST_FLIGHT_REPEATS) {
    const isAlone = (server?.lastFrame ?? -1) < 0;
    // That it is its size takes a smaller one of the same sender that was answered.
    const isLarge = last.largestBytes >= LARGE_PACKET_BYTES && last.helloBytes < LARGE_PACKET_BYTES;
    const isBehindHello = last.firstRepeated > 0;
    const end = isLarge && isBehindHello ? 'flight-too-large' : isAlone ? 'hello-unanswered' : 'flight-lost';
    const shown = [session.firstFrame, ...last.repeatFrames];
    const { repeats, largestBytes } = last;
    return { ...common, end, who, repeats, largestBytes, frames: shown, endFrame: shown[shown.length - 1] };
  }
  const quiet = frames.secondsBetween(session.firstFrame, frames.latest);
  const isUnanswered = server === undefined && client !== undefined && quiet >= 3;
  const end = isUnanswered ? 'hello-unanswered' : 'unfinished';
  return { ...common, end, who: isUnanswered ? 'client' : null, frames: [session.firstFrame], endFrame: -1 };
}

/** The client offered profiles for SRTP, and the server took none (version 1.3 hides what it takes). */
function lacksProfile({ offeredProfiles, srtpProfile, version, serverRandom }: DtlsSession): boolean {
  return offeredProfiles.length > 0 && serverRandom !== null && version !== DTLS_1_3 && srtpProfile === null;
}

/**
 * An alert in the middle of the handshake; of version 1.3 also one right after it, in place of the acknowledgement that the
 * server owes the client's last flight (RFC 9147 section 7).
 */
function isRefusal(
  { version }: DtlsSession,
  { isAlertOfHandshake, dataRecords }: DtlsSent,
  isServers: boolean,
  seconds: number,
): boolean {
  if (isAlertOfHandshake) return true;
  return version === DTLS_1_3 && isServers && dataRecords === 0 && seconds < REFUSED_SECONDS;
}
