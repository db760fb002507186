/** Figures as the command prints them. Unknown is `–`. */

export const NONE = '–';

/** With the digits given, e.g. `formatNumber(1.25, 1)` is `1.3`; null is `–`. */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const text = value.toFixed(digits);
  return value < 0 && Number(text) === 0 ? text.slice(1) : text;
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

/** `12.3 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 9.9995 ? 3 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
