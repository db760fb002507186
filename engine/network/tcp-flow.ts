/** What TCP reassembly knows of one direction of a connection, and which flow was longest idle. */
import { timestampStep } from '../../base/sequence.ts';
import type { StreamBuffer } from './tcp-pieces.ts';

/** A captured part of the stream that waits for what comes before it. */
export interface WaitingSegment {
  /** Sequence number of the first octet, as a signed 32-bit number. */
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  /** Offset of `bytes[0]` in the frame. */
  readonly frameAt: number;
  readonly timeMs: number;
}

/** What a waiting segment costs beside its octets, so that a flood of tiny ones meets the same bound. */
const WAITING_OVERHEAD_BYTES = 128;

export class TcpFlow {
  readonly flow: number;
  /** Sequence number the stream began with; tells a SYN sent again from a new connection. */
  readonly first: number;
  /** Sequence number of the next octet for the consumer. */
  next: number;
  /** Highest acknowledgement of the other side. */
  acknowledged: number;
  /** What the consumer left; null where it took everything. */
  left: StreamBuffer | null = null;
  /** In order of sequence, all after `next`, never overlapping. */
  readonly waiting: WaitingSegment[] = [];
  /** Octets waiting, overheads included. */
  waitingCost = 0;
  /** The consumer was told of the end. */
  isEnded = false;
  /** Out of the table: nothing may be done with it any more. */
  isDropped = false;
  older: TcpFlow | null = null;
  newer: TcpFlow | null = null;
  private finSequence = 0;
  private hasFin = false;

  constructor(flow: number, first: number) {
    this.flow = flow;
    this.first = first;
    this.next = first;
    this.acknowledged = first;
  }

  get heldBytes(): number {
    return this.waitingCost + (this.left === null ? 0 : this.left.heldBytes);
  }

  /** The stream ends before `sequence`. */
  setFin(sequence: number): void {
    this.hasFin = true;
    this.finSequence = sequence;
  }

  isFinReached(): boolean {
    return this.hasFin && !this.isEnded && !this.isDropped && timestampStep(this.finSequence, this.next) >= 0;
  }

  /** The octets go on at `sequence`, which has nothing to do with what was before. */
  restart(sequence: number): void {
    this.acknowledged = sequence;
    this.hasFin = false;
  }

  /** Ended by FIN or RST. */
  end(): void {
    this.isEnded = true;
    this.hasFin = false;
  }

  drop(): void {
    this.isDropped = true;
    this.left = null;
    this.waiting.length = 0;
    this.waitingCost = 0;
  }

  /** Takes the first waiting segment out. */
  takeWaiting(): WaitingSegment {
    const segment = this.waiting[0];
    this.waiting.shift();
    this.waitingCost -= segment.bytes.length + WAITING_OVERHEAD_BYTES;
    return segment;
  }

  /**
   * Copies what does not wait yet of a segment that lies after `next`. True where it holds other octets than those
   * that wait already.
   */
  addWaiting(
    frame: number,
    timeMs: number,
    sequence: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    frameAt: number,
  ): boolean {
    let differs = false;
    let from = 0;
    let i = this.firstEndingAfter(sequence);
    while (from < length) {
      const segment = this.waiting[i];
      const start = segment === undefined ? length : timestampStep(sequence, segment.sequence);
      const to = Math.min(length, start);
      if (from < to) {
        const copy = bytes.slice(at + from, at + to);
        const added = { sequence: (sequence + from) | 0, bytes: copy, frame, frameAt: frameAt + from, timeMs };
        this.waiting.splice(i, 0, added);
        this.waitingCost += copy.length + WAITING_OVERHEAD_BYTES;
        from = to;
      } else {
        const end = Math.min(length, start + segment.bytes.length);
        for (let k = from; k < end && !differs; k++) differs = bytes[at + k] !== segment.bytes[k - start];
        from = end;
      }
      i++;
    }
    return differs;
  }

  /** Index of the first waiting segment that ends after `sequence`. */
  private firstEndingAfter(sequence: number): number {
    let low = 0;
    let high = this.waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const segment = this.waiting[middle];
      if (timestampStep(sequence, segment.sequence + segment.bytes.length) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Flows from longest idle to most recent, as a list through the flows themselves: no allocation per segment. */
export class FlowRecency {
  oldest: TcpFlow | null = null;
  private newest: TcpFlow | null = null;

  add(flow: TcpFlow): void {
    flow.older = this.newest;
    flow.newer = null;
    if (this.newest === null) this.oldest = flow;
    else this.newest.newer = flow;
    this.newest = flow;
  }

  remove(flow: TcpFlow): void {
    if (flow.older === null) this.oldest = flow.newer;
    else flow.older.newer = flow.newer;
    if (flow.newer === null) this.newest = flow.older;
    else flow.newer.older = flow.older;
    flow.older = null;
    flow.newer = null;
  }

  touch(flow: TcpFlow): void {
    if (this.newest === flow) return;
    this.remove(flow);
    this.add(flow);
  }
}
