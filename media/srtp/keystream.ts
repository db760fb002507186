import type { Ciphers } from './ciphers.ts';

export const BLOCK_BYTES = 16;
/** The size of a batch whose counters and keystream stay in the processor's cache. */
export const BATCH_BLOCKS = 4096;
const FIRST_BLOCKS = 64;

/**
 * Key stream for many packets from one call of the cipher. A packet is four words, a counter block (AES-CM, GCM) or an
 * initialization vector (f8), and a number of blocks; its key stream begins where those before it end.
 */
export interface Keystream {
  /** Blocks asked for since the last run. */
  readonly blocks: number;
  /** Adds a packet, `blocks` long. */
  add(w0: number, w1: number, w2: number, w3: number, blocks: number): void;
  /** The key stream of all packets added since the last run; good until the next run. */
  run(key: Uint8Array): Uint8Array;
}

/** AES in counter mode (RFC 3711 section 4.1.1): the last word counts up. */
export class CounterKeystream implements Keystream {
  private readonly ciphers: Ciphers;
  private counters = new Uint8Array(FIRST_BLOCKS * BLOCK_BYTES);
  private view = new DataView(this.counters.buffer);
  blocks = 0;

  constructor(ciphers: Ciphers) {
    this.ciphers = ciphers;
  }

  add(w0: number, w1: number, w2: number, w3: number, blocks: number): void {
    const needed = (this.blocks + blocks) * BLOCK_BYTES;
    if (needed > this.counters.length) this.grow(needed);
    const view = this.view;
    for (let i = 0, at = this.blocks * BLOCK_BYTES; i < blocks; i++, at += BLOCK_BYTES) {
      view.setInt32(at, w0);
      view.setInt32(at + 4, w1);
      view.setInt32(at + 8, w2);
      view.setInt32(at + 12, w3 + i);
    }
    this.blocks += blocks;
  }

  run(key: Uint8Array): Uint8Array {
    const blocks = this.blocks;
    this.blocks = 0;
    return this.ciphers.aesBlocks(key, this.counters.subarray(0, blocks * BLOCK_BYTES));
  }

  private grow(needed: number): void {
    const counters = new Uint8Array(Math.max(needed, 2 * this.counters.length));
    counters.set(this.counters);
    this.counters = counters;
    this.view = new DataView(counters.buffer);
  }
}
