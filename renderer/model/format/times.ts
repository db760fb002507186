/** Times as the window shows them. Times are seconds since the epoch, spans are seconds. */
import type { TimeFormat, TimeZoneChoice } from '../store.ts';
import { formatNumber, NARROW_SPACE, UNKNOWN } from './numbers.ts';

/** `14:30:02.118` with 3 digits, `14:30:02` with none; 6 digits are parted: `14:30:02.118 204`. */
export function formatClock(time: number | null, zone: TimeZoneChoice, digits = 3): string {
  if (time === null || !Number.isFinite(time)) return UNKNOWN;
  // Rounded as a whole, so that 59.9996 s becomes the next minute and not 59.1000 s.
  const scale = 10 ** digits;
  const units = Math.round(time * scale);
  const whole = Math.floor(units / scale);
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  const parts =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map(two).join(':') + fraction(units - whole * scale, digits);
}

/** `2026-11-21`. */
export function formatDate(time: number | null, zone: TimeZoneChoice): string {
  if (time === null || !Number.isFinite(time)) return UNKNOWN;
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  const [year, month, day] =
    zone === 'utc'
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()];
  return `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(day)}`;
}

/** A span in seconds with its decimals: `48.208 961`, `-0.002`. */
export function formatSeconds(span: number | null, digits = 3): string {
  if (span === null || !Number.isFinite(span)) return UNKNOWN;
  const scale = 10 ** digits;
  const units = Math.round(Math.abs(span) * scale);
  const whole = Math.floor(units / scale);
  return `${span < 0 && units > 0 ? '-' : ''}${whole}${fraction(units - whole * scale, digits)}`;
}

/** What a time is shown against; null where it is not known (yet). */
export interface TimeContext {
  readonly format: TimeFormat;
  readonly zone: TimeZoneChoice;
  /** Of the capture's first packet. */
  readonly start: number | null;
}

/** A row's time by the format chosen; `before` is the time of the row before it. */
export function formatTime(
  time: number | null,
  before: number | null,
  { format, zone, start }: TimeContext,
  digits = 3,
): string {
  if (time === null) return UNKNOWN;
  if (format === 'absolute') return formatClock(time, zone, digits);
  const from = format === 'since-start' ? start : before;
  return from === null ? UNKNOWN : formatSeconds(time - from, digits);
}

/** The unit that goes into the header over `formatTime`: none for a time of day. */
export function timeUnit({ format, zone }: TimeContext): string {
  if (format !== 'absolute') return 's';
  return zone === 'utc' ? 'UTC' : '';
}

/** `12.3 s`, `2 min 05 s`, `3 h 20 min`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 59.95) return `${formatNumber(seconds, seconds < 9.9995 ? 3 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

function fraction(units: number, digits: number): string {
  if (digits === 0) return '';
  const text = String(units).padStart(digits, '0');
  return digits <= 3 ? `.${text}` : `.${text.slice(0, 3)}${NARROW_SPACE}${text.slice(3)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
