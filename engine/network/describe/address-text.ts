/** Addresses as people write them. */
import { HEX, type Octets } from '../../../base/octets.ts';

/** `10.0.0.1`, from the unsigned 32-bit value. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The 16 octets at `at` in the one form of RFC 5952: lower case, the longest run of zero groups as `::`. */
export function formatIpv6(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i] << 8) | bytes[at + i + 1]);
  // RFC 5952 section 5: an embedded IPv4 address where the prefix says so (::ffff:0:0/96).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(((groups[6] << 16) | groups[7]) >>> 0)}`;
  }
  let runAt = -1;
  let runLength = 1; // a single zero group is never shortened
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > runLength) {
      runAt = i;
      runLength = n;
    }
    i += n;
  }
  const text = groups.map((group) => group.toString(16));
  if (runAt < 0) return text.join(':');
  return `${text.slice(0, runAt).join(':')}::${text.slice(runAt + runLength).join(':')}`;
}

/** Octets with colons between, as link-layer addresses are written: `00:1b:21:3c:9d:f8`. */
export function formatHardwareAddress(octets: Octets, at: number, length: number): string {
  const parts: string[] = [];
  for (let i = 0; i < length; i++) parts.push(HEX[octets.u8(at + i)]);
  return parts.join(':');
}
