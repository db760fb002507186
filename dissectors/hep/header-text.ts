/** What numbers of a header mean, as text. */
import { formatIPv4, formatIPv6 } from '../../base/ip-text.ts';
import type { Octets } from '../../base/octets.ts';

const TRANSPORTS: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

/** `UDP` for 17. */
export function transportName(protocol: number): string {
  return TRANSPORTS[protocol] ?? '';
}

/** The address of 4 or 16 octets at `at`. */
export function addressText(data: Octets, at: number, ipVersion: number): string {
  return ipVersion === 6 ? formatIPv6(data.bytes, data.start + at) : formatIPv4(data.u32(at));
}
