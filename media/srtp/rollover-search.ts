import { extendSequence } from '../../base/sequence.ts';
import { rtpHeaderBytes, sequenceOf } from './packet-layout.ts';
import { type RtpTags, rtpTags, rtpTrailerBytes } from './rtp-tags.ts';
import type { SrtpKeys } from './session-keys.ts';

const COUNTERS = 65536;
/** A shorter tag fits by chance once in some ten thousand searches: another packet has to agree. */
const PROOF_BYTES = 8;
/** Counters that take a few milliseconds: with a key derivation rate, each has session keys of its own. */
const STEP = 2048;
const DERIVING_STEP = 32;

/**
 * Finds the rollover counter of a stream whose beginning was not captured, by trying all that 16 bits hold. Give it
 * packets of one sender that lie close together; one that was damaged does no harm where another is sound.
 */
export class RolloverSearch {
  private readonly keys: SrtpKeys;
  private readonly packets: readonly Uint8Array[];
  private readonly tags: RtpTags | null;
  private readonly needsProof: boolean;
  private packet = 0;
  private next = 0;

  /** The counter of the first packet given; null until it is found. */
  roc: number | null = null;

  /** Whether there is nothing left to try. */
  get isDone(): boolean {
    return this.roc !== null || this.tags === null || this.packet >= this.packets.length;
  }

  /** `packets`: whole SRTP packets; they are kept. */
  constructor(keys: SrtpKeys, packets: readonly Uint8Array[]) {
    const trailer = rtpTrailerBytes(keys.policy);
    this.keys = keys;
    this.packets = packets.filter((each) => {
      const header = rtpHeaderBytes(each, 0, each.length);
      return header >= 0 && header + trailer <= each.length;
    });
    this.tags = rtpTags(keys);
    this.needsProof = keys.policy.suite.rtpTagBytes < PROOF_BYTES;
  }

  /** Tries some more counters, as many as take a few milliseconds or `count` of them. Says whether it is done. */
  step(count = this.keys.policy.keyDerivationRate > 0 ? DERIVING_STEP : STEP): boolean {
    if (this.isDone || this.tags === null) return true;
    const { tags } = this;
    const end = Math.min(COUNTERS, this.next + count);
    if (this.keys.attempt(() => this.tryCounters(tags, end))) return true;
    this.next = end;
    if (this.next >= COUNTERS) {
      this.next = 0;
      this.packet++;
    }
    return this.isDone;
  }

  private tryCounters(tags: RtpTags, end: number): boolean {
    const packet = this.packets[this.packet];
    for (let next = this.next; next < end; ) {
      tags.begin(packet, 0, packet.length);
      const roc = tags.search(sequenceOf(packet, 0), next, end - next);
      if (roc < 0) return false;
      if (this.isProved(tags, roc)) {
        this.roc = this.counterOfFirst(roc);
        return true;
      }
      // Behind a match by chance the search goes on.
      next = roc + 1;
    }
    return false;
  }

  private isProved(tags: RtpTags, roc: number): boolean {
    if (!this.needsProof) return true;
    const index = roc * COUNTERS + sequenceOf(this.packets[this.packet], 0);
    return this.packets.some((other, nth) => {
      if (nth === this.packet) return false;
      const otherIndex = extendSequence(index, sequenceOf(other, 0));
      if (otherIndex < 0 || otherIndex === index) return false;
      tags.begin(other, 0, other.length);
      return tags.matches(otherIndex);
    });
  }

  private counterOfFirst(roc: number): number {
    const index = roc * COUNTERS + sequenceOf(this.packets[this.packet], 0);
    const first = extendSequence(index, sequenceOf(this.packets[0], 0));
    return Math.max(0, Math.floor(first / COUNTERS));
  }
}
