import type { Capture } from '../../capture.ts';
import { endsOfPair, typeOfEnd } from './candidates.ts';
import { handshakeFailed } from './dtls-verdict.ts';
import type { IceConclusion, IceSession } from './ice-session.ts';
import { BLOCKED_CHECKS, GIVE_UP_SECONDS } from './ice-timing.ts';
import { conclude, Facts, type Rule } from './verdict-facts.ts';

/** Media that goes on for longer after the nomination was not on its way before it. */
const SETTLED_SECONDS = 2;

/** The first thing that went wrong, in the order in which a session comes up; else that nothing did. */
export function iceVerdict(capture: Capture, session: IceSession): IceConclusion {
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

const unchecked: Rule = ({ session, capture }) => {
  if (session.firstFrame >= 0) return null;
  const packets = session.descriptions.map(({ frame }) => frame + 1);
  const hasMedia = session.streams.length > 0;
  const isRefused = refusedCall(capture, session);
  if (!hasMedia || isRefused) {
    const why = isRefused
      ? 'The call ended before media was set up.'
      : 'The capture holds no packets of its media either, so they may have gone another way.';
    return conclude(
      'incomplete',
      null,
      'Incomplete: no checks in the capture',
      `Both sides announced ICE, and no connectivity check was captured. ${why}`,
      null,
      packets,
    );
  }
  return conclude(
    'warning',
    'ice-no-checks',
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
const rejected: Rule = (facts) => {
  const { session, works } = facts;
  if (works) return null;
  for (const side of [0, 1] as const) {
    const { wrong, right, wrongFrame } = session.integrity[side];
    const hasWrongPassword = wrong > 0 && right === 0;
    const errors = session.pairs.flatMap((pair) => pair.errors[side]).toSorted((a, b) => b.count - a.count);
    const [worst] = errors;
    if (worst === undefined ? !hasWrongPassword : worst.count === 1 && !facts.isSilent) continue;
    const packets = [...errors.map(({ frame }) => frame + 1), ...(wrongFrame < 0 ? [] : [wrongFrame + 1])];
    if (worst?.code === 487) {
      return conclude(
        'failed',
        'ice-role-conflict',
        'Role conflict is not resolved (487)',
        `Both sides take the same role, and ${worst.count === 1 ? 'a check was' : `${worst.count} checks were`} answered with 487, but nobody switched and checked again.`,
        'One side must act on 487 by switching its role (RFC 8445 section 7.2.5.1): see which agent it is.',
        packets,
      );
    }
    const codes = [...new Set(errors.map(({ code }) => code).filter((code) => code > 0))].join(', ');
    const answers =
      worst === undefined
        ? 'No check was answered.'
        : `Checks were answered with errors${codes === '' ? '' : ` (${codes})`} and none with success.`;
    const password = hasWrongPassword
      ? ' Their MESSAGE-INTEGRITY was made with another password than the SDP announced.'
      : '';
    return conclude(
      'failed',
      'ice-checks-rejected',
      worst === undefined
        ? 'Checks are made with a wrong password'
        : `Checks are rejected${codes === '' ? '' : `: ${codes}`}`,
      `${answers}${password}`,
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
  const isEnough =
    watchedSeconds >= GIVE_UP_SECONDS || requests[0] + requests[1] >= 2 * BLOCKED_CHECKS || facts.isSilent;
  if (elsewhere.length > 0) {
    const [{ address, pair, frame }] = elsewhere;
    const asked = endsOfPair(store, pair)[1];
    return conclude(
      'failed',
      'ice-answered-elsewhere',
      'Answers come from another address',
      `Checks to ${asked} were answered from ${address}: a NAT or filter on the way maps them anew (as a symmetric NAT does), and an agent must ignore them.`,
      'Offer a relay candidate: with a symmetric NAT on both sides only TURN works.',
      [...pair.packets, frame + 1],
    );
  }
  if (!isEnough) {
    return conclude(
      'incomplete',
      null,
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
      return conclude(
        'failed',
        'ice-one-way',
        'Checks arrive one way only',
        `${facts.end(side)} received checks of ${facts.end(other)} and answered them, but of its own ${requests[side]} checks none was answered: packets from ${facts.end(side)} to ${facts.end(other)} are lost, and so are the answers.`,
        `Look for a filter on the way from ${facts.end(side)} to ${facts.end(other)}.`,
        facts.checks,
      );
    }
    if (requests[other] === 0 && !session.isLite[other]) {
      return conclude(
        'failed',
        'ice-no-answer',
        `No check of ${facts.end(side)} was answered`,
        `${facts.end(side)} sent ${requests[side]} checks on ${pairs} without an answer, and ${facts.end(other)} sent none that reached the capture.`,
        'See whether the other side got the candidates, and whether a firewall lets UDP through to it.',
        facts.checks,
      );
    }
  }
  return conclude(
    'failed',
    'ice-no-answer',
    'No check was answered',
    `${requests[0] + requests[1]} checks on ${pairs} got no answer: packets are dropped between the two sides.`,
    'Let UDP through between the addresses of the pairs, or offer a relay candidate.',
    facts.checks,
  );
};

const consentLost: Rule = ({ session, capture }) => {
  const frame = session.consentLostFrame;
  if (frame < 0) return null;
  const { frames } = capture.store;
  const after = frames.secondsBetween(session.firstFrame, frame);
  const isBack = session.hasReconnected;
  return conclude(
    isBack ? 'warning' : 'failed',
    'ice-connection-lost',
    isBack ? 'Connection lost for a while' : `Connection lost after ${seconds(after)}`,
    `The selected pair worked, and from packet ${frame + 1} on its consent checks were not answered any more.${isBack ? ' Later a pair was connected again.' : ''}`,
    'See what changed on the way at that time: another network, a NAT binding that ended, a side that stopped.',
    [frame + 1],
  );
};

const neverNominated: Rule = ({ session, works, watchedSeconds, checks }) => {
  if (!works || session.selected !== null || session.isFromMiddle || watchedSeconds < GIVE_UP_SECONDS) return null;
  if (session.streams.length > 0 || session.transports.some(({ dtls }) => dtls.length > 0)) return null;
  return conclude(
    'failed',
    'ice-not-nominated',
    'No pair was nominated',
    'Checks were answered, but no check with USE-CANDIDATE was, so neither side may take the pair for media.',
    'See why the controlling side does not nominate (RFC 8445 section 8.1.1).',
    checks,
  );
};

const begunBefore: Rule = ({ session, checks }) => {
  if (!session.isFromMiddle) return null;
  return conclude(
    'incomplete',
    null,
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
    const isOnSelected = [...session.selectedPairs].some((pair) =>
      pair.legs.some((leg) => leg.ends[0] === ends[0] && leg.ends[1] === ends[1]),
    );
    // Before nomination and after another one media may use any valid pair (RFC 8445 section 12.1).
    const isLong = frames.secondsBetween(selected.lastNominatedFrame, stream.lastFrame) > SETTLED_SECONDS;
    // Of several transports nobody can say which one it should have used.
    if (isOnSelected || !isLong || session.transports.length > 1) continue;
    return conclude(
      'warning',
      'ice-media-elsewhere',
      'Media does not use the selected pair',
      `Checks selected ${endsOfPair(capture.store, selected).join(' and ')}, and media goes from ${ends[0]} to ${ends[1]}.`,
      'See which side sends to the address of c= and m= instead of the nominated pair.',
      [stream.firstFrame + 1, selected.nominatedFrame + 1],
    );
  }
  return null;
};

function connected({ session, capture, checks, works }: Facts): IceConclusion {
  const { selected } = session;
  if (selected === null) {
    const explanation = works
      ? 'Checks were answered, and the capture ends before a pair was nominated.'
      : 'The capture ends during the checks.';
    return conclude('incomplete', null, 'Incomplete: capture ends during the checks', explanation, null, checks);
  }
  const [local, remote] = endsOfPair(capture.store, selected);
  const types = ([0, 1] as const).map((side) => typeOfEnd(capture.store, session, selected, side));
  const isRelayed = types.includes('relay');
  const way = types.every((type) => type !== null)
    ? `, ${types[0]} to ${types[1]}`
    : isRelayed
      ? ', through a relay'
      : '';
  const restarts = session.restarts.length;
  const again = restarts === 0 ? '' : ` It was restarted ${restarts === 1 ? 'once' : `${restarts} times`}.`;
  const conflicts = session.pairs
    .flatMap(({ errors }) => [...errors[0], ...errors[1]])
    .filter(({ code }) => code === 487);
  const resolved = conflicts.length === 0 ? '' : ' A role conflict (487) was resolved.';
  const after = connectedAfterSeconds(capture, session);
  return conclude(
    'ok',
    null,
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
