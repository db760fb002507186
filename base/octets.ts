/**
 * A bounds-checked view on octets. It never throws: a read past the end gives 0 and sets `overrun`, so a
 * dissector reads a whole header in straight lines and asks once. One view is re-aimed for every packet of the
 * hot pass (`point`), so reading costs no allocation.
 */
export class Octets {
  bytes: Uint8Array;
  /** Where the view begins in `bytes`. */
  start: number;
  /** Octets in the view. */
  length: number;
  /** Set by any read that passed the end (or began before 0). */
  overrun = false;

  constructor(bytes: Uint8Array, start = 0, length = bytes.length - start) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
  }

  /** Re-aims this view; `start + length` must lie inside `bytes`. Clears `overrun`. */
  point(bytes: Uint8Array, start: number, length: number): this {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.overrun = false;
    return this;
  }

  u8(at: number): number {
    if (at < 0 || at >= this.length) return this.passedEnd();
    return this.bytes[this.start + at];
  }

  u16(at: number): number {
    if (at < 0 || at + 2 > this.length) return this.passedEnd();
    const i = this.start + at;
    return (this.bytes[i] << 8) | this.bytes[i + 1];
  }

  u24(at: number): number {
    if (at < 0 || at + 3 > this.length) return this.passedEnd();
    const i = this.start + at;
    return (this.bytes[i] << 16) | (this.bytes[i + 1] << 8) | this.bytes[i + 2];
  }

  u32(at: number): number {
    if (at < 0 || at + 4 > this.length) return this.passedEnd();
    const i = this.start + at;
    const b = this.bytes;
    return ((b[i] << 24) | (b[i + 1] << 16) | (b[i + 2] << 8) | b[i + 3]) >>> 0;
  }

  /** A new view on part of this one, clipped to it (`overrun` is set here when it had to be). Cold paths only. */
  sub(at: number, length = this.length - at): Octets {
    const from = Math.min(Math.max(at, 0), this.length);
    const size = Math.max(0, Math.min(length, this.length - from));
    if (from !== at || size !== length) this.overrun = true;
    return new Octets(this.bytes, this.start + from, size);
  }

  /** The octets as text, UTF-8 with replacement characters for what is not. Cold paths only. */
  text(at = 0, length = this.length - at): string {
    const part = this.sub(at, length);
    const bytes = part.bytes.subarray(part.start, part.start + part.length);
    return utf8.decode(bytes);
  }

  /** Lower-case hexadecimal of part of the view. Cold paths only. */
  hex(at = 0, length = this.length - at): string {
    const part = this.sub(at, length);
    let out = '';
    for (let i = 0; i < part.length; i++) out += HEX[part.bytes[part.start + i]];
    return out;
  }

  private passedEnd(): number {
    this.overrun = true;
    return 0;
  }
}

/** Two lower-case hexadecimal digits for every octet value. */
export const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

// The WHATWG decoder is in every runtime Earshot runs in, but not in the ES library the pure folders compile against.
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };
const utf8 = new TextDecoder('utf-8');
