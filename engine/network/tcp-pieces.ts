/** Says which octets of which frames hold a range of a TCP stream. */
import type { FramePiece } from './ip-issues.ts';

/** Handed to a consumer beside its octets; answers only during that call. */
export interface PieceLookup {
  /**
   * The frame octets that hold `length` octets from `at`, in order. `at` counts as in the `bytes` that came with
   * the call. What lies outside of the octets given is left out. Allocates: for messages, not for packets.
   */
  pieces(at: number, length: number): FramePiece[];
}

/** The usual case: the octets are one segment in its frame. One object is re-aimed for all segments. */
export class SegmentPieces implements PieceLookup {
  private frame = 0;
  private at = 0;
  private length = 0;
  private frameAt = 0;

  /** `length` octets at `at` of the bytes given are those at `frameAt` of frame `frame`. */
  point(frame: number, at: number, length: number, frameAt: number): void {
    this.frame = frame;
    this.at = at;
    this.length = length;
    this.frameAt = frameAt;
  }

  pieces(at: number, length: number): FramePiece[] {
    const from = Math.max(at, this.at);
    const to = Math.min(at + length, this.at + this.length);
    return from < to ? [{ frame: this.frame, at: this.frameAt + from - this.at, length: to - from }] : [];
  }
}

/** What a piece costs beside its octets. */
const PIECE_OVERHEAD_BYTES = 64;

/** From so many pieces on, those of consumed octets are dropped when they are the most. */
const STALE_CHECK_PIECES = 1024;

/** Octets of a stream that the consumer left, in one run, with the frames they came from. */
export class StreamBuffer implements PieceLookup {
  bytes: Uint8Array;
  /** The run is `from`…`to` of `bytes`. */
  from = 0;
  to = 0;
  /** Where each piece begins in `bytes`; a piece goes up to the next one's begin. */
  private starts: number[] = [];
  private frames: number[] = [];
  private frameAts: number[] = [];

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  get length(): number {
    return this.to - this.from;
  }

  /** What this buffer costs. */
  get heldBytes(): number {
    return this.bytes.length + this.starts.length * PIECE_OVERHEAD_BYTES;
  }

  /** What the octets of the run cost: tiny pieces cost more than they hold. */
  get costBytes(): number {
    return this.length + (this.starts.length - this.pieceAt(this.from)) * PIECE_OVERHEAD_BYTES;
  }

  append(bytes: Uint8Array, at: number, length: number, frame: number, frameAt: number): void {
    const isStale = this.starts.length >= STALE_CHECK_PIECES && this.pieceAt(this.from) > this.starts.length >> 1;
    if (this.to + length > this.bytes.length || isStale) this.makeRoom(length);
    const target = this.bytes;
    if (length < 32) for (let i = 0; i < length; i++) target[this.to + i] = bytes[at + i];
    else target.set(bytes.subarray(at, at + length), this.to);
    this.starts.push(this.to);
    this.frames.push(frame);
    this.frameAts.push(frameAt);
    this.to += length;
  }

  pieces(at: number, length: number): FramePiece[] {
    const found: FramePiece[] = [];
    for (let i = this.pieceAt(Math.max(at, this.from)); i < this.starts.length && this.starts[i] < at + length; i++) {
      const start = this.starts[i];
      const from = Math.max(at, start, this.from);
      const to = Math.min(at + length, i + 1 < this.starts.length ? this.starts[i + 1] : this.to);
      if (from < to) found.push({ frame: this.frames[i], at: this.frameAts[i] + from - start, length: to - from });
    }
    return found;
  }

  /** Index of the piece that holds `at`. */
  private pieceAt(at: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** Moves the run to the front, into a larger array where it has to be. */
  private makeRoom(more: number): void {
    const { from, length } = this;
    const needed = length + more;
    if (needed * 2 <= this.bytes.length) {
      this.bytes.copyWithin(0, from, this.to);
    } else {
      const larger = new Uint8Array(Math.max(needed, Math.min(needed * 2, needed + (256 << 10))));
      larger.set(this.bytes.subarray(from, this.to));
      this.bytes = larger;
    }
    const first = this.pieceAt(from);
    this.frames = this.frames.slice(first);
    this.frameAts = this.frameAts.slice(first);
    this.starts = this.starts.slice(first).map((start) => start - from);
    this.from = 0;
    this.to = length;
  }
}
