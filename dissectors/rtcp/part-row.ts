import type { Octets } from '../../base/octets.ts';
import type { Rows } from '../dissector.ts';
import type { RtcpColumns } from './columns.ts';

/** Adds a row of a packet's part: kind, packet type, sender and whom it is about. */
export function addPart(
  data: Octets,
  packetAt: number,
  kind: number,
  aboutSsrc: number,
  out: Rows<RtcpColumns>,
): number {
  const row = out.add();
  const c = out.columns;
  c.kind.set(row, kind);
  c.packetType.set(row, data.u8(packetAt + 1));
  c.count.set(row, data.u8(packetAt) & 0x1f);
  c.ssrc.set(row, data.u32(packetAt + 4));
  c.aboutSsrc.set(row, aboutSsrc);
  return row;
}
