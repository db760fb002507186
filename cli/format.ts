/** Numbers and times as a person reads them. Unknown is `–`. */
import { NONE } from '../shared/figures.ts';

export { formatDuration, formatNumber, formatPercent, NONE } from '../shared/figures.ts';

/** Thousands apart, for prose: `1,234,567`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 packet`, `1,013 packets`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** `812 octets`, `1.2 MB`: powers of ten. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, 'octet');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** `2026-11-21` in local time. */
export function formatDate(time: number): string {
  const date = new Date(time * 1000);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The second written last, and its text: times come in order, and many share theirs. */
let clockSecond = NaN;
let clockText = '';

/** `13:05:09.042` in local time. */
export function formatClock(time: number): string {
  // Rounded first, so that 59.9996 s does not become 60.000.
  const millis = Math.round(time * 1000);
  const second = Math.floor(millis / 1000);
  if (second !== clockSecond) {
    const date = new Date(millis);
    clockText = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    clockSecond = second;
  }
  return `${clockText}.${String(millis - second * 1000).padStart(3, '0')}`;
}

/** `UTC+01:00`, the zone that `formatClock` uses at that time. */
export function formatZone(time: number): string {
  const minutes = -new Date(time * 1000).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

/** Formats times of one capture: with the date where it goes past midnight, without where it does not. */
export function clockFor(first: number | null, last: number | null): (time: number | null) => string {
  const hasDays = first !== null && last !== null && formatDate(first) !== formatDate(last);
  return (time) => {
    if (time === null) return NONE;
    return hasDays ? `${formatDate(time).slice(5)} ${formatClock(time)}` : formatClock(time);
  };
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
