/** Numbers as the window shows them: fixed decimals, narrow spaces between thousands, `—` where nothing is known. */

export const UNKNOWN = '—';
/** U+202F: parts thousands and does not break. */
export const NARROW_SPACE = '\u202f';

/** With the digits given: `formatNumber(1.25, 1)` is `1.3`. Unknown for null, NaN and infinities; never `-0.0`. */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const rounded = Number(`${Math.round(Number(`${value}e${digits}`))}e-${digits}`);
  // Exponents beyond what can be shifted in text are rounded by the engine.
  const text = (Number.isFinite(rounded) ? rounded : value).toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** `48 213`. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

/** `1 packet`, `1 013 packets`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Per cent with one decimal; a loss is never rounded to none, nor a rest to all: `<0.1`, `>99.9`, `100`. */
export function formatPercent(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  if (value === 100) return '100';
  if (value > 0 && value < 0.05) return '<0.1';
  if (value < 100 && value >= 99.95) return '>99.9';
  return formatNumber(value, 1);
}

/** `940 bytes`, `31.8 MB`: powers of ten. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${formatNumber(value, value < 99.95 ? 1 : 0)} ${units[unit]}`;
}
