import type { Octets } from '../../base/octets.ts';
import type { StringTable } from '../../base/string-table.ts';

/** Values of the family octet (RFC 8489, section 14.1). */
export const AddressFamily = { IPv4: 1, IPv6: 2 } as const;

const HEX_DIGITS = '0123456789abcdef';
/** Twenty addresses of IPv6: more than a CreatePermission has in practice. */
const ROOM = 1024;
/** `[` 39 characters `]:65535`. */
const LONGEST = 47;

/** Octets of an address attribute's value: 8 or 20; 0 for a family that is not known. */
export function addressLength(family: number): number {
  return family === AddressFamily.IPv4 ? 8 : family === AddressFamily.IPv6 ? 20 : 0;
}

/**
 * Writes transport addresses as text into octets of its own, several with a space between: `10.0.0.1:4000`,
 * `[2001:db8::1]:4000` (RFC 5952). Nothing is allocated once it exists, so the hot pass can use it.
 */
export class AddressText {
  private readonly bytes = new Uint8Array(ROOM);
  private readonly groups = new Uint16Array(8);
  private used = 0;

  clear(): this {
    this.used = 0;
    return this;
  }

  /**
   * Adds the address in the attribute value at `at`, whose family and length were checked. `xorAt` is where the magic
   * cookie stands that the value is combined with, and behind it the transaction ID; −1 where it is as it is. What no
   * longer fits is left out.
   */
  append(data: Octets, at: number, xorAt: number): void {
    if (this.used + 1 + LONGEST > ROOM) return;
    if (this.used > 0) this.put(' ');
    const isIPv6 = data.u8(at + 1) === AddressFamily.IPv6;
    for (let i = 0; i < (isIPv6 ? 8 : 2); i++) {
      const mask = xorAt < 0 ? 0 : data.u16(xorAt + 2 * i);
      this.groups[i] = data.u16(at + 4 + 2 * i) ^ mask;
    }
    if (isIPv6) {
      this.put('[');
      this.ipv6();
      this.put(']');
    } else {
      this.ipv4(0);
    }
    this.put(':');
    this.number((data.u16(at + 2) ^ (xorAt < 0 ? 0 : data.u16(xorAt))) & 0xffff, 10);
  }

  /** The id of what was written, 0 where nothing was. */
  intern(strings: StringTable): number {
    return strings.intern(this.bytes, 0, this.used);
  }

  /** What was written. Cold paths only. */
  toString(): string {
    return String.fromCharCode(...this.bytes.subarray(0, this.used));
  }

  private ipv4(group: number): void {
    const { groups } = this;
    this.number(groups[group] >> 8, 10);
    this.put('.');
    this.number(groups[group] & 255, 10);
    this.put('.');
    this.number(groups[group + 1] >> 8, 10);
    this.put('.');
    this.number(groups[group + 1] & 255, 10);
  }

  private ipv6(): void {
    const { groups } = this;
    if (this.zeros(0) === 5 && groups[5] === 0xffff) {
      for (const c of '::ffff:') this.put(c);
      this.ipv4(6);
      return;
    }
    let gapAt = -1;
    let gapLength = 1;
    for (let i = 0; i < 8; i++) {
      const length = this.zeros(i);
      if (length <= gapLength) continue;
      gapAt = i;
      gapLength = length;
    }
    for (let i = 0; i < 8; i++) {
      if (i === gapAt) {
        this.put(':');
        if (i === 0) this.put(':');
        i += gapLength - 1;
      } else {
        this.number(groups[i], 16);
        if (i < 7) this.put(':');
      }
    }
  }

  /** Groups of zeros from group `from` on. */
  private zeros(from: number): number {
    let to = from;
    while (to < 8 && this.groups[to] === 0) to++;
    return to - from;
  }

  private put(character: string): void {
    this.bytes[this.used++] = character.charCodeAt(0);
  }

  private number(value: number, base: 10 | 16): void {
    let scale = 1;
    while (scale * base <= value) scale *= base;
    for (; scale >= 1; scale = Math.floor(scale / base)) this.put(HEX_DIGITS[Math.floor(value / scale) % base]);
  }
}
