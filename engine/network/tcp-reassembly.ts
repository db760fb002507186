/**
 * Puts TCP segments in order (RFC 9293 section 3.4 for the sequence space) as a bystander sees them: segments may
 * be missing from the capture though the receiver got them, and a capture may begin in the middle.
 *
 * A flow is one direction of a connection. The usual segment arrives in order with nothing waiting: the consumer
 * reads it in the frame and nothing is copied or allocated.
 */
import { FIRST_ROOM } from '../../base/first-room.ts';
import { timestampStep } from '../../base/sequence.ts';
import { NetworkIssues } from './ip-issues.ts';
import { FlowRecency, TcpFlow, type WaitingSegment } from './tcp-flow.ts';
import { type PieceLookup, SegmentPieces, StreamBuffer } from './tcp-pieces.ts';

export type { FramePiece } from './ip-issues.ts';
export type { PieceLookup } from './tcp-pieces.ts';

/** Flags of the TCP header (RFC 9293 section 3.1), as in its octet 13. */
export const TcpFlag = { Fin: 0x01, Syn: 0x02, Rst: 0x04, Psh: 0x08, Ack: 0x10 } as const;

/** Reads the streams. It may call `forget` while it is called; it must not call `segment`. */
export interface TcpConsumer {
  /**
   * The next octets of the stream: `length` at `at` of `bytes`, beginning with those left the last time. Gives how
   * many were consumed; what is left comes again with more behind it (0 = more are needed). -1 = this flow is of no
   * interest: nothing more comes until a new connection. `bytes` may be the frame's: copy what is kept.
   */
  data(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): number;
  /**
   * `lostBytes` octets are missing here (0 where nobody can say how many). What the consumer had left is gone
   * too; the next octets are those of `frame` where the hole is known, else of a later frame.
   */
  gap(flow: number, lostBytes: number, frame: number): void;
  /** The connection ended (FIN reached, RST, or a new one began on these ports); what was left is gone. */
  end(flow: number, frame: number): void;
}

export interface TcpReassemblyOptions {
  /** Octets that wait behind a hole, per flow, before the hole is skipped. Default 256 KiB. */
  readonly maxWaitingBytes?: number;
  /** Octets the consumer may leave, per flow. Default 1 MiB. */
  readonly maxLeftBytes?: number;
  /** Octets held for all flows. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Flows remembered; the one longest idle goes first. Default 65,536. */
  readonly maxFlows?: number;
  /** Capture time a hole may stay open while the flow goes on. Default 3000. */
  readonly maxWaitMs?: number;
}

/** No window is that large in practice: a segment so far off belongs to another connection or a torn capture. */
const IMPLAUSIBLE_STEP = 16 << 20;

function isPlausible(step: number): boolean {
  return step <= IMPLAUSIBLE_STEP && step >= -IMPLAUSIBLE_STEP;
}

/**
 * Issues: `tcp-gap` (octets that the capture does not hold), `tcp-overlap-differs` (sent again with other octets;
 * the first are used), `tcp-limit` (octets dropped for memory).
 */
export class TcpReassembly {
  readonly issues = new NetworkIssues();
  private readonly consumer: TcpConsumer;
  private readonly maxWaitingBytes: number;
  private readonly maxLeftBytes: number;
  private readonly maxBytes: number;
  private readonly maxFlows: number;
  private readonly maxWaitMs: number;
  private readonly flows = new Map<number, TcpFlow>();
  private readonly recency = new FlowRecency();
  private readonly segmentPieces = new SegmentPieces();
  /** 1 where the consumer is not interested, by flow. */
  private ignored = new Uint8Array(FIRST_ROOM);
  private held = 0;

  constructor(consumer: TcpConsumer, options: TcpReassemblyOptions = {}) {
    this.consumer = consumer;
    this.maxWaitingBytes = options.maxWaitingBytes ?? 256 << 10;
    this.maxLeftBytes = options.maxLeftBytes ?? 1 << 20;
    this.maxBytes = options.maxBytes ?? 64 << 20;
    this.maxFlows = options.maxFlows ?? 65536;
    this.maxWaitMs = options.maxWaitMs ?? 3000;
  }

  /** Octets held now, overheads included. */
  get heldBytes(): number {
    return this.held;
  }

  /** Flows remembered now. */
  get flowCount(): number {
    return this.flows.size;
  }

  /**
   * Takes a segment. `flow` is a small directional number; `timeMs` capture time; `sequence` and `flags` as in the
   * header; the payload as captured is `length` octets at `at` of `bytes`, `wireLength` on the wire (more where
   * the frame was cut), and begins at `frameAt` of the frame.
   */
  segment(
    flow: number,
    frame: number,
    timeMs: number,
    sequence: number,
    flags: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    wireLength: number,
    frameAt: number,
  ): void {
    if (flow < this.ignored.length && this.ignored[flow] === 1) {
      if ((flags & TcpFlag.Syn) === 0) return;
      this.ignored[flow] = 0;
    }
    let state = this.flows.get(flow);
    if ((flags & TcpFlag.Syn) !== 0) {
      state = this.openConnection(state, flow, frame, sequence);
      sequence = (sequence + 1) | 0;
    } else if (state === undefined) {
      if (wireLength === 0 || (flags & TcpFlag.Rst) !== 0) return;
      // A lone octet that nobody pushes is a keep-alive probe (RFC 9293 section 3.8.4): it repeats an old octet.
      const isProbe = wireLength === 1 && (flags & TcpFlag.Psh) === 0;
      state = this.addFlow(flow, isProbe ? sequence + 1 : sequence, frame);
    } else {
      this.recency.touch(state);
    }

    if ((flags & TcpFlag.Rst) !== 0) {
      if (!isPlausible(timestampStep(state.next, sequence))) return;
      // Octets in a reset are a diagnostic text, not the stream (RFC 9293 section 3.5.3).
      this.skipHoles(state);
      this.endStream(state, frame);
      return;
    }
    if (wireLength > 0) this.takeOctets(state, frame, timeMs, sequence, bytes, at, length, wireLength, frameAt);
    if ((flags & TcpFlag.Fin) !== 0) {
      const fin = (sequence + wireLength) | 0;
      const step = timestampStep(state.next, fin);
      if (step >= 0 && isPlausible(step)) state.setFin(fin);
    }
    if (state.waiting.length > 0) this.skipOldHoles(state, timeMs);
    if (state.isFinReached()) this.endStream(state, frame);
    if (this.held > this.maxBytes) this.shedLoad(frame);
  }

  /**
   * The receiver of `flow` acknowledged everything before `ack`: octets missing there were on the wire and are
   * lost to the capture only, so waiting for them is vain.
   */
  acknowledge(flow: number, ack: number): void {
    const state = this.flows.get(flow);
    if (state === undefined) return;
    if (timestampStep(state.acknowledged, ack) > 0 && isPlausible(timestampStep(state.next, ack))) {
      state.acknowledged = ack | 0;
    }
    if (state.waiting.length > 0) this.skipAcknowledgedHoles(state);
  }

  /** The capture ended: skips the holes still open so that everything captured was given once. */
  finish(): void {
    for (const state of this.flows.values()) {
      this.skipHoles(state);
      this.drop(state);
    }
  }

  /** Drops what is known of a flow. */
  forget(flow: number): void {
    const state = this.flows.get(flow);
    if (state !== undefined) this.drop(state);
  }

  private openConnection(state: TcpFlow | undefined, flow: number, frame: number, sequence: number): TcpFlow {
    const first = (sequence + 1) | 0;
    if (state !== undefined) {
      this.recency.touch(state);
      if (state.first === first) return state;
      this.skipHoles(state);
      if (!state.isEnded) this.endStream(state, frame);
      this.drop(state);
    }
    return this.addFlow(flow, first, frame);
  }

  private addFlow(flow: number, first: number, frame: number): TcpFlow {
    if (this.flows.size >= this.maxFlows) {
      const oldest = this.recency.oldest;
      if (oldest !== null) this.shed(oldest, frame, 'Too many connections: octets of an idle one were dropped');
    }
    const state = new TcpFlow(flow, first | 0);
    this.flows.set(flow, state);
    this.recency.add(state);
    return state;
  }

  private takeOctets(
    state: TcpFlow,
    frame: number,
    timeMs: number,
    sequence: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    wireLength: number,
    frameAt: number,
  ): void {
    let step = timestampStep(state.next, sequence);
    if (!isPlausible(step)) {
      this.skipHoles(state);
      if (state.isDropped) return;
      state.restart(sequence | 0);
      this.skipTo(state, sequence, Math.max(step, 0), frame);
      step = 0;
    }
    if (step + wireLength <= 0) {
      // Keep-alive probes repeat the octet before with any value: no finding.
      if (wireLength > 1) this.compareLeft(state, frame, step, bytes, at, length);
      return;
    }
    if (step <= 0) {
      if (step < 0) this.compareLeft(state, frame, step, bytes, at, length);
      const skip = Math.min(-step, length);
      this.deliver(state, frame, bytes, at + skip, length - skip, frameAt + skip);
      const cut = timestampStep(state.next, sequence + wireLength);
      if (cut > 0 && length < wireLength) this.skipTo(state, (sequence + wireLength) | 0, cut, frame);
      if (state.waiting.length > 0) this.drain(state);
      return;
    }
    const before = state.waitingCost;
    if (state.addWaiting(frame, timeMs, sequence | 0, bytes, at, length, frameAt)) {
      this.issues.add('tcp-overlap-differs', frame, 'Octets sent again differ; the first seen are used');
    }
    this.held += state.waitingCost - before;
    this.skipAcknowledgedHoles(state);
    while (state.waitingCost > this.maxWaitingBytes) this.skipHole(state);
  }

  /** Gives octets that continue the stream, and moves `next` past them. */
  private deliver(state: TcpFlow, frame: number, bytes: Uint8Array, at: number, length: number, frameAt: number): void {
    if (length <= 0) return;
    state.next = (state.next + length) | 0;
    state.isEnded = false;
    if (state.left === null) {
      let offset = 0;
      while (offset < length) {
        this.segmentPieces.point(frame, at + offset, length - offset, frameAt + offset);
        const taken = this.consumer.data(state.flow, bytes, at + offset, length - offset, this.segmentPieces);
        if (state.isDropped) return;
        if (taken < 0) return this.ignore(state);
        if (taken === 0) break;
        offset += taken;
      }
      if (offset >= length) return;
      state.left = new StreamBuffer(Math.max(2048, (length - offset) * 2));
      state.left.append(bytes, at + offset, length - offset, frame, frameAt + offset);
      this.held += state.left.heldBytes;
      return;
    }
    this.deliverLeft(state, state.left, frame, bytes, at, length, frameAt);
  }

  /** As `deliver`, where octets were left before: the consumer sees them and these in one run. */
  private deliverLeft(
    state: TcpFlow,
    left: StreamBuffer,
    frame: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    frameAt: number,
  ): void {
    const before = left.heldBytes;
    left.append(bytes, at, length, frame, frameAt);
    this.held += left.heldBytes - before;
    while (left.length > 0) {
      const taken = this.consumer.data(state.flow, left.bytes, left.from, left.length, left);
      if (state.isDropped) return;
      if (taken < 0) return this.ignore(state);
      if (taken === 0) break;
      left.from += Math.min(taken, left.length);
    }
    if (left.length === 0) {
      this.dropLeft(state);
    } else if (left.costBytes > this.maxLeftBytes) {
      const lost = left.length;
      this.issues.add('tcp-limit', frame, `${lost} octets of a stream made no message and were dropped`);
      this.dropLeft(state);
      this.consumer.gap(state.flow, lost, frame);
    }
  }

  /** Gives what waits for as long as it continues the stream. */
  private drain(state: TcpFlow): void {
    while (!state.isDropped) {
      const segment = state.waiting[0];
      if (segment === undefined) return;
      const step = timestampStep(state.next, segment.sequence);
      if (step > 0) return;
      this.takeFirstWaiting(state);
      const skip = -step;
      const { frame, bytes, frameAt } = segment;
      this.deliver(state, frame, bytes, skip, bytes.length - skip, frameAt + skip);
    }
  }

  private takeFirstWaiting(state: TcpFlow): WaitingSegment {
    const before = state.waitingCost;
    const segment = state.takeWaiting();
    this.held += state.waitingCost - before;
    return segment;
  }

  /** Gives up the first hole and goes on with what waits behind it. */
  private skipHole(state: TcpFlow): void {
    const { sequence, frame } = state.waiting[0];
    this.skipTo(state, sequence, timestampStep(state.next, sequence), frame);
    this.drain(state);
  }

  private skipHoles(state: TcpFlow): void {
    while (state.waiting.length > 0 && !state.isDropped) this.skipHole(state);
  }

  private skipOldHoles(state: TcpFlow, timeMs: number): void {
    while (state.waiting.length > 0 && timeMs - state.waiting[0].timeMs > this.maxWaitMs) this.skipHole(state);
  }

  private skipAcknowledgedHoles(state: TcpFlow): void {
    while (state.waiting.length > 0 && timestampStep(state.waiting[0].sequence, state.acknowledged) >= 0) {
      this.skipHole(state);
    }
  }

  private skipTo(state: TcpFlow, sequence: number, lostBytes: number, frame: number): void {
    this.dropLeft(state);
    state.next = sequence | 0;
    const text =
      lostBytes > 0 ? `${lostBytes} octets of a TCP stream were not captured` : 'A TCP stream goes on elsewhere';
    this.issues.add('tcp-gap', frame, text);
    this.consumer.gap(state.flow, lostBytes, frame);
  }

  /** `step` (negative) is where the segment begins, counted from `next`: compares it with what was left. */
  private compareLeft(
    state: TcpFlow,
    frame: number,
    step: number,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): void {
    const { left } = state;
    if (left === null) return;
    const start = left.to + step;
    const to = Math.min(left.to, start + length);
    for (let i = Math.max(left.from, start); i < to; i++) {
      if (left.bytes[i] === bytes[at + i - start]) continue;
      this.issues.add('tcp-overlap-differs', frame, 'Octets sent again differ; the first seen are used');
      return;
    }
  }

  private endStream(state: TcpFlow, frame: number): void {
    if (state.isDropped) return;
    this.dropLeft(state);
    state.end();
    this.consumer.end(state.flow, frame);
  }

  private ignore(state: TcpFlow): void {
    const { flow } = state;
    if (flow >= this.ignored.length) {
      const larger = new Uint8Array(Math.max(flow + 1, this.ignored.length * 2));
      larger.set(this.ignored);
      this.ignored = larger;
    }
    this.ignored[flow] = 1;
    this.drop(state);
  }

  /** The bound on everything is passed: flows longest idle lose what they hold until an eighth is free. */
  private shedLoad(frame: number): void {
    const target = this.maxBytes - this.maxBytes / 8;
    let state = this.recency.oldest;
    while (state !== null && this.held > target) {
      const newer = state.newer;
      if (state.heldBytes > 0)
        this.shed(state, frame, 'Too many octets wait: those of an idle connection were dropped');
      state = newer;
    }
  }

  private shed(state: TcpFlow, frame: number, text: string): void {
    const holds = state.heldBytes > 0;
    this.drop(state);
    if (!holds) return;
    this.issues.add('tcp-limit', frame, text);
    this.consumer.gap(state.flow, 0, frame);
  }

  private dropLeft(state: TcpFlow): void {
    if (state.left === null) return;
    this.held -= state.left.heldBytes;
    state.left = null;
  }

  private drop(state: TcpFlow): void {
    if (state.isDropped) return;
    this.held -= state.heldBytes;
    state.drop();
    this.recency.remove(state);
    this.flows.delete(state.flow);
  }
}
