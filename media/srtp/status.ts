/** What became of a packet, in libsrtp's words. */
export const SrtpStatus = {
  /** Authenticated. */
  Ok: 0,
  /** Nothing in it can be verified: the suite or the session has no authentication. */
  Unverified: 1,
  /** Authenticated (or not verifiable), and seen before. */
  Replayed: 2,
  /** Authenticated, and so far behind the newest that nobody can say whether it was seen before. */
  Old: 3,
  /** Not of this key, changed on the way, or not encrypted. */
  AuthFail: 4,
  /** It names another master key. */
  BadMki: 5,
  /** Cut, or without room for what SRTP adds. */
  TooShort: 6,
} as const;
export type SrtpStatus = (typeof SrtpStatus)[keyof typeof SrtpStatus];

/** Can a packet of this status be opened? `Unverified` ones may be noise. */
export function isOpened(status: SrtpStatus): boolean {
  return status <= SrtpStatus.Old;
}
