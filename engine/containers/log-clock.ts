import type { PacketTime } from './packet-sink.ts';

const DAY_MICROSECONDS = 86_400e6;
const MINUTE_MICROSECONDS = 60e6;
/** A time this much before the last is not one that came late. */
const MAX_BACKWARD_MICROSECONDS = 30e6;

/** Makes a time of microseconds since the epoch. */
export function timeOf(microseconds: number): PacketTime {
  const seconds = Math.floor(microseconds / 1e6);
  return { seconds, nanoseconds: Math.round(microseconds - seconds * 1e6) * 1000 };
}

/** Microseconds since the epoch of a date and time in UTC; a date that does not exist is NaN. */
export function microsecondsOf(year: number, month: number, day: number, secondsOfDay: number, fraction = ''): number {
  const date = Date.UTC(year, month - 1, day);
  const isSame = new Date(date).getUTCMonth() === month - 1 && date >= 0 && year < 2106;
  return isSame ? date * 1000 + secondsOfDay * 1e6 + fractionMicroseconds(fraction) : Number.NaN;
}

/** Digits behind a decimal point as microseconds. */
export function fractionMicroseconds(digits: string): number {
  return Math.floor(Number(`${digits}000000`.slice(0, 6)));
}

/**
 * The time nearest to `near` that differs from `clock` by whole periods (all microseconds). With a period of a minute it does
 * not matter in which time zone `clock` is, nor that Chromium leaves hours and minutes out.
 */
export function nearest(clock: number, near: number, period = MINUTE_MICROSECONDS): number {
  const away = clock - near;
  return near + away - Math.round(away / period) * period;
}

/**
 * Times of day without a date, as a time that goes on: over midnight, and over every minute where hours and minutes are
 * left out. Chromium writes `00:00:13.838` at 10:55:13: its text has the seconds right and nothing above them.
 */
export class DayClock {
  /** Minutes had to be made up. */
  hasGuessedMinutes = false;
  private last = Number.NaN;
  private offset = 0;

  /** Microseconds since midnight in, since the midnight before the first packet out. */
  time(microsecondsOfDay: number): number {
    const time = microsecondsOfDay + this.offset;
    if (time < this.last - MAX_BACKWARD_MICROSECONDS) {
      const isMinuteMissing =
        microsecondsOfDay < MINUTE_MICROSECONDS && time + MINUTE_MICROSECONDS >= this.last - MAX_BACKWARD_MICROSECONDS;
      if (isMinuteMissing) this.hasGuessedMinutes = true;
      this.offset += isMinuteMissing ? MINUTE_MICROSECONDS : DAY_MICROSECONDS;
    }
    this.last = microsecondsOfDay + this.offset;
    return this.last;
  }
}
