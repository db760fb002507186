import type { Leg } from './legs.ts';

/** A pair of two, by side: of a generation first the sender of the first check, of a session local first. */
export type BySide<T> = [T, T];
export type SideIndex = 0 | 1;

export interface ErrorCount {
  readonly code: number;
  count: number;
  /** 0-based frame of the first. */
  readonly frame: number;
}

/**
 * Two addresses between which checks go, and what came of them. What is seen of it in several places of the way (before
 * and behind a NAT, inside and behind a relay) is one pair. Frames are 0-based, −1 for none.
 */
export class IcePair {
  readonly index: number;
  readonly generation: Generation;
  readonly firstFrame: number;
  lastFrame: number;
  legs: Leg[] = [];
  /** Flow of the first request of each side, where it was seen first; 0 for none. */
  firstFlow: BySide<number> = [0, 0];
  /** Flow on which each side's newest request was seen last. */
  lastFlow: BySide<number> = [0, 0];
  firstRequest: BySide<number> = [-1, -1];
  lastRequest: BySide<number> = [-1, -1];
  /** Requests of each side as sent, retransmissions and consent checks with them (as getStats counts requestsSent). */
  requests: BySide<number> = [0, 0];
  /** Requests of each side that were answered with success. */
  answered: BySide<number> = [0, 0];
  /** Those whose answer was seen where the request was seen first: it came that far. */
  arrived: BySide<number> = [0, 0];
  firstArrived: BySide<number> = [-1, -1];
  lastArrived: BySide<number> = [-1, -1];
  errors: BySide<ErrorCount[]> = [[], []];
  /** Answers that came from an address other than the one asked. */
  elsewhere: BySide<{ count: number; frame: number; address: string }> = [
    { count: 0, frame: -1, address: '' },
    { count: 0, frame: -1, address: '' },
  ];
  /** First and newest check with USE-CANDIDATE that was answered: the answers' frames, and the first check's. */
  nominatedFrame = -1;
  nominationFrame = -1;
  lastNominatedFrame = -1;
  /** The address each side has in the other's eyes: XOR-MAPPED-ADDRESS of its answered checks, a text id. */
  mapped: BySide<number> = [0, 0];
  priority: BySide<number> = [-1, -1];
  /** Shortest time from a request to its answer, −1 for none. */
  roundTripSeconds = -1;
  packets: number[] = [];
  packetCount = 0;
  /** Of the session's list of transports. */
  transport = 0;
  component = 1;
  /** What the pair was found to be part of. */
  mergedInto: IcePair | null = null;

  constructor(index: number, generation: Generation, frame: number) {
    this.index = index;
    this.generation = generation;
    this.firstFrame = frame;
    this.lastFrame = frame;
  }

  get isNominated(): boolean {
    return this.nominatedFrame >= 0;
  }
}

/** A pair of ufrags: what one exchange of offer and answer made, until a restart (RFC 8445 section 9). */
export class Generation {
  readonly index: number;
  /** In the order of `BySide`; '' where it is not known. */
  ufrags: BySide<string>;
  readonly firstFrame: number;
  pairs: IcePair[] = [];
  pairOfLeg = new Map<Leg, IcePair>();
  /** Requests with ICE-CONTROLLING and with ICE-CONTROLLED: the newest frame of each, by side. */
  controlling: BySide<number> = [-1, -1];
  controlled: BySide<number> = [-1, -1];
  /** One side's ufrag is an earlier one: during a restart such checks cross. */
  isMixed = false;
  /** 1 where the session counts its sides the other way round. */
  flip: SideIndex = 0;

  constructor(index: number, ufrags: BySide<string>, frame: number) {
    this.index = index;
    this.ufrags = ufrags;
    this.firstFrame = frame;
  }
}

/** Turns a generation's sides round, with all that is counted by side. Its rows' events keep the old order: see `flip`. */
export function turnRound(generation: Generation): void {
  generation.flip = generation.flip === 0 ? 1 : 0;
  generation.ufrags = turned(generation.ufrags);
  generation.controlling = turned(generation.controlling);
  generation.controlled = turned(generation.controlled);
  for (const pair of generation.pairs) {
    pair.firstFlow = turned(pair.firstFlow);
    pair.lastFlow = turned(pair.lastFlow);
    pair.firstRequest = turned(pair.firstRequest);
    pair.lastRequest = turned(pair.lastRequest);
    pair.requests = turned(pair.requests);
    pair.answered = turned(pair.answered);
    pair.arrived = turned(pair.arrived);
    pair.firstArrived = turned(pair.firstArrived);
    pair.lastArrived = turned(pair.lastArrived);
    pair.errors = turned(pair.errors);
    pair.elsewhere = turned(pair.elsewhere);
    pair.mapped = turned(pair.mapped);
    pair.priority = turned(pair.priority);
  }
}

function turned<T>([a, b]: BySide<T>): BySide<T> {
  return [b, a];
}

/** Adds what was counted of `other` to `pair`: both are the same way, seen in two places. */
export function mergePairs(pair: IcePair, other: IcePair): void {
  other.mergedInto = pair;
  pair.lastFrame = Math.max(pair.lastFrame, other.lastFrame);
  for (const leg of other.legs) pair.legs.push(leg);
  for (const side of [0, 1] as const) {
    if (
      pair.firstRequest[side] < 0 ||
      (other.firstRequest[side] >= 0 && other.firstRequest[side] < pair.firstRequest[side])
    ) {
      pair.firstRequest[side] = other.firstRequest[side];
      pair.firstFlow[side] = other.firstFlow[side];
      pair.priority[side] = other.priority[side];
    }
    if (other.lastRequest[side] > pair.lastRequest[side]) pair.lastFlow[side] = other.lastFlow[side];
    pair.lastRequest[side] = Math.max(pair.lastRequest[side], other.lastRequest[side]);
    pair.requests[side] += other.requests[side];
    pair.answered[side] += other.answered[side];
    pair.arrived[side] += other.arrived[side];
    pair.firstArrived[side] = earlier(pair.firstArrived[side], other.firstArrived[side]);
    pair.lastArrived[side] = Math.max(pair.lastArrived[side], other.lastArrived[side]);
    pair.errors[side].push(...other.errors[side]);
    if (pair.elsewhere[side].count === 0) pair.elsewhere[side] = other.elsewhere[side];
    pair.mapped[side] ||= other.mapped[side];
  }
  pair.nominatedFrame = earlier(pair.nominatedFrame, other.nominatedFrame);
  pair.nominationFrame = earlier(pair.nominationFrame, other.nominationFrame);
  pair.lastNominatedFrame = Math.max(pair.lastNominatedFrame, other.lastNominatedFrame);
  if (other.roundTripSeconds >= 0 && (pair.roundTripSeconds < 0 || other.roundTripSeconds < pair.roundTripSeconds)) {
    pair.roundTripSeconds = other.roundTripSeconds;
  }
  pair.packets.push(...other.packets);
  pair.packetCount += other.packetCount;
}

function earlier(a: number, b: number): number {
  return a < 0 ? b : b < 0 ? a : Math.min(a, b);
}
