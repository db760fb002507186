import type { KeySource, MediaKey } from '../../keys/media-key.ts';

/** What is known of a stream's encryption. */
export interface EncryptionState {
  /** SRTP suite as signalled (RFC 4568), or of the key that opened it; null where only the profile or the payload tells. */
  readonly suite: string | null;
  /** Where its keys come from, or come from by the signalling; null where nothing says. */
  readonly keySource: KeySource | null;
  /**
   * What says that it is encrypted: the media section's profile, a DTLS handshake on its way, the look of the payload, or a
   * key that authenticates.
   */
  readonly evidence: 'signalled' | 'handshake' | 'payload' | 'key';
  /** Null while no key authenticates its packets. */
  readonly opening: StreamOpening | null;
  /** Keys that authenticate none of the packets tried, and how many those packets were. */
  readonly keysInVain: number;
  readonly packetsTried: number;
}

/** A stream whose packets were made plain. Packets are counted once for each time they were captured. */
export interface StreamOpening {
  /** In order of use; the first is that of most streams' every packet. */
  readonly keys: readonly MediaKey[];
  readonly authenticated: number;
  /** No key at hand authenticates them: they are never heard. */
  readonly failed: number;
  /** Authenticated, and their index was seen before (RFC 3711 section 3.3.2). */
  readonly replayed: number;
  /** The suite has no tag, or is said not to use it: the key cannot be proved (RFC 3711 section 9.5.1). */
  readonly isUnproved: boolean;
  /** Packets before the key's first, by their rollover counter: 0 where the capture has the stream from its beginning. */
  readonly firstRollover: number;
  /** The 0-based frame at which the key had served longer than its lifetime, -1 where it did not. */
  readonly expiredFrame: number;
}
