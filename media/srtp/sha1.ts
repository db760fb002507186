/** SHA-1 (FIPS 180-4) of blocks, for an HMAC that starts from the same two states for every packet. */

/** Octets of a block. */
export const SHA1_BLOCK_BYTES = 64;
/** Words of a state, and of a digest. */
export const SHA1_STATE_WORDS = 5;

/** The state before the first block. */
export const SHA1_START: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

const ROUNDS = 80;
const schedule = new Int32Array(ROUNDS);

/** Takes the block whose 16 words begin at `words[0]` into `state`, in place. */
export function sha1Words(state: Int32Array, words: Int32Array): void {
  for (let t = 0; t < 16; t++) schedule[t] = words[t];
  compress(state);
}

/** Takes `blocks` blocks of octets from `at` into `state`, in place. */
export function sha1Blocks(state: Int32Array, view: DataView, at: number, blocks: number): void {
  for (let block = 0, from = at; block < blocks; block++, from += SHA1_BLOCK_BYTES) {
    for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(from + 4 * t);
    compress(state);
  }
}

function compress(state: Int32Array): void {
  const w = schedule;
  for (let t = 16; t < ROUNDS; t++) {
    const mixed = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];
    w[t] = (mixed << 1) | (mixed >>> 31);
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  for (let t = 0; t < 20; t++) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + 0x5a827999 + w[t]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + w[t]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + 0x8f1bbcdc + w[t]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + w[t]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0;
}
