import type { ByteSource } from '../sources/byte-source.ts';
import { throwIfAborted, untilAborted } from './abort.ts';

export const BLOCK_BYTES = 1024 * 1024;
/** No record may be larger: the bound on what a lying length can make a reader hold. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** How a reader is told where to read: `next` gives a buffer of `BUFFER_BYTES` that nobody uses. */
export interface BufferSupply {
  next(): Uint8Array;
}

const SMALLEST_BLOCK = 64 * 1024;
/** Kept free in front of a block, for the partial record carried over from the block before. */
const HEADROOM_BYTES = 512 * 1024;
export const BUFFER_BYTES = HEADROOM_BYTES + BLOCK_BYTES;

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly blockBytes?: number | undefined;
  readonly buffers?: BufferSupply | undefined;
}

/**
 * Walks a source front to back in blocks. While the caller works on one block the next is being read into a second
 * buffer. `bytes` holds `length` octets, `bytes[0]` is octet `fileOffset` of the capture, and the caller advances `at`
 * over what it has used; `more` then carries the rest over and puts the next block behind it.
 */
export class BlockReader {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  length = 0;
  at = 0;
  fileOffset = 0;
  /** Nothing follows what is in `bytes`. */
  ended = false;

  private readonly source: ByteSource;
  private readonly signal: AbortSignal | undefined;
  private readonly blockBytes: number;
  private readonly headroom: number;
  private readonly buffers: BufferSupply | undefined;
  private current: Uint8Array = this.bytes;
  private spare: Uint8Array = this.bytes;
  private pending: Promise<number> | undefined;
  private nextOffset = 0;

  /**
   * Blocks lie in buffers of its own, used again and again, or in those of `buffers`. `blockBytes` is for tests: small blocks
   * put every record across an edge.
   */
  constructor(source: ByteSource, { signal, blockBytes, buffers }: ReadingOptions = {}) {
    const known = source.lengthBytes >= 0 ? Math.max(SMALLEST_BLOCK, source.lengthBytes) : BLOCK_BYTES;
    this.source = source;
    this.signal = signal;
    this.blockBytes = blockBytes ?? Math.min(BLOCK_BYTES, known);
    this.headroom = Math.min(HEADROOM_BYTES, this.blockBytes);
    this.buffers = buffers;
  }

  /**
   * Reads on: keeps the octets from `at`, adds the next block behind them and sets `at` to 0. False, with nothing
   * changed but `ended`, where the source has ended. The octets before `at` are overwritten. Rejects with AbortError or
   * the source's error.
   */
  async more(): Promise<boolean> {
    throwIfAborted(this.signal);
    if (this.ended) return false;
    const got = await untilAborted((this.pending ??= this.startRead()), this.signal);
    this.pending = undefined;
    if (got === 0) {
      this.ended = true;
      return false;
    }
    this.nextOffset += got;
    this.join(got);
    this.pending = this.startRead();
    return true;
  }

  private startRead(): Promise<number> {
    if (this.buffers !== undefined) this.spare = this.buffers.next();
    else if (this.spare.length === 0) this.spare = new Uint8Array(this.headroom + this.blockBytes);
    const read = this.source.read(this.nextOffset, this.spare, this.headroom, this.blockBytes);
    // The failure is met by the `more` that awaits it; a reader given up before that must not bring the process down.
    read.catch(() => undefined);
    return read;
  }

  /** Puts the `got` octets just read into `spare` behind what is left of the current block. */
  private join(got: number): void {
    const rest = this.bytes.subarray(this.at, this.length);
    const start = this.headroom - rest.length;
    this.fileOffset += this.at;
    this.at = 0;
    this.length = rest.length + got;
    if (start >= 0) {
      this.spare.set(rest, start);
      this.bytes = this.spare.subarray(start, start + this.length);
      const free = this.current;
      this.current = this.spare;
      this.spare = free;
    } else {
      // A record larger than the headroom: rare, so it pays with a buffer of its own.
      const joined = new Uint8Array(this.length);
      joined.set(rest);
      joined.set(this.spare.subarray(this.headroom, this.headroom + got), rest.length);
      this.bytes = joined;
    }
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.length);
  }
}
