/** Display filters made from rows and cells. */
import type { FieldValue } from './column.ts';

/** `frame.number in {1, 5..9}`, `stream.id == 3`; null for no numbers. Duplicates and order do not matter. */
export function numbersFilter(field: string, numbers: readonly number[]): string | null {
  if (numbers.length === 0) return null;
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  if (sorted.length === 1) return `${field} == ${sorted[0]}`;
  const items: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end] + 1) end++;
    items.push(...runItems(sorted[at], sorted[end]));
    at = end + 1;
  }
  return `${field} in {${items.join(', ')}}`;
}

function runItems(from: number, to: number): string[] {
  if (to === from) return [String(from)];
  return to === from + 1 ? [String(from), String(to)] : [`${from}..${to}`];
}

/** `ip.src == 10.0.0.1`, `call.from == "al\"ice"`. */
export function valueFilter(wanted: FieldValue): string {
  if ('condition' in wanted) return wanted.condition;
  const { field, value, isBare = false } = wanted;
  const text = typeof value === 'string' && !isBare ? quoted(value) : String(value);
  return `${field} == ${text}`;
}

function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/\p{Cc}/gu, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

/** A filter and a further condition, or everything but what it says. */
export function andFilter(filter: string, condition: string, isNegated = false): string {
  const part = isNegated ? `!(${condition})` : condition;
  const before = filter.trim();
  if (before === '') return part;
  return `${hasOr(before) ? `(${before})` : before} && ${hasOr(part) ? `(${part})` : part}`;
}

/** Whether `or` could stand outside quotes: brackets too many do no harm. */
function hasOr(filter: string): boolean {
  return /\|\||\bor\b/i.test(filter.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
}

/** The host of `10.0.0.1:5060` or `[2001:db8::1]:5060` compared with a field of its kind; null for other addresses. */
export function hostFilter(endpoint: string | null, side: 'src' | 'dst'): FieldValue | null {
  if (endpoint === null) return null;
  const host = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(endpoint)?.[1] ?? endpoint.replace(/^([\d.]+):\d+$/, '$1');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return { field: `ip.${side}`, value: host, isBare: true };
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(host)) return { field: `eth.${side}`, value: host, isBare: true };
  return host.includes(':') && /^[0-9a-f:.]+$/i.test(host)
    ? { field: `ipv6.${side}`, value: host, isBare: true }
    : null;
}
