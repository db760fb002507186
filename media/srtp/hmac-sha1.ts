import { viewOf } from '../../base/scan.ts';
import { SHA1_BLOCK_BYTES, SHA1_START, SHA1_STATE_WORDS, sha1Blocks } from './sha1.ts';

const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Octets of a block's end that hold the length of the message. */
const LENGTH_BYTES = 8;

/**
 * HMAC-SHA1 (RFC 2104) under one key of up to 64 octets. The two states that the key alone decides are kept, and
 * everything up to the last octets of a message as well, so that one packet can be tried with many rollover counters.
 */
export class HmacSha1 {
  private readonly inner: Int32Array;
  private readonly outer: Int32Array;
  private readonly absorbed = new Int32Array(SHA1_STATE_WORDS);
  private readonly state = new Int32Array(SHA1_STATE_WORDS);
  /** What the outer hash takes behind its pad: the inner digest, filled up to a block. */
  private readonly digestView = new DataView(new ArrayBuffer(SHA1_BLOCK_BYTES));
  private readonly tail = new Uint8Array(2 * SHA1_BLOCK_BYTES);
  private readonly tailView = new DataView(this.tail.buffer);
  private tailBytes = 0;
  private messageBytes = 0;

  constructor(key: Uint8Array) {
    this.inner = padState(key, INNER_PAD);
    this.outer = padState(key, OUTER_PAD);
    this.digestView.setUint8(4 * SHA1_STATE_WORDS, 0x80);
    this.digestView.setUint32(SHA1_BLOCK_BYTES - 4, (SHA1_BLOCK_BYTES + 4 * SHA1_STATE_WORDS) * 8);
  }

  /** Begins a message with `bytes[at … at + length)`, which must lie within. */
  absorb(bytes: Uint8Array, at: number, length: number): void {
    const blocks = length >>> 6;
    copyState(this.inner, this.absorbed);
    sha1Blocks(this.absorbed, viewOf(bytes), at, blocks);
    const from = at + blocks * SHA1_BLOCK_BYTES;
    const rest = length - blocks * SHA1_BLOCK_BYTES;
    const tail = this.tail;
    for (let i = 0; i < rest; i++) tail[i] = bytes[from + i];
    this.tailBytes = rest;
    this.messageBytes = length;
  }

  /** Ends the message; `equals` compares with its digest. It can be ended again in another way. */
  finish(): void {
    this.close(this.tailBytes, this.messageBytes);
  }

  /** Ends the message with a 32-bit word, the rollover counter of RFC 3711 section 4.2. */
  finishWith(word: number): void {
    this.tailView.setUint32(this.tailBytes, word);
    this.close(this.tailBytes + 4, this.messageBytes + 4);
  }

  /** Do the first `tagBytes` octets of the digest stand at `at`? */
  equals(bytes: Uint8Array, at: number, tagBytes: number): boolean {
    let difference = 0;
    for (let i = 0; i < tagBytes; i++) difference |= bytes[at + i] ^ (this.state[i >> 2] >>> (24 - 8 * (i & 3)));
    return (difference & 0xff) === 0;
  }

  /** Writes the first `tagBytes` octets of the digest. */
  write(out: Uint8Array, at: number, tagBytes: number): void {
    for (let i = 0; i < tagBytes; i++) out[at + i] = this.state[i >> 2] >>> (24 - 8 * (i & 3));
  }

  private close(tailBytes: number, messageBytes: number): void {
    const blocks = tailBytes + LENGTH_BYTES < SHA1_BLOCK_BYTES ? 1 : 2;
    const end = blocks * SHA1_BLOCK_BYTES;
    const { tail, tailView, state } = this;
    tail[tailBytes] = 0x80;
    for (let i = tailBytes + 1; i < end - 4; i++) tail[i] = 0;
    tailView.setUint32(end - 4, (SHA1_BLOCK_BYTES + messageBytes) * 8);
    copyState(this.absorbed, state);
    sha1Blocks(state, tailView, 0, blocks);
    this.closeOuter();
  }

  private closeOuter(): void {
    const { digestView, state } = this;
    for (let word = 0; word < SHA1_STATE_WORDS; word++) digestView.setInt32(4 * word, state[word]);
    copyState(this.outer, state);
    sha1Blocks(state, digestView, 0, 1);
  }
}

/** Five words: a call of the array's own `set` takes as long as half a block of the hash. */
function copyState(from: Int32Array, to: Int32Array): void {
  for (let word = 0; word < SHA1_STATE_WORDS; word++) to[word] = from[word];
}

function padState(key: Uint8Array, pad: number): Int32Array {
  const block = new Uint8Array(SHA1_BLOCK_BYTES).map((_, i) => (i < key.length ? key[i] : 0) ^ pad);
  const state = Int32Array.from(SHA1_START);
  sha1Blocks(state, new DataView(block.buffer), 0, 1);
  return state;
}
