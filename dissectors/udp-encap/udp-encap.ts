/**
 * Something behind a header that nobody knows: VPNs, recorders and probes put packets there. Only rules, of the user or found
 * by the engine, say of a flow how long the header is and what follows it, so this dissector has no claims.
 *
 *     |   header, skipBytes octets, unknown …                          |
 *     |   an IP packet, a UDP header with its payload, or a payload …  |
 */
import { hexOf } from '../../base/octet-text.ts';
import type { Octets } from '../../base/octets.ts';
import {
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Encapsulation,
  type Rows,
  type TreeBuilder,
  Verdict,
} from '../dissector.ts';

/** One row for each payload. */
export const udpEncapColumns = {
  /** Octets of the header. */
  skipped: 'u16',
} as const;
export type UdpEncapColumns = typeof udpEncapColumns;

const FOLLOWS: Readonly<Record<Encapsulation['as'], string>> = {
  ip: 'an IP packet',
  udp: 'a UDP datagram',
  payload: 'a payload',
};
const MOST_SHOWN = 64;

/**
 * One tunnel may carry IP packets and bare payloads: where IP packets go, what has no version of IP is looked at as it is;
 * where payloads go, a whole IP packet among them is taken for one.
 */
function followsAs(data: Octets, { as, skipBytes }: Encapsulation): Encapsulation['as'] {
  const version = data.u8(skipBytes) >>> 4;
  if (as === 'ip') return version === 4 || version === 6 ? 'ip' : 'payload';
  return as === 'payload' && (isWholeIPv4(data, skipBytes) || isWholeUdp6(data, skipBytes)) ? 'ip' : as;
}

/** IPv4 (RFC 791 section 3.1) with a right checksum, which ends where the payload does: nothing else looks so. */
function isWholeIPv4(data: Octets, at: number): boolean {
  const headerLength = (data.u8(at) & 15) * 4;
  if (data.u8(at) >>> 4 !== 4 || headerLength < 20 || at + headerLength > data.length) return false;
  if (data.u16(at + 2) !== data.length - at) return false;
  let sum = 0;
  for (let i = 0; i < headerLength; i += 2) sum += data.u16(at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** UDP in IPv6 (RFC 8200 section 3), which has no checksum of its own: both lengths end where the payload does. */
function isWholeUdp6(data: Octets, at: number): boolean {
  const length = data.length - at - 40;
  const isUdp = data.u8(at) >>> 4 === 6 && data.u8(at + 6) === 17;
  return isUdp && length >= 8 && data.u16(at + 4) === length && data.u16(at + 44) === length;
}

function dissect(data: Octets, out: Rows<UdpEncapColumns>, ctx: DissectContext): Verdict {
  const rule = ctx.encapsulation ?? null;
  if (rule === null || data.length <= rule.skipBytes) return Verdict.Reject;
  out.columns.skipped.set(out.add(), rule.skipBytes);
  ctx.packet(followsAs(data, rule), rule.skipBytes, data.length - rule.skipBytes);
  return Verdict.Ok;
}

function summarize(data: Octets, { encapsulation }: DescribeContext): string {
  if (!encapsulation) return `${data.length} octets`;
  return `${FOLLOWS[followsAs(data, encapsulation)]} behind ${encapsulation.skipBytes} octets`;
}

function describe(data: Octets, tree: TreeBuilder, { encapsulation }: DescribeContext): void {
  const length = Math.min(encapsulation?.skipBytes ?? data.length, data.length);
  const shown = hexOf(data.bytes.subarray(data.start, data.start + Math.min(length, MOST_SHOWN)));
  tree.field('udp-encap.skipped', 'Octets of the header', 0, 0, length);
  if (length > 0) {
    const text = length > MOST_SHOWN ? `${shown}…` : shown;
    tree.field('udp-encap.header', 'Header', 0, length, text, `${length} octets, skipped`);
  }
  if (encapsulation && data.length > length) {
    tree.field('udp-encap.payload', 'Follows', length, data.length - length, FOLLOWS[followsAs(data, encapsulation)]);
  }
}

export const udpEncap: Dissector<UdpEncapColumns> = {
  id: 'udp-encap',
  label: 'Encapsulation',
  specs: [],
  claims: [],
  columns: udpEncapColumns,
  fields: [
    { id: 'udp-encap.header', label: 'Header', type: 'octets' },
    {
      id: 'udp-encap.skipped',
      label: 'Octets of the header',
      type: 'number',
      column: (columns, row) => columns.skipped.get(row),
    },
    { id: 'udp-encap.payload', label: 'Follows', type: 'text' },
  ],
  dissect,
  summarize,
  describe,
};
