/** Does an RTP packet's tag fit, at this index? One packet at a time, at as many indices as one likes. */
import { rtpHeaderBytes, wordAt } from './packet-layout.ts';
import { BLOCK_BYTES, CounterKeystream } from './keystream.ts';
import type { SrtpPolicy } from './policy.ts';
import type { SessionKeys, SrtpKeys } from './session-keys.ts';
import { gcmRtpVector, rolloverOf } from './vectors.ts';

export interface RtpTags {
  /** The packet asked about from now on: whole, and long enough for its header and trailer. */
  begin(bytes: Uint8Array, at: number, length: number): void;
  /** Is it authentic at this index? */
  matches(index: number): boolean;
  /** The first rollover counter of `count` from `from` with which it is authentic, -1 where there is none. */
  search(sequence: number, from: number, count: number): number;
}

/** Octets of an RTP packet's tag under this policy. GCM always has one. */
export function rtpTagBytes({ suite, authenticatesRtp }: SrtpPolicy): number {
  return authenticatesRtp || suite.cipher === 'aes-gcm' ? suite.rtpTagBytes : 0;
}

/** Octets that SRTP puts behind an RTP packet. */
export function rtpTrailerBytes(policy: SrtpPolicy): number {
  return rtpTagBytes(policy) + policy.mki.length;
}

/** Null where there is nothing to verify. */
export function rtpTags(keys: SrtpKeys): RtpTags | null {
  if (rtpTagBytes(keys.policy) === 0) return null;
  return keys.policy.suite.cipher === 'aes-gcm' ? new GcmTags(keys) : new HmacTags(keys);
}

/** RFC 3711 section 4.2: over the packet up to the MKI, then the rollover counter. */
class HmacTags implements RtpTags {
  private readonly keys: SrtpKeys;
  private readonly tagBytes: number;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private length = 0;
  private tagAt = 0;
  private absorbedWith: SessionKeys | null = null;

  constructor(keys: SrtpKeys) {
    this.keys = keys;
    this.tagBytes = keys.policy.suite.rtpTagBytes;
  }

  begin(bytes: Uint8Array, at: number, length: number): void {
    this.bytes = bytes;
    this.at = at;
    this.length = length - this.tagBytes - this.keys.policy.mki.length;
    this.tagAt = at + length - this.tagBytes;
    this.absorbedWith = null;
  }

  matches(index: number): boolean {
    const keys = this.keys.rtp(index);
    const hmac = keys.hmac;
    if (hmac === null) return false;
    if (keys !== this.absorbedWith) {
      hmac.absorb(this.bytes, this.at, this.length);
      this.absorbedWith = keys;
    }
    hmac.finishWith(rolloverOf(index));
    return hmac.equals(this.bytes, this.tagAt, this.tagBytes);
  }

  search(sequence: number, from: number, count: number): number {
    for (let roc = from; roc < from + count; roc++) if (this.matches(roc * 65536 + sequence)) return roc;
    return -1;
  }
}

/** Tag masks are made for so many packets at once, since a call of the cipher costs more than the blocks in it. */
const PAGE = 256;

interface MaskPage {
  number: number;
  keys: SessionKeys | null;
  ssrc: number;
  readonly masks: Uint8Array;
}

/** RFC 7714 section 8: header authenticated, text encrypted and authenticated, tag before the MKI. */
class GcmTags implements RtpTags {
  private readonly keys: SrtpKeys;
  private readonly blocks: CounterKeystream;
  private readonly vector = new Int32Array(4);
  /** Packets in order need one page after the other; those around a border, two. */
  private readonly pages: readonly MaskPage[] = [newPage(), newPage()];
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private tagAt = 0;
  private ssrc = 0;
  private hashedWith: SessionKeys | null = null;

  constructor(keys: SrtpKeys) {
    this.keys = keys;
    this.blocks = new CounterKeystream(keys.ciphers);
  }

  begin(bytes: Uint8Array, at: number, length: number): void {
    const { suite, mki } = this.keys.policy;
    this.bytes = bytes;
    this.at = at;
    this.tagAt = at + length - mki.length - suite.rtpTagBytes;
    this.ssrc = wordAt(bytes, at + 8);
    this.hashedWith = null;
  }

  matches(index: number): boolean {
    const keys = this.keys.rtp(index);
    this.hash(keys);
    const page = this.page(Math.floor(index / PAGE), keys);
    return this.equals(keys, page.masks, (index % PAGE) * BLOCK_BYTES);
  }

  search(sequence: number, from: number, count: number): number {
    if (this.keys.policy.keyDerivationRate > 0) return this.searchEach(sequence, from, count);
    const keys = this.keys.rtp(0);
    this.hash(keys);
    for (let roc = from; roc < from + count; roc++) this.addMask(keys, roc, sequence);
    const masks = this.blocks.run(keys.cipherKey);
    for (let i = 0; i < count; i++) if (this.equals(keys, masks, i * BLOCK_BYTES)) return from + i;
    return -1;
  }

  private searchEach(sequence: number, from: number, count: number): number {
    for (let roc = from; roc < from + count; roc++) if (this.matches(roc * 65536 + sequence)) return roc;
    return -1;
  }

  private equals(keys: SessionKeys, masks: Uint8Array, maskAt: number): boolean {
    return keys.ghash?.equals(this.bytes, this.tagAt, this.keys.policy.suite.rtpTagBytes, masks, maskAt) ?? false;
  }

  private hash(keys: SessionKeys): void {
    if (keys === this.hashedWith || keys.ghash === null) return;
    this.hashedWith = keys;
    const end = this.tagAt - this.at;
    // Without encryption all of the packet is associated data.
    const header = this.keys.policy.encryptsRtp ? rtpHeaderBytes(this.bytes, this.at, end) : end;
    keys.ghash.reset();
    keys.ghash.update(this.bytes, this.at, header);
    keys.ghash.update(this.bytes, this.at + header, end - header);
    keys.ghash.finish(header, end - header);
  }

  private page(number: number, keys: SessionKeys): MaskPage {
    const page = this.pages[number & 1];
    if (page.number === number && page.keys === keys && page.ssrc === this.ssrc) return page;
    for (let i = 0; i < PAGE; i++) {
      const index = number * PAGE + i;
      this.addMask(keys, rolloverOf(index), index % 65536);
    }
    page.masks.set(this.blocks.run(keys.cipherKey));
    page.number = number;
    page.keys = keys;
    page.ssrc = this.ssrc;
    return page;
  }

  private addMask(keys: SessionKeys, roc: number, sequence: number): void {
    const vector = this.vector;
    gcmRtpVector(vector, keys.saltWords, this.ssrc, roc, sequence);
    this.blocks.add(vector[0], vector[1], vector[2], vector[3], 1);
  }
}

function newPage(): MaskPage {
  return { number: -1, keys: null, ssrc: 0, masks: new Uint8Array(PAGE * BLOCK_BYTES) };
}
