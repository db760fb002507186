// Options and records of pcapng share one shape: type, length, value padded to four (draft-ietf-opsawg-pcapng, 3.5).

/** Walks the options in `at`…`end` of a block, one at a time and without allocation. */
export class OptionCursor {
  code = 0;
  /** Where the value begins. */
  at = 0;
  lengthBytes = 0;
  private readonly view: DataView;
  private readonly littleEndian: boolean;
  private readonly end: number;
  private nextAt: number;

  constructor(view: DataView, littleEndian: boolean, at: number, end: number) {
    this.view = view;
    this.littleEndian = littleEndian;
    this.nextAt = at;
    this.end = end;
  }

  /** Moves to the next option; false at the end, at opt_endofopt, and at an option that passes the end of its block. */
  next(): boolean {
    if (this.end - this.nextAt < 4) return false;
    this.code = this.view.getUint16(this.nextAt, this.littleEndian);
    this.lengthBytes = this.view.getUint16(this.nextAt + 2, this.littleEndian);
    this.at = this.nextAt + 4;
    if (this.code === 0 || this.lengthBytes > this.end - this.at) return false;
    this.nextAt = this.at + ((this.lengthBytes + 3) & ~3);
    return true;
  }

  u8(): number {
    return this.lengthBytes < 1 ? 0 : this.view.getUint8(this.at);
  }

  /** An unsigned 64-bit value; -1 where the option is shorter. Exact to 2^53. */
  u64(): number {
    if (this.lengthBytes < 8) return -1;
    return Number(this.view.getBigUint64(this.at, this.littleEndian));
  }

  /** A signed 64-bit value; 0 where the option is shorter. */
  i64(): number {
    return this.lengthBytes < 8 ? 0 : Number(this.view.getBigInt64(this.at, this.littleEndian));
  }

  /** UTF-8 without the padding zeros some writers add. */
  text(): string {
    return decodeText(this.view, this.at, this.lengthBytes);
  }
}

const utf8 = new TextDecoder();

/** The UTF-8 text of `length` octets at `at`, up to the first zero octet; what is no UTF-8 becomes U+FFFD. */
export function decodeText(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const zero = bytes.indexOf(0);
  return utf8.decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}
