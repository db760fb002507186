/** Link-layer addresses as people write them; those of IP are in store/addresses.ts. */
import { HEX, type Octets } from '../../../base/octets.ts';

/** Octets with colons between, as link-layer addresses are written: `00:1b:21:3c:9d:f8`. */
export function formatHardwareAddress(octets: Octets, at: number, length: number): string {
  const parts: string[] = [];
  for (let i = 0; i < length; i++) parts.push(HEX[octets.u8(at + i)]);
  return parts.join(':');
}
