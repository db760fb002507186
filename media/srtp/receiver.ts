import { extendSequence } from '../../base/sequence.ts';
import { equalOctets, rtpHeaderBytes, sequenceOf } from './packet-layout.ts';
import { ReplayWindow } from './replay-window.ts';
import { type RtpTags, rtpTagBytes, rtpTags, rtpTrailerBytes } from './rtp-tags.ts';
import type { SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { rolloverOf } from './vectors.ts';

const COUNTERS = 65536;
const MOST_INDEX = 2 ** 48 - 1;
/** Rollover counters tried beside the expected one, the likeliest first. */
const NEIGHBOURS: readonly number[] = [1, -1, 2, -2];
/** Counters that a stream begins with whose beginning was captured, or nearly. */
const FIRST_COUNTERS: readonly number[] = [0, 1, 2];

/**
 * Follows the RTP packets of one sender (one SSRC) in the order they were captured: which index each has, and whether
 * it is authentic (RFC 3711 section 3.3). It opens nothing: `SrtpOpener` does, at these indices, many at a time.
 */
export class SrtpReceiver {
  private readonly keys: SrtpKeys;
  private readonly tags: RtpTags | null;
  private readonly window = new ReplayWindow();
  private readonly firstCounters: readonly number[];
  private readonly trailerBytes: number;
  private readonly mkiAt: number;
  private firstIndex = -1;

  /** Of the latest packet: rollover counter × 65,536 + sequence number; -1 where it was not authenticated. */
  index = -1;

  /** `roc`: the counter to begin with, where something says (`RolloverSearch`, the same sender's former key). */
  constructor(keys: SrtpKeys, roc = 0) {
    const { policy } = keys;
    this.keys = keys;
    this.tags = rtpTags(keys);
    this.trailerBytes = rtpTrailerBytes(policy);
    // From the end: the MKI lies before the tag, and behind that of GCM.
    this.mkiAt = policy.suite.cipher === 'aes-gcm' ? policy.mki.length : policy.mki.length + rtpTagBytes(policy);
    const near = [roc, ...NEIGHBOURS.map((step) => roc + step)];
    this.firstCounters =
      roc === 0 ? FIRST_COUNTERS : [...new Set([...near, ...FIRST_COUNTERS])].filter((each) => each >= 0);
  }

  /** The rollover counter of the newest packet; -1 before the first that was authenticated. */
  get roc(): number {
    return this.window.highest < 0 ? -1 : rolloverOf(this.window.highest);
  }

  /** Packets that the sender has sent at least, of those under this index space; for a key's lifetime. */
  get packetsAtLeast(): number {
    const { highest } = this.window;
    // A sequence begins anywhere in the first round.
    return highest < 0 ? 0 : Math.max(highest - this.firstIndex + 1, highest - COUNTERS + 2);
  }

  /** What became of the SRTP packet `bytes[at … at + length)`; `index` is set. */
  unprotect(bytes: Uint8Array, at: number, length: number): SrtpStatus {
    this.index = -1;
    const header = rtpHeaderBytes(bytes, at, length);
    if (header < 0 || header + this.trailerBytes > length) return SrtpStatus.TooShort;
    if (!equalOctets(bytes, at + length - this.mkiAt, this.keys.policy.mki)) return SrtpStatus.BadMki;
    const sequence = sequenceOf(bytes, at);
    if (this.tags === null) return this.settle(this.expected(sequence), SrtpStatus.Unverified);
    this.tags.begin(bytes, at, length);
    const index = this.authenticIndex(this.tags, sequence);
    return index < 0 ? SrtpStatus.AuthFail : this.settle(index, SrtpStatus.Ok);
  }

  private settle(index: number, fresh: SrtpStatus): SrtpStatus {
    this.index = index;
    if (this.window.isOld(index)) return SrtpStatus.Old;
    if (this.window.has(index)) return SrtpStatus.Replayed;
    if (this.firstIndex < 0 || index < this.firstIndex) this.firstIndex = index;
    this.window.mark(index);
    return fresh;
  }

  /** RFC 3711 appendix A: the index nearest to the highest so far. */
  private expected(sequence: number): number {
    const { highest } = this.window;
    if (highest < 0) return this.firstCounters[0] * COUNTERS + sequence;
    const index = extendSequence(highest, sequence);
    return index < 0 ? index + COUNTERS : index;
  }

  private authenticIndex(tags: RtpTags, sequence: number): number {
    if (this.window.highest < 0) return this.firstAuthenticIndex(tags, sequence);
    const expected = this.expected(sequence);
    if (tags.matches(expected)) return expected;
    for (const step of NEIGHBOURS) {
      const index = expected + step * COUNTERS;
      if (index >= 0 && index <= MOST_INDEX && tags.matches(index)) return index;
    }
    return -1;
  }

  private firstAuthenticIndex(tags: RtpTags, sequence: number): number {
    let found = -1;
    this.keys.attempt(() => {
      for (const roc of this.firstCounters) {
        const index = roc * COUNTERS + sequence;
        if (tags.matches(index)) found = index;
        if (found >= 0) return true;
      }
      return false;
    });
    return found;
  }
}
