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

/** Where IP packets go there may be others among them: what has no version of IP is looked at as it is. */
function followsAs(data: Octets, { as, skipBytes }: Encapsulation): Encapsulation['as'] {
  if (as !== 'ip') return as;
  const version = data.u8(skipBytes) >>> 4;
  return version === 4 || version === 6 ? 'ip' : 'payload';
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
