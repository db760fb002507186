/** GHASH (NIST SP 800-38D section 6.4), octet by octet with a table of the key's multiples. */

const BLOCK_BYTES = 16;
/** The polynomial 1 + a + a^2 + a^7, with the bits in GCM's order: the first bit of an octet is its highest. */
const POLYNOMIAL = 0xe1000000;

/** What shifting an octet out of the low end of an element puts back in at its high end, as its highest 16 bits. */
const REDUCTION = reductionTable();

function reductionTable(): Int32Array {
  const table = new Int32Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let high = 0;
    let low = octet;
    for (let bit = 0; bit < 8; bit++) {
      const out = low & 1;
      low = (low >>> 1) | ((high & 1) << 31);
      high >>>= 1;
      if (out) high ^= POLYNOMIAL;
    }
    table[octet] = high;
  }
  return table;
}

/** GHASH under one key, a block of 16 octets. */
export class Ghash {
  /** Four words of each of 256 multiples: octet × key. */
  private readonly multiples = new Int32Array(4 * 256);
  private readonly tail = new Uint8Array(BLOCK_BYTES);
  private y0 = 0;
  private y1 = 0;
  private y2 = 0;
  private y3 = 0;

  constructor(key: Uint8Array) {
    const view = new DataView(key.buffer, key.byteOffset, BLOCK_BYTES);
    let [a, b, c, d] = [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)];
    const table = this.multiples;
    // 0x80 is the element 1; each halving of the octet is another power.
    for (let octet = 0x80; octet > 0; octet >>= 1) {
      table.set([a, b, c, d], 4 * octet);
      const out = d & 1;
      d = (d >>> 1) | (c << 31);
      c = (c >>> 1) | (b << 31);
      b = (b >>> 1) | (a << 31);
      a = out ? (a >>> 1) ^ POLYNOMIAL : a >>> 1;
    }
    for (let octet = 1; octet < 256; octet++) {
      const lowest = octet & -octet;
      if (lowest === octet) continue;
      for (let word = 0; word < 4; word++) {
        table[4 * octet + word] = table[4 * lowest + word] ^ table[4 * (octet ^ lowest) + word];
      }
    }
  }

  /** Begins another hash. */
  reset(): void {
    this.y0 = this.y1 = this.y2 = this.y3 = 0;
  }

  /** Takes `bytes[at … at + length)`, filled up with zeros to whole blocks. */
  update(bytes: Uint8Array, at: number, length: number): void {
    const whole = length - (length % BLOCK_BYTES);
    this.blocks(bytes, at, whole);
    if (whole === length) return;
    const tail = this.tail;
    for (let i = 0; i < BLOCK_BYTES; i++) tail[i] = whole + i < length ? bytes[at + whole + i] : 0;
    this.blocks(tail, 0, BLOCK_BYTES);
  }

  /** Takes the block of lengths, in octets, that ends the hash of a GCM packet. */
  finish(aadBytes: number, textBytes: number): void {
    const tail = this.tail;
    const view = new DataView(tail.buffer);
    view.setUint32(0, 0);
    view.setUint32(4, aadBytes * 8);
    view.setUint32(8, 0);
    view.setUint32(12, textBytes * 8);
    this.blocks(tail, 0, BLOCK_BYTES);
  }

  /** Do `tagBytes` octets at `at` equal the hash XOR the mask (16 octets at `maskAt`)? */
  equals(bytes: Uint8Array, at: number, tagBytes: number, mask: Uint8Array, maskAt: number): boolean {
    let difference = 0;
    for (let i = 0; i < tagBytes; i++) difference |= bytes[at + i] ^ mask[maskAt + i] ^ this.octet(i);
    return difference === 0;
  }

  /** Writes `tagBytes` octets of the hash XOR the mask. */
  write(out: Uint8Array, at: number, tagBytes: number, mask: Uint8Array, maskAt: number): void {
    for (let i = 0; i < tagBytes; i++) out[at + i] = mask[maskAt + i] ^ this.octet(i);
  }

  private octet(i: number): number {
    const word = i < 4 ? this.y0 : i < 8 ? this.y1 : i < 12 ? this.y2 : this.y3;
    return (word >>> (24 - 8 * (i & 3))) & 0xff;
  }

  private blocks(bytes: Uint8Array, at: number, length: number): void {
    const table = this.multiples;
    let { y0, y1, y2, y3 } = this;
    for (let from = at, end = at + length; from < end; from += BLOCK_BYTES) {
      const x0 = y0 ^ ((bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3]);
      const x1 = y1 ^ ((bytes[from + 4] << 24) | (bytes[from + 5] << 16) | (bytes[from + 6] << 8) | bytes[from + 7]);
      const x2 = y2 ^ ((bytes[from + 8] << 24) | (bytes[from + 9] << 16) | (bytes[from + 10] << 8) | bytes[from + 11]);
      const x3 =
        y3 ^ ((bytes[from + 12] << 24) | (bytes[from + 13] << 16) | (bytes[from + 14] << 8) | bytes[from + 15]);
      y0 = y1 = y2 = y3 = 0;
      // Horner's rule from the last octet to the first: shift by an octet, add the multiple.
      for (let shift = 0; shift < 32; shift += 8) {
        const entry = ((x3 >>> shift) & 0xff) << 2;
        const reduced = REDUCTION[y3 & 0xff];
        y3 = ((y3 >>> 8) | (y2 << 24)) ^ table[entry + 3];
        y2 = ((y2 >>> 8) | (y1 << 24)) ^ table[entry + 2];
        y1 = ((y1 >>> 8) | (y0 << 24)) ^ table[entry + 1];
        y0 = (y0 >>> 8) ^ reduced ^ table[entry];
      }
      for (let shift = 0; shift < 32; shift += 8) {
        const entry = ((x2 >>> shift) & 0xff) << 2;
        const reduced = REDUCTION[y3 & 0xff];
        y3 = ((y3 >>> 8) | (y2 << 24)) ^ table[entry + 3];
        y2 = ((y2 >>> 8) | (y1 << 24)) ^ table[entry + 2];
        y1 = ((y1 >>> 8) | (y0 << 24)) ^ table[entry + 1];
        y0 = (y0 >>> 8) ^ reduced ^ table[entry];
      }
      for (let shift = 0; shift < 32; shift += 8) {
        const entry = ((x1 >>> shift) & 0xff) << 2;
        const reduced = REDUCTION[y3 & 0xff];
        y3 = ((y3 >>> 8) | (y2 << 24)) ^ table[entry + 3];
        y2 = ((y2 >>> 8) | (y1 << 24)) ^ table[entry + 2];
        y1 = ((y1 >>> 8) | (y0 << 24)) ^ table[entry + 1];
        y0 = (y0 >>> 8) ^ reduced ^ table[entry];
      }
      for (let shift = 0; shift < 32; shift += 8) {
        const entry = ((x0 >>> shift) & 0xff) << 2;
        const reduced = REDUCTION[y3 & 0xff];
        y3 = ((y3 >>> 8) | (y2 << 24)) ^ table[entry + 3];
        y2 = ((y2 >>> 8) | (y1 << 24)) ^ table[entry + 2];
        y1 = ((y1 >>> 8) | (y0 << 24)) ^ table[entry + 1];
        y0 = (y0 >>> 8) ^ reduced ^ table[entry];
      }
    }
    this.y0 = y0;
    this.y1 = y1;
    this.y2 = y2;
    this.y3 = y3;
  }
}
