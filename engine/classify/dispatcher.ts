import { Octets } from '../../base/octets.ts';
import type { StringTable } from '../../base/string-table.ts';
import {
  Confidence,
  type DissectContext,
  type Dissector,
  type Encapsulation,
  type Transport,
  Verdict,
} from '../../dissectors/dissector.ts';
import { slicePieces } from '../network/ip-fragments.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { FlowTable } from '../store/flow-table.ts';
import type { IssueTable } from '../store/issue-table.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import { type ClaimTables, compileClaims } from './claims.ts';
import type { FoundEncapsulation } from '../encap/found-encapsulation.ts';
import type { DecodeAsRule } from './decode-as.ts';
import { RuleTable } from './rule-table.ts';

/** Bodies inside bodies: deeper than any real message, shallow enough for a hostile one. */
const MAX_DEPTH = 4;

/** What a rule makes of a flow that nobody has claimed. */
const RuleOutcome = { None: 0, Somebody: 1, Nobody: 2 } as const;
type RuleOutcome = (typeof RuleOutcome)[keyof typeof RuleOutcome];

export interface DispatcherOptions {
  readonly decodeAs?: readonly DecodeAsRule[];
  /** Encapsulations found in an earlier pass. */
  readonly found?: readonly FoundEncapsulation[];
  /** Off in tests, so that a dissector that throws fails the test; on, it becomes a `dissector-bug` issue. */
  readonly fence?: boolean;
}

/**
 * What a stream's message came to: the protocol, how many octets it took (0: it needs more, -1: not ours), and how many
 * more of those that follow are to be passed over.
 */
export interface StreamStep {
  protocol: number;
  consumed: number;
  beyond: number;
}

/**
 * Finds who claims a payload and has it dissected. The order: Decode As, what the flow has proved to be, heuristics
 * of Strong and above, the port, heuristics of Likely, then of Weak.
 */
export class Dispatcher implements DissectContext {
  // What the dissector sees of the packet (DissectContext). One object serves all packets.
  readonly strings: StringTable;
  truncated = false;
  transport: Transport = 'udp';
  consumed = 0;

  /** Frames whose TCP segment was put together from IP fragments, and the pieces of that datagram. */
  readonly datagrams = new Map<number, readonly FramePiece[]>();

  /** The packet that the payload last dissected handed on (`packet`), '' for none; where it lies in the octets given. */
  insideAs: 'ip' | 'udp' | 'payload' | '' = '';
  insideAt = 0;
  insideLength = 0;
  /** Who handed it on: dissector index + 1. */
  insideBy = 0;

  /** Set by whoever unwraps: 1 for a dissector (by index) whose messages carry packets and may follow one another in a body. */
  readonly unwrapped: Uint8Array;
  /** Their messages in bodies of what was dissected last: dissector (index), row, where they begin in the octets given. */
  readonly bodies: number[] = [];

  /** What the user said, and what was found of encapsulations. */
  readonly rules: RuleTable;

  /** Who is asked, index 0 for dissector number 1. */
  private readonly seats: readonly Seat[];
  private readonly ids: readonly string[];
  private readonly claims: ClaimTables;
  private readonly layers: readonly LayerTable[];
  private readonly flows: FlowTable;
  private readonly issues: IssueTable;
  private readonly fence: boolean;
  private readonly hasRules: boolean;

  private readonly views: Octets[] = Array.from({ length: MAX_DEPTH + 1 }, () => new Octets(new Uint8Array(0)));
  /** Rows of every layer before the first body was handed on, by depth of who handed it on. */
  private readonly counts: readonly Uint32Array[];
  private depth = 0;
  private current = 0;
  /** Bit n: somebody at depth n handed a body on. */
  private hasChildren = 0;
  private flow = 0;
  /** The octets at hand were decrypted: the flow's claim on them is `flows.inner`. */
  private isInner = false;
  private frame = 0;
  private frameAt = 0;
  private pieces: readonly FramePiece[] | null = null;
  private lookup: PieceLookup | null = null;
  /** The flow of a datagram that another carries, 0 of one on the wire; and its octets. */
  private carriedFlow = 0;
  private carriedLength = 0;

  constructor(
    dissectors: readonly Dissector[],
    layers: readonly LayerTable[],
    flows: FlowTable,
    issues: IssueTable,
    strings: StringTable,
    options: DispatcherOptions = {},
  ) {
    this.seats = dissectors.map((dissector, i) => seatOf(dissector, layers[i]));
    this.ids = dissectors.map(({ id }) => id);
    this.unwrapped = new Uint8Array(dissectors.length);
    this.layers = layers;
    this.flows = flows;
    this.issues = issues;
    this.strings = strings;
    this.fence = options.fence ?? true;
    this.claims = compileClaims(dissectors);
    this.counts = this.views.map(() => new Uint32Array(dissectors.length));
    this.rules = new RuleTable(options.decodeAs ?? [], options.found ?? [], dissectors, flows);
    this.hasRules = !this.rules.isEmpty;
  }

  /** Dissects one datagram; gives the protocol number the frame is shown as. */
  datagram(
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    if (length <= 0) return Protocol.Udp;
    this.flow = flow;
    this.truncated = truncated;
    this.frame = frame;
    this.frameAt = frameAt;
    this.pieces = pieces;
    const view = this.views[0].point(bytes, at, length);
    const proved = this.flows.dissector[flow];
    if (proved !== 0 && this.ask(proved, view) !== Verdict.Reject) return FIRST_DISSECTOR + proved - 1;
    if (this.hasRules && proved === 0) {
      const outcome = this.applyRule(flow);
      if (outcome === RuleOutcome.Nobody) return Protocol.Udp;
      if (outcome === RuleOutcome.Somebody) {
        return this.datagram(flow, bytes, at, length, truncated, frame, frameAt, pieces);
      }
    }
    const found = this.classify(flow, view, proved, this.claims.udpHeuristics, this.claims.udpPort);
    return found === 0 ? Protocol.Udp : FIRST_DISSECTOR + found - 1;
  }

  /** As `datagram`, of one that lies inside another payload: its rows have their own flow and length. */
  carriedDatagram(
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    this.carriedFlow = flow;
    this.carriedLength = length;
    const protocol = this.datagram(flow, bytes, at, length, truncated, frame, frameAt, pieces);
    this.carriedFlow = 0;
    return protocol;
  }

  /** Dissects the next message of a TCP stream, or of what is encrypted in one (`isInner`); the outcome is in `step`. */
  streamMessage(
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    frame: number,
    lookup: PieceLookup,
    step: StreamStep,
    isInner = false,
  ): void {
    this.transport = 'tcp';
    this.flow = flow;
    this.isInner = isInner;
    if (this.bodies.length > 0) this.bodies.length = 0;
    this.truncated = false;
    this.frame = frame;
    this.frameAt = 0;
    this.pieces = null;
    this.lookup = lookup;
    const view = this.views[0].point(bytes, at, length);
    const outer = this.flows.dissector[flow];
    let found = isInner ? this.flows.inner[flow] : outer;
    const outcome = this.hasRules && found === 0 && !isInner ? this.applyRule(flow) : RuleOutcome.None;
    if (outcome === RuleOutcome.Somebody) found = this.flows.dissector[flow];
    let verdict: Verdict = Verdict.Reject;
    if (outcome === RuleOutcome.Nobody) {
      found = 0;
    } else if (found !== 0) {
      verdict = this.ask(found, view);
    } else {
      // What is inside is not what is around it.
      found = this.classify(flow, view, isInner ? outer : 0, this.claims.tcpHeuristics, this.claims.tcpPort);
      verdict = this.lastVerdict;
    }
    // Left as datagrams want them, so that these, by far the most, need not set them.
    this.transport = 'udp';
    this.isInner = false;
    this.lookup = null;
    step.beyond = 0;
    if (found === 0 || verdict === Verdict.Reject) {
      step.consumed = -1;
      step.protocol = Protocol.Tcp;
    } else {
      step.protocol = FIRST_DISSECTOR + found - 1;
      const taken = verdict === Verdict.NeedMore ? 0 : this.consumed > 0 ? this.consumed : length;
      step.consumed = Math.min(taken, length);
      step.beyond = taken - step.consumed;
    }
  }

  /**
   * Dissects a whole message that frames of a stream carry (WebSocket), for who claims the media type or the id (either may
   * be ''), else for who knows it by a certain look. `pieces` say where its octets lie; its rows are `flow`'s. What the
   * flow is taken for does not change.
   */
  framedMessage(
    flow: number,
    claimant: { readonly mediaType: string; readonly id: string },
    bytes: Uint8Array,
    frame: number,
    pieces: readonly FramePiece[],
  ): number {
    if (bytes.length === 0) return Protocol.Tcp;
    this.flow = flow;
    this.truncated = false;
    this.frame = frame;
    this.placeIn(pieces);
    this.carriedFlow = flow;
    this.carriedLength = bytes.length;
    const view = this.views[0].point(bytes, 0, bytes.length);
    const asked = this.ids.indexOf(claimant.id) + 1 || (this.claims.mediaTypes.get(claimant.mediaType) ?? 0);
    const found = asked !== 0 && this.takes(asked, view) ? asked : this.byLook(view, asked);
    this.carriedFlow = 0;
    // What is carried is not looked into once more.
    this.insideAs = '';
    if (this.bodies.length > 0) this.bodies.length = 0;
    return found === 0 ? Protocol.Tcp : FIRST_DISSECTOR + found - 1;
  }

  /** Where `length` octets from `at` of a stream lie in frames. */
  framePieces(lookup: PieceLookup, at: number, length: number): FramePiece[] {
    const pieces = lookup.pieces(at, length);
    if (this.datagrams.size === 0) return pieces;
    return pieces.flatMap((piece) => {
      const datagram = piece.record === undefined ? this.datagrams.get(piece.frame) : undefined;
      return datagram === undefined ? piece : slicePieces(datagram, piece.at, piece.length);
    });
  }

  // DissectContext

  get sourcePort(): number {
    return this.flows.sourcePort(this.flow);
  }

  get destinationPort(): number {
    return this.flows.destinationPort(this.flow);
  }

  get encapsulation(): Encapsulation | null {
    return this.rules.of(this.flow)?.encapsulation ?? null;
  }

  child(mediaType: string, at: number, length: number, row: number): void {
    const parent = this.views[this.depth];
    if (this.depth >= MAX_DEPTH || at < 0 || length < 0 || at + length > parent.length) return;
    let index = this.claims.mediaTypes.get(mediaType);
    if (index === undefined) index = this.claims.mediaTypes.get(bareMediaType(mediaType));
    if (index === undefined) return;
    if ((this.hasChildren & (1 << this.depth)) === 0) this.rememberCounts();
    const dissector = this.current;
    const layer = this.layers[index - 1];
    const before = layer.count;
    this.depth++;
    this.current = index;
    const view = this.views[this.depth].point(parent.bytes, parent.start + at, length);
    const consumed = this.consumed;
    const verdict = this.unwrapped[index - 1] === 0 ? this.run(index, view, before) : this.runEach(index, view, layer);
    this.consumed = consumed;
    this.current = dissector;
    this.depth--;
    if (verdict === Verdict.Reject) return;
    for (let i = before; i < layer.count; i++) {
      layer.frame.set(i, this.frame);
      layer.parent.set(i, row + 1);
    }
  }

  packet(as: 'ip' | 'udp' | 'payload', at: number, length: number): void {
    const { start, length: room } = this.views[this.depth];
    if (at < 0 || length <= 0 || at + length > room) return;
    this.insideAs = as;
    this.insideBy = this.current;
    this.insideAt = start + at;
    this.insideLength = length;
  }

  issue(code: string, at: number): void {
    const offset = this.views[this.depth].start - this.views[0].start;
    this.issues.add(code, this.frame, this.frameAt + offset + at);
  }

  // Inside

  private lastVerdict: Verdict = Verdict.Reject;

  /** Tries everyone who may claim the payload except `tried`; gives the dissector (index + 1) that took it, or 0. */
  private classify(
    flow: number,
    view: Octets,
    tried: number,
    heuristics: readonly (readonly number[])[],
    ports: Uint8Array,
  ): number {
    this.lastVerdict = Verdict.Reject;
    let best = 0;
    let bestConfidence: Confidence = Confidence.None;
    const candidates = heuristics[view.bytes[view.start]];
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      if (candidate === tried) continue;
      const confidence = this.probe(candidate, view);
      if (confidence > bestConfidence) {
        best = candidate;
        bestConfidence = confidence;
      }
    }
    if (bestConfidence >= Confidence.Strong && this.settle(flow, best, view)) return best;
    const byPort = ports[this.destinationPort] || ports[this.sourcePort];
    if (byPort !== 0 && byPort !== tried && byPort !== best && this.settle(flow, byPort, view)) return byPort;
    if (bestConfidence === Confidence.None) return 0;
    if (bestConfidence < Confidence.Strong && this.settle(flow, best, view)) return best;
    // The best rejected what it had liked the look of: the others that like it are asked in the order of the list.
    for (const candidate of candidates) {
      if (candidate === tried || candidate === best || candidate === byPort) continue;
      if (this.probe(candidate, view) > Confidence.None && this.settle(flow, candidate, view)) return candidate;
    }
    return 0;
  }

  /** Who is sure to know the payload of a stream (index + 1), and has it dissected; 0 for nobody. */
  private byLook(view: Octets, tried: number): number {
    for (const candidate of this.claims.tcpHeuristics[view.bytes[view.start]]) {
      if (candidate === tried || this.probe(candidate, view) < Confidence.Strong) continue;
      if (this.takes(candidate, view)) return candidate;
    }
    return 0;
  }

  /** Whether a dissector made rows of a whole message. */
  private takes(index: number, view: Octets): boolean {
    const { layer } = this.seats[index - 1];
    const before = layer.count;
    this.ask(index, view);
    return layer.count > before;
  }

  private settle(flow: number, index: number, view: Octets): boolean {
    this.lastVerdict = this.ask(index, view);
    if (this.lastVerdict === Verdict.Reject) return false;
    const claims = this.isInner ? this.flows.inner : this.flows.dissector;
    if (claims[flow] === 0) claims[flow] = index;
    return true;
  }

  private ask(index: number, view: Octets): Verdict {
    const { layer } = this.seats[index - 1];
    const { rows } = layer;
    const before = rows.count;
    this.consumed = 0;
    this.current = index;
    view.overrun = false;
    const verdict = this.run(index, view, before);
    if (verdict === Verdict.Reject || verdict === Verdict.NeedMore || rows.count === before) return verdict;
    if (this.lookup !== null) this.locate(this.lookup, view);
    for (let row = before; row < rows.count; row++) {
      layer.frame.set(row, this.frame);
      if (this.pieces === null) layer.setAt(row, this.frameAt);
      else layer.pieces.set(row, this.pieces);
      if (this.carriedFlow === 0) continue;
      layer.flow.set(row, this.carriedFlow);
      layer.length.set(row, this.carriedLength);
    }
    return verdict;
  }

  /** Finds the frame octets of the stream message just dissected. */
  private locate(lookup: PieceLookup, view: Octets): void {
    const length = this.consumed > 0 && this.consumed <= view.length ? this.consumed : view.length;
    this.placeIn(this.framePieces(lookup, view.start, length));
  }

  private placeIn(pieces: readonly FramePiece[]): void {
    const only = pieceIn(pieces, this.frame);
    this.frameAt = only?.at ?? 0;
    this.pieces = only === null ? pieces : null;
  }

  private run(index: number, view: Octets, before: number): Verdict {
    const seat = this.seats[index - 1];
    const issuesBefore = this.issues.count;
    this.hasChildren &= ~(1 << this.depth);
    const verdict = this.fence ? this.runFenced(seat, view) : seat.dissect(view, seat.layer.rows, this);
    if (verdict === Verdict.Reject || verdict === Verdict.NeedMore) {
      if (seat.layer.rows.count !== before) seat.layer.rows.truncate(before);
      if ((this.hasChildren & (1 << this.depth)) !== 0) this.dropChildren(index);
      this.issues.truncate(issuesBefore);
      this.insideAs = '';
      if (this.depth === 0 && this.bodies.length > 0) this.bodies.length = 0;
    }
    return verdict;
  }

  /** As `run`, of a body that holds one message after the other. Gives the first one's verdict. */
  private runEach(index: number, view: Octets, layer: LayerTable): Verdict {
    const end = view.start + view.length;
    let first: Verdict = Verdict.Reject;
    for (let messages = 0; view.length > 0; messages++) {
      const row = layer.count;
      const at = view.start;
      this.consumed = 0;
      const verdict = this.run(index, view, row);
      if (messages === 0) first = verdict;
      if (layer.count === row) break;
      this.bodies.push(index - 1, row, at);
      if (this.consumed <= 0 || at + this.consumed >= end) break;
      view.point(view.bytes, at + this.consumed, end - at - this.consumed);
    }
    return first;
  }

  private runFenced(seat: Seat, view: Octets): Verdict {
    try {
      return seat.dissect(view, seat.layer.rows, this);
    } catch {
      this.issue('dissector-bug', 0);
      return Verdict.Malformed;
    }
  }

  private probe(index: number, view: Octets): Confidence {
    const { probe } = this.seats[index - 1];
    if (probe === null) return Confidence.None;
    if (!this.fence) return probe(view, this);
    try {
      return probe(view, this);
    } catch {
      this.issue('dissector-bug', 0);
      return Confidence.None;
    }
  }

  private applyRule(flow: number): RuleOutcome {
    const rule = this.rules.of(flow);
    if (rule === null) return RuleOutcome.None;
    if (rule.dissector === 0) return RuleOutcome.Nobody;
    this.flows.dissector[flow] = rule.dissector;
    // What is wrapped is believed, not what wraps it.
    if (rule.isFixed && rule.encapsulation === null) this.flows.fixed[flow] = 1;
    return RuleOutcome.Somebody;
  }

  private rememberCounts(): void {
    this.hasChildren |= 1 << this.depth;
    const counts = this.counts[this.depth];
    for (let i = 0; i < this.layers.length; i++) counts[i] = this.layers[i].count;
  }

  private dropChildren(index: number): void {
    const counts = this.counts[this.depth];
    for (let i = 0; i < this.layers.length; i++) {
      if (i !== index - 1 && this.layers[i].count > counts[i]) this.layers[i].rows.truncate(counts[i]);
    }
  }
}

/** `application/sdp` of `Application/SDP; charset=utf-8`. */
function bareMediaType(mediaType: string): string {
  const semicolon = mediaType.indexOf(';');
  return (semicolon < 0 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase();
}

/** A dissector as the dispatcher keeps it: all alike, whatever objects the dissectors are themselves. */
interface Seat {
  readonly layer: LayerTable;
  readonly dissect: Dissector['dissect'];
  readonly probe: ((data: Octets, ctx: DissectContext) => Confidence) | null;
}

function seatOf(dissector: Dissector, layer: LayerTable): Seat {
  return {
    layer,
    dissect: dissector.dissect.bind(dissector),
    probe: dissector.probe?.bind(dissector) ?? null,
  };
}
