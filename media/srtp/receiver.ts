import { extendSequence } from '../../base/sequence.ts';
import { equalOctets, rtpHeaderBytes, sequenceOf } from './packet-layout.ts';
import { ReplayWindow } from './replay-window.ts';
import { type RtpTags, rtpTagBytes, rtpTags, rtpTrailerBytes } from './rtp-tags.ts';
import type { SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { rolloverOf } from './vectors.ts';

const COUNTERS = 65536;
const MOST_COUNTER = 2 ** 32 - 1;
/** Rollover counters tried on either side of the expected one. */
const NEIGHBOURS = 2;
/** Counters from 0 that a stream begins with whose beginning was captured, or nearly. */
const FIRST_COUNTERS = 3;

/**
 * Follows the RTP packets of one sender (one SSRC) in the order they were captured: which index each has, and whether
 * it is authentic (RFC 3711 section 3.3). It opens nothing: `SrtpOpener` does, at these indices, many at a time.
 */
export class SrtpReceiver {
  private readonly keys: SrtpKeys;
  private readonly tags: RtpTags | null;
  private readonly window = new ReplayWindow();
  private readonly firstRoc: number;
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
    this.firstRoc = roc;
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
    if (highest < 0) return this.firstRoc * COUNTERS + sequence;
    const index = extendSequence(highest, sequence);
    return index < 0 ? index + COUNTERS : index;
  }

  private authenticIndex(tags: RtpTags, sequence: number): number {
    if (this.window.highest < 0) return this.firstAuthenticIndex(tags, sequence);
    const expected = this.expected(sequence);
    if (tags.matches(expected)) return expected;
    return nearIndex(tags, sequence, rolloverOf(expected));
  }

  private firstAuthenticIndex(tags: RtpTags, sequence: number): number {
    let found = -1;
    this.keys.attempt(() => {
      if (this.firstRoc > 0) found = nearIndex(tags, sequence, this.firstRoc);
      if (found < 0) found = searchedIndex(tags, sequence, 0, FIRST_COUNTERS);
      return found >= 0;
    });
    return found;
  }
}

/** The index with which a packet is authentic, of the rollover counters around `roc`; -1 where there is none. */
function nearIndex(tags: RtpTags, sequence: number, roc: number): number {
  const from = Math.max(0, roc - NEIGHBOURS);
  return searchedIndex(tags, sequence, from, Math.min(MOST_COUNTER, roc + NEIGHBOURS) - from + 1);
}

function searchedIndex(tags: RtpTags, sequence: number, from: number, count: number): number {
  const roc = tags.search(sequence, from, count);
  return roc < 0 ? -1 : roc * COUNTERS + sequence;
}
