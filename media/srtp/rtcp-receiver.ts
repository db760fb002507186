import { F8Keystream } from './f8-keystream.ts';
import { BLOCK_BYTES, CounterKeystream } from './keystream.ts';
import { equalOctets, LONGEST_PACKET_BYTES, wordAt } from './packet-layout.ts';
import { ReplayWindow } from './replay-window.ts';
import type { SessionKeys, SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { GCM_TAG_COUNTER, rtcpVector } from './vectors.ts';

/** What is never encrypted: the header of the first packet and the sender's SSRC (RFC 3711 section 3.4). */
const CLEAR_BYTES = 8;
/** E flag and index. */
const INDEX_BYTES = 4;
const INDEX_MASK = 0x7fffffff;
const NOTHING = new Uint8Array(0);

/** Opens the RTCP packets of one sender (one SSRC) in the order they were captured (RFC 3711 section 3.4, RFC 7714 section 9). */
export class SrtcpReceiver {
  private readonly keys: SrtpKeys;
  private readonly window = new ReplayWindow();
  private readonly vector = new Int32Array(4);

  /** Index of the latest packet, 31 bits; -1 where it was not authenticated. */
  index = -1;
  /** Whether the latest packet was encrypted (its E flag). */
  isEncrypted = false;
  /** The latest packet without what SRTP adds; empty where it was not authenticated. */
  plain: Uint8Array = NOTHING;

  constructor(keys: SrtpKeys) {
    this.keys = keys;
  }

  /** Packets that the sender has sent at least, for a key's lifetime. Indices begin at 0 or 1. */
  get packetsAtLeast(): number {
    return Math.max(0, this.window.highest);
  }

  /** What became of the SRTCP packet `bytes[at … at + length)`; `index`, `isEncrypted` and `plain` are set. */
  unprotect(bytes: Uint8Array, at: number, length: number): SrtpStatus {
    this.index = -1;
    this.plain = NOTHING;
    const { suite, mki } = this.keys.policy;
    const trailerBytes = INDEX_BYTES + mki.length + suite.rtcpTagBytes;
    if (length < CLEAR_BYTES + trailerBytes || length > LONGEST_PACKET_BYTES) return SrtpStatus.TooShort;
    if (bytes[at] >> 6 !== 2) return SrtpStatus.TooShort;
    const isGcm = suite.cipher === 'aes-gcm';
    const plainLength = length - trailerBytes;
    const end = at + length;
    const indexAt = isGcm ? end - mki.length - INDEX_BYTES : at + plainLength;
    const tagAt = isGcm ? at + plainLength : end - suite.rtcpTagBytes;
    if (!equalOctets(bytes, indexAt + INDEX_BYTES, mki)) return SrtpStatus.BadMki;
    const trailer = wordAt(bytes, indexAt);
    const index = trailer & INDEX_MASK;
    if (!this.keys.attempt(() => this.isAuthentic(bytes, at, plainLength, tagAt, trailer))) return SrtpStatus.AuthFail;
    this.index = index;
    this.isEncrypted = trailer < 0;
    this.plain = bytes.slice(at, at + plainLength);
    if (this.isEncrypted) this.decrypt(trailer);
    return this.settle(index, suite.rtcpTagBytes > 0 ? SrtpStatus.Ok : SrtpStatus.Unverified);
  }

  private settle(index: number, fresh: SrtpStatus): SrtpStatus {
    if (this.window.isOld(index)) return SrtpStatus.Old;
    if (this.window.has(index)) return SrtpStatus.Replayed;
    this.window.mark(index);
    return fresh;
  }

  private decrypt(trailer: number): void {
    const { suite } = this.keys.policy;
    const keys = this.keys.rtcp(trailer & INDEX_MASK);
    if (suite.cipher === 'null') return;
    const { ciphers } = this.keys;
    const blocks = Math.ceil((this.plain.length - CLEAR_BYTES) / BLOCK_BYTES);
    const stream = suite.cipher === 'aes-f8' ? new F8Keystream(ciphers, keys.salt) : new CounterKeystream(ciphers);
    stream.add(this.vector[0], this.vector[1], this.vector[2], this.vector[3], blocks);
    const key = stream.run(keys.cipherKey);
    for (let i = CLEAR_BYTES; i < this.plain.length; i++) this.plain[i] ^= key[i - CLEAR_BYTES];
  }

  private isAuthentic(bytes: Uint8Array, at: number, plainLength: number, tagAt: number, trailer: number): boolean {
    const { suite } = this.keys.policy;
    const keys = this.keys.rtcp(trailer & INDEX_MASK);
    rtcpVector(this.vector, suite.cipher, keys.saltWords, bytes, at, trailer);
    if (keys.ghash !== null) return this.isGcmAuthentic(keys, bytes, at, plainLength, trailer);
    // Nothing to verify is nothing against it.
    if (keys.hmac === null) return true;
    keys.hmac.absorb(bytes, at, plainLength + INDEX_BYTES);
    keys.hmac.finish();
    return keys.hmac.equals(bytes, tagAt, suite.rtcpTagBytes);
  }

  /** The associated data is what lies in the clear and, behind it, E flag and index (RFC 7714 section 9.2 and 9.3). */
  private isGcmAuthentic(
    keys: SessionKeys,
    bytes: Uint8Array,
    at: number,
    plainLength: number,
    trailer: number,
  ): boolean {
    const { ghash } = keys;
    if (ghash === null) return false;
    const clear = trailer < 0 ? CLEAR_BYTES : plainLength;
    const associated = new Uint8Array(clear + INDEX_BYTES);
    associated.set(bytes.subarray(at, at + clear));
    new DataView(associated.buffer).setInt32(clear, trailer);
    ghash.reset();
    ghash.update(associated, 0, associated.length);
    ghash.update(bytes, at + clear, plainLength - clear);
    ghash.finish(associated.length, plainLength - clear);
    const masks = new CounterKeystream(this.keys.ciphers);
    masks.add(this.vector[0], this.vector[1], this.vector[2], GCM_TAG_COUNTER, 1);
    return ghash.equals(bytes, at + plainLength, this.keys.policy.suite.rtcpTagBytes, masks.run(keys.cipherKey), 0);
  }
}
