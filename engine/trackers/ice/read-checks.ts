import { U8Column, U32Column } from '../../../base/columns.ts';
import { StunClass, type StunColumns, StunFlag, StunKind } from '../../../dissectors/stun/columns.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import { CheckTable } from './check-table.ts';
import {
  CAPTURED_TWICE_SECONDS,
  MOST_PACKETS_OF_PAIR,
  MOST_PAIRS,
  MOST_PAIRS_OF_SESSION,
  MOST_SESSIONS,
} from './ice-timing.ts';
import { Generation, IcePair, mergePairs, type SideIndex } from './ice-pair.ts';
import { Legs } from './legs.ts';

/** What a row is to its pair. */
export const CheckEvent = {
  None: 0,
  Request: 1,
  Retransmission: 2,
  /** Seen before: elsewhere on its way, or captured twice. */
  Copy: 3,
  /** An answer where its request was seen first. */
  Success: 4,
  Error: 5,
  Elsewhere: 6,
} as const;
/** Above the event: the side whose request it is, or answers. */
export const EVENT_SIDE = 8;

/** Who an address was mapped for, by an answer of a STUN or TURN server. */
export interface Discovery {
  /** Flow of the answer: its destination is the base. */
  readonly flow: number;
  /** Text ids, 0 for none. */
  readonly mapped: number;
  readonly relayed: number;
  readonly frame: number;
}

const MOST_DISCOVERIES = 65_536;
/** A request is sent some seven times, and seen in a few places; what comes after that many proves nothing new. */
const MOST_OF_TRANSACTION = 32;

/** All ICE checks of a capture: generations, pairs, and which row is of which. */
export class CheckReader {
  readonly generations: Generation[] = [];
  readonly pairs: IcePair[] = [];
  /** Pair (index + 1) of each STUN row. */
  readonly pairOfRow = new U32Column();
  /** `CheckEvent`, and the side. */
  readonly eventOfRow = new U8Column();
  readonly discoveries: Discovery[] = [];
  readonly legs: Legs;
  private readonly store: CaptureStore;
  private readonly stun: LayerTable<StunColumns>;
  private readonly checks: CheckTable;
  private readonly byUsername = new Map<number, { generation: Generation; sender: SideIndex } | null>();
  private readonly byUfrags = new Map<string, Generation>();
  private readonly newestOfLeg = new Map<object, IcePair>();
  private readonly discovered = new Set<number>();

  constructor(store: CaptureStore, stun: LayerTable<StunColumns>) {
    this.store = store;
    this.stun = stun;
    this.legs = new Legs(store.flows);
    this.checks = new CheckTable(stun);
  }

  /** Takes a row; to be called for each, in order. */
  take(row: number): void {
    const c = this.stun.rows.columns;
    if (c.kind.get(row) !== StunKind.Message) return;
    const method = c.method.get(row);
    const messageClass = c.class.get(row);
    if (method === StunMethod.Binding || method === StunMethod.GoogPing) {
      const flow = this.store.flowOf(this.stun, row);
      if (messageClass === StunClass.Request) this.request(row, flow);
      else if (messageClass === StunClass.Indication) this.belongs(row, flow);
      else this.answer(row, flow, messageClass === StunClass.Success);
    } else if (method === StunMethod.Allocate && messageClass === StunClass.Success) {
      this.discover(row, this.store.flowOf(this.stun, row));
    }
  }

  /** The pair that a STUN row, or one that was merged with another, belongs to. */
  pairOf(row: number): IcePair | null {
    const index = this.pairOfRow.get(row);
    return index === 0 ? null : finalOf(this.pairs[index - 1]);
  }

  private request(row: number, flow: number): void {
    const c = this.stun.rows.columns;
    const known = this.checks.find(row);
    if (known >= 0) {
      this.again(row, flow, known);
      return;
    }
    const username = c.username.get(row);
    const sender = username === 0 ? this.senderOnLeg(flow) : this.senderOf(username, row);
    if (sender === null) return;
    const side = sender.sender;
    const pair = this.pairFor(sender.generation, flow, row);
    if (pair === null) return;
    this.checks.add(row);
    this.mark(row, pair, CheckEvent.Request, side);
    const frame = this.stun.frame.get(row);
    if (pair.firstRequest[side] < 0) {
      pair.firstRequest[side] = frame;
      pair.firstFlow[side] = flow;
    }
    pair.lastRequest[side] = frame;
    pair.lastFlow[side] = flow;
    pair.requests[side]++;
    const flags = c.flags.get(row);
    if ((flags & StunFlag.HasPriority) !== 0) pair.priority[side] = c.priority.get(row);
    if ((flags & StunFlag.Controlling) !== 0) sender.generation.controlling[side] = frame;
    if ((flags & StunFlag.Controlled) !== 0) sender.generation.controlled[side] = frame;
  }

  /** A request whose transaction was seen: sent again, or seen at another place. */
  private again(row: number, flow: number, first: number): void {
    const pair = this.pairOf(first);
    const leg = this.legs.of(flow);
    if (pair === null || leg === null) return;
    const side = sideOfEvent(this.eventOfRow.get(first));
    const frame = this.stun.frame.get(row);
    let same = -1;
    let seen = 0;
    for (let other = first; other >= 0 && seen < MOST_OF_TRANSACTION; other = this.checks.next(other)) {
      if (this.store.flowOf(this.stun, other) === flow) same = other;
      seen++;
    }
    if (seen === MOST_OF_TRANSACTION) return;
    this.checks.add(row, first);
    if (same < 0) {
      this.alias(pair, flow);
      this.mark(row, finalOf(pair), CheckEvent.Copy, side);
      finalOf(pair).lastFlow[side] = flow;
      return;
    }
    const gap = this.store.frames.secondsBetween(this.stun.frame.get(same), frame);
    // Retransmissions count where the request was seen first, not at every place of its way.
    const isSentAgain = gap >= CAPTURED_TWICE_SECONDS && this.store.flowOf(this.stun, first) === flow;
    this.mark(row, pair, isSentAgain ? CheckEvent.Retransmission : CheckEvent.Copy, side);
    if (!isSentAgain) return;
    pair.requests[side]++;
    pair.lastRequest[side] = frame;
  }

  private answer(row: number, flow: number, isSuccess: boolean): void {
    const c = this.stun.rows.columns;
    const first = this.checks.find(row);
    const pair = first < 0 ? null : this.pairOf(first);
    if (pair === null) {
      this.belongs(row, flow);
      if (isSuccess) this.discover(row, flow);
      return;
    }
    const side = sideOfEvent(this.eventOfRow.get(first));
    const frame = this.stun.frame.get(row);
    let matched = -1;
    let seen = 0;
    for (let request = first; request >= 0 && seen < MOST_OF_TRANSACTION; request = this.checks.next(request)) {
      seen++;
      if (matched < 0 && this.legs.isOpposite(this.store.flowOf(this.stun, request), flow)) matched = request;
    }
    if (matched < 0) {
      this.mark(row, pair, CheckEvent.Elsewhere, side);
      const elsewhere = pair.elsewhere[side];
      if (elsewhere.count++ === 0) {
        elsewhere.frame = frame;
        elsewhere.address = this.store.flows.sourceEndpoint(flow);
      }
      return;
    }
    if (!isSuccess) {
      if (this.checks.isAnswered(first)) this.mark(row, pair, CheckEvent.Copy, side);
      else this.error(row, pair, side, c.errorCode.get(row), frame);
      this.checks.setAnswered(first);
      return;
    }
    const mapped = c.mappedAddress.get(row);
    if (mapped !== 0) pair.mapped[side] = mapped;
    if (!this.checks.isAnswered(first)) {
      this.checks.setAnswered(first);
      pair.answered[side]++;
    }
    const isAtSender = matched === first || this.legs.of(this.store.flowOf(this.stun, first)) === this.legs.of(flow);
    if (!isAtSender || this.checks.hasArrived(first)) {
      this.mark(row, pair, CheckEvent.Copy, side);
      return;
    }
    this.checks.setArrived(first);
    this.mark(row, pair, CheckEvent.Success, side);
    pair.arrived[side]++;
    if (pair.firstArrived[side] < 0) pair.firstArrived[side] = frame;
    pair.lastArrived[side] = frame;
    const seconds = this.store.frames.secondsBetween(this.stun.frame.get(first), frame);
    if (pair.roundTripSeconds < 0 || seconds < pair.roundTripSeconds) pair.roundTripSeconds = Math.max(0, seconds);
    if ((c.flags.get(first) & (StunFlag.UseCandidate | StunFlag.Nomination)) !== 0) {
      if (pair.nominatedFrame < 0) {
        pair.nominatedFrame = frame;
        pair.nominationFrame = this.stun.frame.get(first);
      }
      pair.lastNominatedFrame = frame;
    }
  }

  private error(row: number, pair: IcePair, side: SideIndex, code: number, frame: number): void {
    this.mark(row, pair, CheckEvent.Error, side);
    const errors = pair.errors[side];
    const known = errors.find((error) => error.code === code);
    if (known !== undefined) known.count++;
    else if (errors.length < 16) errors.push({ code, count: 1, frame });
  }

  /** Keep-alives and late answers go with the newest pair of their way. */
  private belongs(row: number, flow: number): void {
    const leg = this.legs.of(flow);
    const pair = leg === null ? undefined : this.newestOfLeg.get(leg);
    if (pair !== undefined) this.mark(row, finalOf(pair), CheckEvent.None, 0);
  }

  private discover(row: number, flow: number): void {
    const c = this.stun.rows.columns;
    const mapped = c.mappedAddress.get(row);
    const relayed = c.relayedAddress.get(row);
    if ((mapped === 0 && relayed === 0) || this.discovered.has(flow * 2 + Number(relayed !== 0))) return;
    if (this.discoveries.length >= MOST_DISCOVERIES) return;
    this.discovered.add(flow * 2 + Number(relayed !== 0));
    this.discoveries.push({ flow, mapped, relayed, frame: this.stun.frame.get(row) });
  }

  private mark(row: number, pair: IcePair, event: number, side: SideIndex): void {
    const frame = this.stun.frame.get(row);
    this.pairOfRow.set(row, pair.index + 1);
    this.eventOfRow.set(row, event + side * EVENT_SIDE);
    pair.lastFrame = Math.max(pair.lastFrame, frame);
    pair.packetCount++;
    if (pair.packets.length < MOST_PACKETS_OF_PAIR) pair.packets.push(frame + 1);
  }

  /** Who sends requests with a USERNAME: `<receiver>:<sender>` (RFC 8445 section 7.2.2). */
  private senderOf(username: number, row: number): { generation: Generation; sender: SideIndex } | null {
    const known = this.byUsername.get(username);
    if (known !== undefined) return known;
    const flags = this.stun.rows.columns.flags.get(row);
    const isCheck = (flags & (StunFlag.HasPriority | StunFlag.Controlling | StunFlag.Controlled)) !== 0;
    const text = this.store.strings.text(username);
    const colon = text.indexOf(':');
    if (!isCheck || colon <= 0 || colon === text.length - 1) return null;
    const [receiver, sender] = [text.slice(0, colon), text.slice(colon + 1)];
    const key = receiver < sender ? `${receiver}:${sender}` : `${sender}:${receiver}`;
    let generation = this.byUfrags.get(key);
    if (generation === undefined) {
      if (this.generations.length >= MOST_SESSIONS) return null;
      generation = new Generation(this.generations.length, [sender, receiver], this.stun.frame.get(row));
      this.generations.push(generation);
      this.byUfrags.set(key, generation);
    }
    const found = { generation, sender: generation.ufrags[0] === sender ? 0 : 1 } as const;
    this.byUsername.set(username, found);
    return found;
  }

  /** GOOG-PING has no USERNAME: it goes the way of a pair that works. */
  private senderOnLeg(flow: number): { generation: Generation; sender: SideIndex } | null {
    const leg = this.legs.of(flow);
    const newest = leg === null ? undefined : this.newestOfLeg.get(leg);
    if (newest === undefined) return null;
    const pair = finalOf(newest);
    const { flows } = this.store;
    const source = flows.sourceEndpoint(flow);
    for (const side of [0, 1] as const) {
      if (pair.firstFlow[side] !== 0 && flows.sourceEndpoint(pair.firstFlow[side]) === source) {
        return { generation: pair.generation, sender: side };
      }
    }
    return null;
  }

  private pairFor(generation: Generation, flow: number, row: number): IcePair | null {
    const leg = this.legs.of(flow);
    if (leg === null) return null;
    const known = generation.pairOfLeg.get(leg);
    if (known !== undefined) return finalOf(known);
    if (this.pairs.length >= MOST_PAIRS || generation.pairs.length >= MOST_PAIRS_OF_SESSION) return null;
    const pair = new IcePair(this.pairs.length, generation, this.stun.frame.get(row));
    pair.legs.push(leg);
    this.pairs.push(pair);
    generation.pairs.push(pair);
    generation.pairOfLeg.set(leg, pair);
    this.newestOfLeg.set(leg, pair);
    return pair;
  }

  /** The flow is another part of the pair's way. */
  private alias(pair: IcePair, flow: number): void {
    const leg = this.legs.of(flow);
    if (leg === null) return;
    const { pairOfLeg } = pair.generation;
    const known = pairOfLeg.get(leg);
    if (known === undefined) {
      pair.legs.push(leg);
      pairOfLeg.set(leg, pair);
      this.newestOfLeg.set(leg, pair);
      return;
    }
    const other = finalOf(known);
    if (other === pair) return;
    const [into, from] = pair.index < other.index ? [pair, other] : [other, pair];
    mergePairs(into, from);
    const { generation } = pair;
    generation.pairs = generation.pairs.filter((one) => one !== from);
  }
}

function sideOfEvent(event: number): SideIndex {
  return event >= EVENT_SIDE ? 1 : 0;
}

function finalOf(pair: IcePair): IcePair {
  let last = pair;
  while (last.mergedInto !== null) last = last.mergedInto;
  return last;
}
