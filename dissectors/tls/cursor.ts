import type { Octets } from '../../base/octets.ts';

/**
 * Reads a part of a view from front to back, vectors by their length prefix (RFC 8446, section 3.4). What does not fit
 * gives zeros and empty parts and sets `failed`, never an exception. Cold paths only.
 */
export class Cursor {
  readonly data: Octets;
  at: number;
  readonly end: number;
  failed = false;

  constructor(data: Octets, at = 0, end = data.length) {
    this.data = data;
    this.end = Math.max(0, Math.min(end, data.length));
    this.at = Math.max(0, Math.min(at, this.end));
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.take(1) ? this.data.u8(this.at - 1) : 0;
  }

  u16(): number {
    return this.take(2) ? this.data.u16(this.at - 2) : 0;
  }

  u24(): number {
    return this.take(3) ? this.data.u24(this.at - 3) : 0;
  }

  u32(): number {
    return this.take(4) ? this.data.u32(this.at - 4) : 0;
  }

  /** A copy of the next `length` octets, so that it outlives the view. */
  octets(length: number): Uint8Array {
    if (!this.take(length)) return new Uint8Array(0);
    const from = this.data.start + this.at - length;
    return this.data.bytes.slice(from, from + length);
  }

  /** The next `length` octets as a cursor of their own. */
  part(length: number): Cursor {
    if (!this.take(length)) return new Cursor(this.data, this.at, this.at);
    return new Cursor(this.data, this.at - length, this.at);
  }

  /** A vector whose length has 8, 16 or 24 bits, as a cursor on what it holds. */
  vector(lengthBits: 8 | 16 | 24): Cursor {
    return this.part(lengthBits === 8 ? this.u8() : lengthBits === 16 ? this.u16() : this.u24());
  }

  /** All numbers of 16 bits that are left; a single octet at the end sets `failed`. */
  u16List(): number[] {
    const list: number[] = [];
    while (this.left > 0 && !this.failed) {
      const value = this.u16();
      if (!this.failed) list.push(value);
    }
    return list;
  }

  rest(): Uint8Array {
    return this.octets(this.left);
  }

  text(): string {
    const text = this.data.text(this.at, this.left);
    this.at = this.end;
    return text;
  }

  private take(length: number): boolean {
    if (this.at + length > this.end) {
      this.failed = true;
      return false;
    }
    this.at += length;
    return true;
  }
}
