/** What is known of a stream's encryption. Decryption itself is not in this version. */
export interface EncryptionState {
  /** SRTP suite as signalled (RFC 4568), or null where only the profile or the payload tells. */
  readonly suite: string | null;
  /** `sdes` or `dtls` where signalling announced keys that way, null where nothing did. */
  readonly keySource: 'sdes' | 'dtls' | null;
  /** What says so: the media section's profile, or the look of the payload. */
  readonly evidence: 'signalled' | 'payload';
}
