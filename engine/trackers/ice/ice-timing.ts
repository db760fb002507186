/** How long an agent waits before it gives something up, and how much of a capture is kept. Seconds. */

/**
 * A pair that worked counts as lost once this many checks in a row went unanswered and the first of them is this old:
 * what browsers do (libwebrtc: CONNECTION_WRITE_CONNECT_FAILURES and _TIMEOUT), well before consent itself expires.
 */
export const LOST_CHECKS = 5;
export const LOST_SECONDS = 5;
/** A pair whose checks are not answered for so long is given up (libwebrtc: CONNECTION_WRITE_TIMEOUT). */
export const GIVE_UP_SECONDS = 15;
/** Consent expires (RFC 7675 section 5.1). */
export const CONSENT_SECONDS = 30;
/** A check that is as young as this at the end of the capture may still be answered. */
export const ANSWER_SECONDS = 2;
/** The same octets on the same way within this time are one packet that was captured twice: agents wait longer. */
export const CAPTURED_TWICE_SECONDS = 0.02;
/** Checks go out every 50 ms or so while pairs are tried; consent checks of all known agents are further apart. */
export const CONSENT_PACE_SECONDS = 1;
/** That many checks without any answer say that a direction is blocked. */
export const BLOCKED_CHECKS = 4;

/** What one capture may hold; far beyond real ones. */
export const MOST_SESSIONS = 16_384;
/** Restarts of a session. */
export const MOST_GENERATIONS = 256;
export const MOST_PAIRS = 131_072;
export const MOST_PAIRS_OF_SESSION = 1024;
export const MOST_LEGS = 262_144;
export const MOST_CANDIDATES_OF_SESSION = 256;
export const MOST_STATES_OF_SESSION = 1024;
export const MOST_CHECK_TIMES = 500;
export const MOST_PACKETS_OF_PAIR = 20;
/** Pairs that nobody checked, of a session. */
export const MOST_WAITING_PAIRS = 64;
/** Messages read back for their candidates. */
export const MOST_DESCRIPTIONS = 65_536;
