import { formatAlert, formatSrtpProfile } from '../../../dissectors/tls/names.ts';
import type { Verdict } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { endsOfPair, typeOfEnd } from './candidates.ts';
import type { DtlsOutcome } from './dtls-outcome.ts';
import type { SideIndex } from './ice-pair.ts';
import type { IceSession } from './ice-session.ts';
import { ANSWER_SECONDS, BLOCKED_CHECKS, GIVE_UP_SECONDS, MOST_PACKETS_OF_PAIR } from './ice-timing.ts';
import { worksFor } from './works.ts';
import { expectsDtls } from './session-states.ts';

/** The first thing that went wrong, in the order in which a session comes up; else that nothing did. */
export function iceVerdict(capture: Capture, session: IceSession): Verdict {
  const facts = new Facts(capture, session);
  return (
    unchecked(facts) ??
    rejected(facts) ??
    unanswered(facts) ??
    handshakeFailed(facts) ??
    consentLost(facts) ??
    neverNominated(facts) ??
    begunBefore(facts) ??
    mediaElsewhere(facts) ??
    connected(facts)
  );
}

/** What several of the rules ask. */
class Facts {
  readonly capture: Capture;
  readonly session: IceSession;
  readonly works: boolean;
  /** Requests of each side, and those answered. */
  readonly requests: readonly [number, number];
  readonly answered: readonly [number, number];
  /** From the first check to the end of the capture. */
  readonly watchedSeconds: number;

  constructor(capture: Capture, session: IceSession) {
    this.capture = capture;
    this.session = session;
    const { pairs } = session;
    this.works = pairs.some((pair) => worksFor(pair, 0) || worksFor(pair, 1));
    const sum = (of: (side: SideIndex) => number[]): [number, number] => [total(of(0)), total(of(1))];
    this.requests = sum((side) => pairs.map(({ requests }) => requests[side]));
    this.answered = sum((side) => pairs.map(({ answered }) => answered[side]));
    const { frames } = capture.store;
    this.watchedSeconds = session.firstFrame < 0 ? 0 : frames.secondsBetween(session.firstFrame, frames.latest);
  }

  /** Address of a side, as its first pair shows it. */
  end(side: SideIndex): string {
    const pair = this.session.selected ?? this.session.pairs.at(0);
    return pair === undefined
      ? side === 0
        ? 'the offerer'
        : 'the answerer'
      : endsOfPair(this.capture.store, pair)[side];
  }

  /** The first checks. */
  get checks(): number[] {
    return this.session.pairs.flatMap(({ packets }) => packets).toSorted((a, b) => a - b);
  }
}

type Rule = (facts: Facts) => Verdict | null;

const unchecked: Rule = ({ session, capture }) => {
  if (session.firstFrame >= 0) return null;
  const packets = session.descriptions.map(({ frame }) => frame + 1);
  const hasMedia = session.streams.length > 0;
  const isRefused = refusedCall(capture, session);
  if (!hasMedia || isRefused) {
    const why = isRefused
      ? 'The call ended before media was set up.'
      : 'The capture holds no packets of its media either, so they may have gone another way.';
    return verdict(
      'incomplete',
      'Incomplete: no checks in the capture',
      `Both sides announced ICE, and no connectivity check was captured. ${why}`,
      null,
      packets,
    );
  }
  return verdict(
    'warning',
    'Media without connectivity checks',
    'Both sides announced ICE and media was captured, but no connectivity check: one of them does not really use ICE.',
    'See which side ignores the a=candidate lines, and whether it should offer ICE at all.',
    packets,
  );
};

function refusedCall({ calls }: Capture, { call }: IceSession): boolean {
  return call >= 0 && calls.entries[call].answerFrame < 0;
}

/** Checks answered with errors only. */
const rejected: Rule = ({ session, works }) => {
  if (works) return null;
  for (const side of [0, 1] as const) {
    const { wrong, right, wrongFrame } = session.integrity[side];
    const errors = session.pairs.flatMap(({ errors }) => errors[side]).toSorted((a, b) => b.count - a.count);
    const [worst] = errors;
    if (worst === undefined && !(wrong > 0 && right === 0)) continue;
    const packets = [...errors.map(({ frame }) => frame + 1), ...(wrongFrame < 0 ? [] : [wrongFrame + 1])];
    if (worst?.code === 487) {
      return verdict(
        'failed',
        'Role conflict is not resolved (487)',
        `Both sides take the same role, and ${worst.count === 1 ? 'a check was' : `${worst.count} checks were`} answered with 487, but nobody switched and checked again.`,
        'One side must act on 487 by switching its role (RFC 8445 section 7.2.5.1): see which agent it is.',
        packets,
      );
    }
    const password =
      wrong > 0 && right === 0 ? ' Their MESSAGE-INTEGRITY was made with another password than the SDP announced.' : '';
    const code = worst === undefined ? '' : `: ${worst.code}`;
    return verdict(
      'failed',
      worst === undefined ? 'Checks are made with a wrong password' : `Checks are rejected${code}`,
      `${worst === undefined ? 'No check was answered.' : `Checks were answered with ${errors.map(({ code: c }) => c).join(', ')} and none with success.`}${password}`,
      'See that both sides use the ufrag and password of the latest offer and answer.',
      packets,
    );
  }
  return null;
};

const unanswered: Rule = (facts) => {
  const { session, works, requests, answered, watchedSeconds, capture } = facts;
  if (works) return null;
  const store = capture.store;
  const elsewhere = session.pairs
    .flatMap((pair) => pair.elsewhere.map((one) => ({ ...one, pair })))
    .filter((one) => one.count > 0);
  const newest = Math.max(...session.pairs.map((pair) => Math.max(...pair.lastRequest)));
  const silence = newest < 0 ? 0 : store.frames.secondsBetween(newest, store.frames.latest);
  const isEnough =
    watchedSeconds >= GIVE_UP_SECONDS || requests[0] + requests[1] >= 2 * BLOCKED_CHECKS || silence >= ANSWER_SECONDS;
  if (elsewhere.length > 0) {
    const [{ address, pair, frame }] = elsewhere;
    const asked = endsOfPair(store, pair)[1];
    return verdict(
      'failed',
      'Answers come from another address',
      `Checks to ${asked} were answered from ${address}: a NAT on the way maps every peer anew (symmetric NAT), and such answers must be ignored.`,
      'Offer a relay candidate: with a symmetric NAT on both sides only TURN works.',
      [...pair.packets, frame + 1],
    );
  }
  if (!isEnough) {
    return verdict(
      'incomplete',
      'Incomplete: capture ends during the checks',
      'No check was answered yet when the capture ended.',
      null,
      facts.checks,
    );
  }
  const count = session.pairs.length;
  const pairs = count === 1 ? 'the only pair' : `all ${count} pairs`;
  for (const [side, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    if (requests[side] === 0 || answered[side] > 0) continue;
    if (answered[other] > 0) {
      return verdict(
        'failed',
        'Checks arrive one way only',
        `${facts.end(side)} received checks of ${facts.end(other)} and answered them, but of its own ${requests[side]} checks none was answered: packets from ${facts.end(side)} to ${facts.end(other)} are lost, and so are the answers.`,
        `Look for a filter on the way from ${facts.end(side)} to ${facts.end(other)}.`,
        facts.checks,
      );
    }
    if (requests[other] === 0 && !session.isLite[other]) {
      return verdict(
        'failed',
        `No check of ${facts.end(side)} was answered`,
        `${facts.end(side)} sent ${requests[side]} checks on ${pairs} without an answer, and ${facts.end(other)} sent none that reached the capture.`,
        'See whether the other side got the candidates, and whether a firewall lets UDP through to it.',
        facts.checks,
      );
    }
  }
  return verdict(
    'failed',
    'No check was answered',
    `${requests[0] + requests[1]} checks on ${pairs} got no answer: packets are dropped between the two sides.`,
    'Let UDP through between the addresses of the pairs, or offer a relay candidate.',
    facts.checks,
  );
};

const handshakeFailed: Rule = ({ session, capture, works }) => {
  const outcomes = session.transports.flatMap(({ dtls }) => dtls);
  const last = outcomes.at(-1);
  if (last !== undefined && last.end !== 'connected' && last.end !== 'unfinished') {
    const { title, explanation, advice } = dtlsTexts(last, true);
    return verdict(
      'failed',
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
  if (!isMissing || frames.secondsBetween(selected.nominatedFrame, frames.latest) < 3) return null;
  if (session.streams.length > 0) return null;
  const setups = session.descriptions.map(({ setup }) => setup).filter((setup) => setup !== '');
  const isSame = setups.length > 0 && setups.every((setup) => setup === 'passive');
  return verdict(
    'failed',
    'DTLS: no ClientHello',
    isSame
      ? 'ICE connected, and both sides announced a=setup:passive, so each waits for the other to begin the handshake.'
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
        advice: 'Look for a filter that drops DTLS, and whether the other side expects DTLS on this address.',
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
        advice: "See whether the packets reach the other side, and that side's log.",
      };
    default:
      return {
        title: 'DTLS: handshake refused',
        explanation: `The ${who} ended the DTLS handshake with the alert ${alert === null ? '' : formatAlert(alert.description)}.`,
        advice: 'The alert says what its sender did not accept: compare certificates, fingerprints and cipher suites.',
      };
  }
}

const consentLost: Rule = ({ session, capture }) => {
  const frame = session.consentLostFrame;
  if (frame < 0) return null;
  const { frames } = capture.store;
  const after = frames.secondsBetween(session.firstFrame, frame);
  const isBack = session.hasReconnected;
  return verdict(
    isBack ? 'warning' : 'failed',
    isBack ? 'Connection lost for a while' : `Connection lost after ${seconds(after)}`,
    `The selected pair worked, and from packet ${frame + 1} on its consent checks were not answered any more.${isBack ? ' Later a pair was connected again.' : ''}`,
    'See what changed on the way at that time: another network, a NAT binding that ended, a side that stopped.',
    [frame + 1],
  );
};

const neverNominated: Rule = ({ session, works, watchedSeconds, checks }) => {
  if (!works || session.selected !== null || session.isFromMiddle || watchedSeconds < GIVE_UP_SECONDS) return null;
  if (session.streams.length > 0 || session.transports.some(({ dtls }) => dtls.length > 0)) return null;
  return verdict(
    'failed',
    'No pair was nominated',
    'Checks were answered, but no check with USE-CANDIDATE was, so neither side may take the pair for media.',
    'See why the controlling side does not nominate (RFC 8445 section 8.1.1).',
    checks,
  );
};

const begunBefore: Rule = ({ session, checks }) => {
  if (!session.isFromMiddle) return null;
  return verdict(
    'incomplete',
    'Incomplete: capture starts after the checks',
    'The session was connected before the capture began; what is captured are checks that keep it.',
    null,
    checks,
  );
};

const mediaElsewhere: Rule = ({ session, capture }) => {
  const { selected } = session;
  if (selected === null) return null;
  const { frames, flows } = capture.store;
  for (const index of session.streams) {
    const stream = capture.streams.candidates[index];
    const ends = [flows.sourceEndpoint(stream.flow), flows.destinationEndpoint(stream.flow)].toSorted();
    const isOnSelected = session.transports.some(({ selected: pair }) =>
      pair?.legs.some((leg) => leg.ends[0] === ends[0] && leg.ends[1] === ends[1]),
    );
    // Before nomination and after another one media may use any valid pair (RFC 8445 section 12.1).
    const isLong = frames.secondsBetween(selected.lastNominatedFrame, stream.lastFrame) > 2;
    const isOther = session.transports.length > 1 || session.generations.length > 1;
    if (isOnSelected || !isLong || isOther) continue;
    return verdict(
      'warning',
      'Media does not use the selected pair',
      `Checks selected ${endsOfPair(capture.store, selected).join(' and ')}, and media goes from ${ends[0]} to ${ends[1]}.`,
      'See which side sends to the address of c= and m= instead of the nominated pair.',
      [stream.firstFrame + 1, selected.nominatedFrame + 1],
    );
  }
  return null;
};

function connected({ session, capture, checks, works }: Facts): Verdict {
  const { selected } = session;
  if (selected === null) {
    const explanation = works
      ? 'Checks were answered, and the capture ends before a pair was nominated.'
      : 'The capture ends during the checks.';
    return verdict('incomplete', 'Incomplete: capture ends during the checks', explanation, null, checks);
  }
  const [local, remote] = endsOfPair(capture.store, selected);
  const types = ([0, 1] as const).map((side) => typeOfEnd(capture.store, session, selected, side));
  const way = types.every((type) => type !== null) ? `, ${types[0]} to ${types[1]}` : '';
  const restarts = session.restarts.length;
  const again = restarts === 0 ? '' : ` It was restarted ${restarts === 1 ? 'once' : `${restarts} times`}.`;
  const conflicts = session.pairs
    .flatMap(({ errors }) => [...errors[0], ...errors[1]])
    .filter(({ code }) => code === 487);
  const resolved = conflicts.length === 0 ? '' : ' A role conflict (487) was resolved.';
  const after = connectedAfterSeconds(capture, session);
  return verdict(
    'ok',
    `Connected after ${after === null ? '?' : seconds(after)}${way}`,
    `The pair ${local} and ${remote} was nominated.${resolved}${again}`,
    null,
    [selected.nominationFrame + 1, selected.nominatedFrame + 1],
  );
}

/** From the first check of what is selected in the end, its own generation's, to the answer that selects it. */
export function connectedAfterSeconds({ store }: Capture, session: IceSession): number | null {
  const first = session.transports.flatMap(({ selected }) => selected ?? []).at(0);
  if (first === undefined || session.firstFrame < 0) return null;
  const sameGeneration = session.pairs.filter(
    ({ generation }) => generation === session.first && generation === first.generation,
  );
  if (sameGeneration.length > 0) return store.frames.secondsBetween(session.firstFrame, first.nominatedFrame);
  // After a restart: what the first generation came to.
  const before = session.pairs.filter((pair) => pair.generation === session.first && pair.isNominated);
  const frames = before.map(({ nominatedFrame }) => nominatedFrame);
  const frame = frames.length > 0 ? Math.min(...frames) : first.nominatedFrame;
  return store.frames.secondsBetween(session.firstFrame, frame);
}

function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(3)} s` : `${value.toFixed(1)} s`;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function verdict(
  outcome: Verdict['outcome'],
  title: string,
  explanation: string,
  advice: string | null,
  packets: readonly number[],
): Verdict {
  const evidence = [...new Set(packets)].slice(0, MOST_PACKETS_OF_PAIR).toSorted((a, b) => a - b);
  return { outcome, verdict: title, explanation, advice, evidence };
}
