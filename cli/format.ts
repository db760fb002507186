/** Numbers and times as a person reads them. Unknown is `–`. */

export const NONE = '–';

/** With the digits given, e.g. `formatNumber(1.25, 1)` is `1.3`; null is `–`. */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const text = value.toFixed(digits);
  return value < 0 && Number(text) === 0 ? text.slice(1) : text;
}

/** Thousands apart, for prose: `1,234,567`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 packet`, `1,013 packets`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Per cent: `0`, `0.02`, `1.4`, `12.5`, `100`. */
export function formatPercent(value: number | null): string {
  if (value === null) return NONE;
  if (value === 0 || value === 100) return String(value);
  // Never rounded to none or all: a single packet lost is a loss.
  if (value < 0.01) return '<0.01';
  if (value < 1) return value.toFixed(2);
  return Math.min(value, 99.9).toFixed(1);
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

/** `12.3 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 9.9995 ? 3 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
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
