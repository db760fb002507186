import type { Ciphers } from './ciphers.ts';
import { BLOCK_BYTES, type Keystream } from './keystream.ts';

/** What fills the salt up to a key (RFC 3711 section 4.1.2.1). */
const FILL = 0x55;

/**
 * AES in f8 mode (RFC 3711 section 4.1.2). Every block of a packet needs the one before it, so one call of the cipher
 * makes the first blocks of all packets, the next their second blocks, and so on.
 */
export class F8Keystream implements Keystream {
  private readonly ciphers: Ciphers;
  private readonly salt: Uint8Array;
  private readonly vectors: number[] = [];
  private readonly lengths: number[] = [];
  blocks = 0;

  constructor(ciphers: Ciphers, salt: Uint8Array) {
    this.ciphers = ciphers;
    this.salt = salt;
  }

  add(w0: number, w1: number, w2: number, w3: number, blocks: number): void {
    this.vectors.push(w0, w1, w2, w3);
    this.lengths.push(blocks);
    this.blocks += blocks;
  }

  run(key: Uint8Array): Uint8Array {
    const packets = this.lengths.length;
    const starts = this.maskedVectors(key);
    const out = new Uint8Array(this.blocks * BLOCK_BYTES);
    const input = new Uint8Array(packets * BLOCK_BYTES);
    const firstBlocks = this.firstBlocks();
    const rounds = this.lengths.reduce((most, blocks) => Math.max(most, blocks), 0);
    for (let round = 0; round < rounds; round++) {
      const taking: number[] = [];
      for (let packet = 0; packet < packets; packet++) {
        if (this.lengths[packet] <= round) continue;
        const at = taking.length * BLOCK_BYTES;
        const previous = (firstBlocks[packet] + round - 1) * BLOCK_BYTES;
        for (let i = 0; i < BLOCK_BYTES; i++) {
          input[at + i] = starts[packet * BLOCK_BYTES + i] ^ (round > 0 ? out[previous + i] : 0);
        }
        input[at + 14] ^= round >> 8;
        input[at + 15] ^= round & 0xff;
        taking.push(packet);
      }
      const made = this.ciphers.aesBlocks(key, input.subarray(0, taking.length * BLOCK_BYTES));
      taking.forEach((packet, nth) => {
        const at = nth * BLOCK_BYTES;
        out.set(made.subarray(at, at + BLOCK_BYTES), (firstBlocks[packet] + round) * BLOCK_BYTES);
      });
    }
    this.vectors.length = 0;
    this.lengths.length = 0;
    this.blocks = 0;
    return out;
  }

  /** IV' of every packet: the vector under the key XOR the filled-up salt. */
  private maskedVectors(key: Uint8Array): Uint8Array {
    const masked = key.map((octet, i) => octet ^ (i < this.salt.length ? this.salt[i] : FILL));
    const blocks = new Uint8Array(this.lengths.length * BLOCK_BYTES);
    const view = new DataView(blocks.buffer);
    this.vectors.forEach((word, i) => view.setInt32(4 * i, word));
    return this.ciphers.aesBlocks(masked, blocks).slice();
  }

  private firstBlocks(): number[] {
    let next = 0;
    return this.lengths.map((blocks) => (next += blocks) - blocks);
  }
}
