import { fractionMicroseconds, microsecondsOf } from './log-clock.ts';

const DATE_TIME =
  /(\d{4})[-/](\d\d)[-/](\d\d)[T ]+(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?/;
const EPOCH = /(?:^|[\s:])(\d{9,10})\.(\d{1,9})\b/;
const TIME_OF_DAY = /(?:^|[\sT])(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/;
const DIRECTION = /^[\s>]*([IO])(?=\s|$)/;

/** What the text before a packet of a dump says of it. */
export interface Preamble {
  /** null where it does not say. */
  readonly isOutbound: boolean | null;
  /** Microseconds since the epoch, or since midnight where `isDated` is false; null without a time. */
  readonly microseconds: number | null;
  readonly isDated: boolean;
  /** Below the microsecond. */
  readonly nanoseconds: number;
}

/** Reads direction (`I`, `O`) and time in the forms that dumps have: ISO 8601, seconds since the epoch, the time of day. */
export function parsePreamble(text: string): Preamble {
  const direction = DIRECTION.exec(text);
  const isOutbound = direction === null ? null : direction[1] === 'O';
  const date = DATE_TIME.exec(text);
  if (date !== null) {
    const [, year, month, day, hours, minutes, seconds, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] =
      date;
    const ofDay = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
    const away = (sign === '-' ? -1 : 1) * (3600 * Number(offsetHours) + 60 * Number(offsetMinutes)) * 1e6;
    const time = microsecondsOf(Number(year), Number(month), Number(day), ofDay, fraction) - away;
    if (time >= 0) return { isOutbound, microseconds: time, isDated: true, nanoseconds: belowMicrosecond(fraction) };
  }
  const epoch = EPOCH.exec(text);
  if (epoch !== null && Number(epoch[1]) < 2 ** 32) {
    const time = Number(epoch[1]) * 1e6 + fractionMicroseconds(epoch[2]);
    return { isOutbound, microseconds: time, isDated: true, nanoseconds: belowMicrosecond(epoch[2]) };
  }
  const clock = TIME_OF_DAY.exec(text);
  if (clock === null) return { isOutbound, microseconds: null, isDated: false, nanoseconds: 0 };
  const [, hours, minutes, seconds, fraction = ''] = clock;
  const time = (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds)) * 1e6 + fractionMicroseconds(fraction);
  return { isOutbound, microseconds: time, isDated: false, nanoseconds: belowMicrosecond(fraction) };
}

function belowMicrosecond(fraction: string): number {
  return Number(fraction.padEnd(9, '0').slice(6, 9));
}
