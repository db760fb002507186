/** Octets of the words that the hot pass looks for, and how it compares them. */

export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const EQUALS = 0x3d;

export function word(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Whether `length` octets at `at` are `lower`, in any case of letters. */
export function isWord(bytes: Uint8Array, at: number, length: number, lower: Uint8Array): boolean {
  if (lower.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const want = lower[i];
    const have = bytes[at + i];
    if (have !== want && (want < 0x61 || (have | 0x20) !== want)) return false;
  }
  return true;
}

export function isBlankOctet(octet: number): boolean {
  return octet === 0x20 || octet === 0x09;
}

/** Text put together octet by octet in memory that is kept; what passes `capacity` is dropped, whole pieces at a time. */
export class TextScratch {
  readonly bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Adds a piece, after `separator` where something is there already; false where it did not fit. */
  add(separator: number, from: Uint8Array, at: number, length: number): boolean {
    if (this.length + length + 1 > this.bytes.length) return false;
    if (this.length > 0) this.bytes[this.length++] = separator;
    for (let i = 0; i < length; i++) this.bytes[this.length + i] = from[at + i];
    this.length += length;
    return true;
  }
}
