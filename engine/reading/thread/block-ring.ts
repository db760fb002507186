import type { BufferSupply } from '../../readers/block-reader.ts';

/** Buffers that are written in turn, each when the other side is done with every batch that lies in it. */
export class BlockRing implements BufferSupply {
  private readonly blocks: readonly Uint8Array[];
  /** Batches up to which each was handed over. */
  private readonly usedUntil: number[];
  private readonly waitUntil: (batches: number) => void;
  private supplied = 0;

  /** `waitUntil` returns when the other side is done with so many batches. */
  constructor(buffers: readonly SharedArrayBuffer[], waitUntil: (batches: number) => void) {
    this.blocks = buffers.map((buffer) => new Uint8Array(buffer));
    this.usedUntil = buffers.map(() => 0);
    this.waitUntil = waitUntil;
  }

  next(): Uint8Array {
    const block = this.supplied++ % this.blocks.length;
    this.waitUntil(this.usedUntil[block]);
    return this.blocks[block];
  }

  /** Notes that the batch of this number, counted from 1, lies in `bytes`. Gives the block's number, -1 where it is none of these. */
  use(bytes: Uint8Array, batch: number): number {
    const block = this.blocks.findIndex(({ buffer }) => buffer === bytes.buffer);
    if (block >= 0) this.usedUntil[block] = batch;
    return block;
  }
}
