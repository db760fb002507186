import type { Channel } from '../../shared/channel.ts';
import type { WindowApi } from '../../shared/engine-api.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { CodedError } from './coded-error.ts';

const BLOCK_BYTES = 1 << 20;
/** Enough for the pass, which goes on, and a person, who looks back. */
const BLOCKS_KEPT = 24;

export type ReadBlob = (offset: number, length: number) => Promise<Uint8Array>;

/** Reads the window's blob over the channel; `signal` ends what is under way. */
export function readBlobOver(channel: Channel<WindowApi>, signal: AbortSignal): ReadBlob {
  return (offset, length) => channel.call('blob.read', { offset, length }, { signal });
}

/**
 * A file that only the window holds. Octets are fetched in blocks of a megabyte, the next one ahead of whoever reads
 * front to back, and the blocks used last are kept.
 */
export class BlobSource implements ByteSource {
  readonly name: string;
  readonly lengthBytes: number;
  private readonly readBlob: ReadBlob;
  /** By number, the one used last at the end. */
  private readonly blocks = new Map<number, Promise<Uint8Array>>();
  private lastBlock = -1;
  private isClosed = false;

  constructor(name: string, lengthBytes: number, readBlob: ReadBlob) {
    this.name = name;
    this.lengthBytes = lengthBytes;
    this.readBlob = readBlob;
  }

  async read(offset: number, into: Uint8Array, at: number, length: number): Promise<number> {
    const end = Math.min(offset + length, this.lengthBytes);
    let from = offset;
    while (from < end) {
      const number = Math.floor(from / BLOCK_BYTES);
      const waiting = this.block(number);
      if (number === this.lastBlock + 1) this.fetchAhead(number + 1);
      this.lastBlock = number;
      const block = await waiting;
      const inBlock = from - number * BLOCK_BYTES;
      const size = Math.min(block.length - inBlock, end - from);
      if (size <= 0) break;
      into.set(block.subarray(inBlock, inBlock + size), at + from - offset);
      from += size;
    }
    return Math.max(0, from - offset);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.blocks.clear();
  }

  private fetchAhead(number: number): void {
    if (number * BLOCK_BYTES >= this.lengthBytes) return;
    // Met by whoever asks for the block.
    this.block(number).catch(() => undefined);
  }

  private block(number: number): Promise<Uint8Array> {
    if (this.isClosed) throw new Error('The capture was closed.');
    const known = this.blocks.get(number);
    const block = known ?? this.fetch(number);
    this.blocks.delete(number);
    this.blocks.set(number, block);
    if (this.blocks.size > BLOCKS_KEPT) {
      const [oldest] = this.blocks.keys();
      this.blocks.delete(oldest);
    }
    return block;
  }

  private async fetch(number: number): Promise<Uint8Array> {
    const offset = number * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, this.lengthBytes - offset);
    try {
      const bytes = await this.readBlob(offset, length);
      // The window is another program: what it sends is looked at.
      if (!(bytes instanceof Uint8Array) || bytes.length > length) {
        throw new CodedError('blob', `The window could not read ${this.name}.`);
      }
      return bytes;
    } catch (error) {
      this.blocks.delete(number);
      throw error;
    }
  }
}
