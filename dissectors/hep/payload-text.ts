/** Payloads that are text: logs, and reports as JSON. */
import type { Octets } from '../../base/octets.ts';

/** Octets that decide whether a payload is text. */
const LOOKED_AT = 512;
const MOST_ENTRIES = 200;
const DEEPEST = 8;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const DELETE = 127;

/** Whether the payload has no control characters but those of lines. */
export function isText(data: Octets, at: number, length: number): boolean {
  for (let i = 0; i < Math.min(length, LOOKED_AT); i++) {
    const octet = data.u8(at + i);
    if (octet < TAB || (octet > CARRIAGE_RETURN && octet < 32) || octet === DELETE) return false;
  }
  return length > 0;
}

/** The values of a JSON document by their path, `sender_information.packets`; null where the text is none. */
export function reportEntries(text: string): readonly (readonly [path: string, value: string])[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof document !== 'object' || document === null) return null;
  const entries: (readonly [string, string])[] = [];
  collect('', document, 0, entries);
  return entries;
}

function collect(path: string, value: unknown, depth: number, into: (readonly [string, string])[]): void {
  if (into.length >= MOST_ENTRIES) return;
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) {
    into.push([path, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    collect(path === '' ? key : `${path}.${key}`, inner, depth + 1, into);
  }
}
