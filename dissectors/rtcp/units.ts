/** What RTCP's numbers mean to a person. */

/** Seconds from 1900, where NTP counts from, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;
/** Senders without a wall clock count from their own start; no date before 1968 can be meant. */
const FIRST_WALL_CLOCK = 0x8000_0000;

/** An NTP timestamp (RFC 5905, section 6) as ISO 8601 in UTC, or as seconds where it cannot be a date. */
export function formatNtp(seconds: number, fraction: number): string {
  if (seconds === 0 && fraction === 0) return 'not known';
  const part = fraction / 2 ** 32;
  if (seconds < FIRST_WALL_CLOCK) return `${(seconds + part).toFixed(6)} s, no wall clock`;
  return new Date(Math.round((seconds - NTP_TO_UNIX + part) * 1000)).toISOString();
}

/** A delay in units of 1/65536 s (RFC 3550, section 6.4.1, DLSR). */
export function formatDelay(delay: number): string {
  return `${((delay / 65536) * 1000).toFixed(3)} ms`;
}

/** A part of 256 as a percentage. */
export function formatPart(part: number): string {
  return `${((part / 256) * 100).toFixed(1)} %`;
}

/** A bit rate with the unit that keeps it short. */
export function formatBitrate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e6) return `${(bitsPerSecond / 1e6).toFixed(3)} Mbit/s`;
  if (bitsPerSecond >= 1e3) return `${(bitsPerSecond / 1e3).toFixed(3)} kbit/s`;
  return `${bitsPerSecond} bit/s`;
}

/** An SSRC as it is written everywhere. */
export function formatSsrc(ssrc: number): string {
  return `0x${ssrc.toString(16).padStart(8, '0')}`;
}
