// Timestamps of pcapng: draft-ietf-opsawg-pcapng, section 4.3 (if_tsresol, if_tsoffset in 4.2).
import type { FrameBatch } from './frame-batch.ts';

/** How an interface counts time. */
export interface CaptureClock {
  /** Units in a second where that divides 10^9, so that whole numbers suffice; 0 where it does not. */
  readonly unitsPerSecond: number;
  readonly nanosecondsPerUnit: number;
  /** The same for any resolution. */
  readonly exactUnitsPerSecond: bigint;
  /** Added to every time. */
  readonly offsetSeconds: number;
}

/**
 * The clock of an interface. `resolution` is if_tsresol: a power of ten, negated, or with the top bit set a power of
 * two; 6 is the default.
 */
export function makeClock(resolution: number, offsetSeconds: number): CaptureClock {
  const base = (resolution & 0x80) === 0 ? 10n : 2n;
  const exactUnitsPerSecond = base ** BigInt(resolution & 0x7f);
  const fast = exactUnitsPerSecond <= 1_000_000_000n && 1_000_000_000n % exactUnitsPerSecond === 0n;
  const unitsPerSecond = fast ? Number(exactUnitsPerSecond) : 0;
  return {
    unitsPerSecond,
    nanosecondsPerUnit: fast ? 1e9 / unitsPerSecond : 0,
    exactUnitsPerSecond,
    offsetSeconds,
  };
}

/**
 * Writes the time of frame `n`, exact to the nanosecond; finer resolutions are cut down. False where the time is before
 * 1970 or past 32 bits of seconds: the nearest that fits is written then.
 */
export function storeTime(batch: FrameBatch, n: number, high: number, low: number, clock: CaptureClock): boolean {
  const units = clock.unitsPerSecond;
  let seconds: number;
  let nanoseconds: number;
  if (units > 0) {
    // Long division by 16-bit digits: every intermediate stays below 2^46, where doubles are exact.
    const upper = Math.floor(high / units);
    const middle = (high - upper * units) * 65536 + (low >>> 16);
    const middleDigit = Math.floor(middle / units);
    const lower = (middle - middleDigit * units) * 65536 + (low & 0xffff);
    const lowerDigit = Math.floor(lower / units);
    seconds = upper * 4294967296 + middleDigit * 65536 + lowerDigit;
    nanoseconds = (lower - lowerDigit * units) * clock.nanosecondsPerUnit;
  } else {
    const time = (BigInt(high) << 32n) | BigInt(low);
    seconds = Number(time / clock.exactUnitsPerSecond);
    nanoseconds = Number(((time % clock.exactUnitsPerSecond) * 1_000_000_000n) / clock.exactUnitsPerSecond);
  }
  seconds += clock.offsetSeconds;
  const fits = seconds >= 0 && seconds <= 0xffffffff;
  batch.seconds[n] = fits ? seconds : seconds < 0 ? 0 : 0xffffffff;
  batch.nanoseconds[n] = fits ? nanoseconds : 0;
  return fits;
}
