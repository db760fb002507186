/** Headers that switches put around frames: ERSPAN, and the network service header. */
import { etherTypeName } from '../protocol-names.ts';
import { Inside, readErspan, readErspan3, readNsh, Type } from '../tunnel-headers.ts';
import { enterLayer, hasHeader, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeEtherType } from './link-layers.ts';

type Reader = typeof readNsh;

/** Where a header leads, in offsets of the walk; null where it is none. */
function insideOf({ octets: { bytes, start } }: LayerWalk, { at, end }: Range, read: Reader): Inside | null {
  const inside = new Inside();
  if (!read(bytes, start + at, start + end, inside)) return null;
  inside.at -= start;
  inside.end -= start;
  return inside;
}

/** ERSPAN type II, EtherType 0x88be. */
export function describeErspan(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 8, 'ERSPAN')) return;
  const inside = insideOf(walk, range, readErspan);
  if (inside === null) return leaveRest(walk, range);
  tree.group('erspan', 'ERSPAN type II', at, 8, `session ${octets.u16(at + 2) & 0x3ff}`, () => {
    describeSession(walk, at);
    tree.field('erspan.reserved', 'Reserved', at + 4, 2, octets.u32(at + 4) >>> 20);
    tree.field('erspan.index', 'Index', at + 5, 3, octets.u24(at + 5) & 0xfffff);
  });
  describeEtherType(walk, inside.type, { ...range, at: inside.at });
}

/** The four octets that types II and III share. */
function describeSession({ octets, tree }: LayerWalk, at: number): void {
  const [first, second] = [octets.u16(at), octets.u16(at + 2)];
  tree.field('erspan.version', 'Version', at, 1, first >>> 12, first >>> 12 === 1 ? 'type II' : 'type III');
  tree.field('erspan.vlan', 'VLAN', at, 2, first & 0xfff);
  tree.field('erspan.cos', 'Class of service', at + 2, 1, second >>> 13);
  tree.field('erspan.encap', 'Encapsulation', at + 2, 1, (second >>> 11) & 3);
  tree.field('erspan.truncated', 'Truncated', at + 2, 1, (second >>> 10) & 1);
  tree.field('erspan.spanid', 'Session', at + 2, 2, second & 0x3ff);
}

/** ERSPAN type III, EtherType 0x22eb. */
export function describeErspan3(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 12, 'ERSPAN')) return;
  const inside = insideOf(walk, range, readErspan3);
  if (inside === null || !hasHeader(walk, range, inside.at - at, 'ERSPAN')) return leaveRest(walk, range);
  tree.group('erspan', 'ERSPAN type III', at, inside.at - at, `session ${octets.u16(at + 2) & 0x3ff}`, () => {
    describeSession(walk, at);
    const word = octets.u16(at + 10);
    tree.field('erspan.timestamp', 'Timestamp', at + 4, 4, octets.u32(at + 4));
    tree.field('erspan.sgt', 'Security group', at + 8, 2, octets.u16(at + 8));
    tree.field('erspan.p', 'Has an Ethernet frame', at + 10, 1, word >>> 15);
    tree.field('erspan.ft', 'Frame type', at + 10, 1, (word >>> 10) & 31);
    tree.field('erspan.hw', 'Hardware', at + 10, 2, (word >>> 4) & 63);
    tree.field('erspan.direction', 'Direction', at + 11, 1, (word & 8) !== 0);
    tree.field('erspan.gra', 'Granularity', at + 11, 1, (word >>> 1) & 3);
    tree.field('erspan.o', 'Subheader', at + 11, 1, word & 1);
    if ((word & 1) !== 0)
      tree.field('erspan.platid', 'Platform', at + 12, 8, octets.u8(at + 12) >>> 2, octets.hex(at + 12, 8));
  });
  describeEtherType(walk, inside.type, { ...range, at: inside.at });
}

/** Network service header (RFC 8300). */
export function describeNsh(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 8, 'NSH')) return;
  const inside = insideOf(walk, range, readNsh);
  if (inside === null) return leaveRest(walk, range);
  const path = octets.u24(at + 4);
  tree.group('nsh', 'Network Service Header', at, inside.at - at, `path ${path}`, () => {
    const first = octets.u16(at);
    tree.field('nsh.version', 'Version', at, 1, first >>> 14);
    tree.field('nsh.Obit', 'Operations', at, 1, (first >>> 13) & 1);
    tree.field('nsh.ttl', 'Time to live', at, 2, (first >>> 6) & 63);
    tree.field('nsh.length', 'Length', at + 1, 1, first & 63, `${(first & 63) * 4} octets`);
    tree.field('nsh.mdtype', 'Metadata type', at + 2, 1, octets.u8(at + 2) & 15);
    const next = inside.type === Type.None ? undefined : etherTypeName(inside.type);
    tree.field('nsh.nextproto', 'Next protocol', at + 3, 1, octets.u8(at + 3), next);
    tree.field('nsh.spi', 'Service path', at + 4, 3, path);
    tree.field('nsh.si', 'Service index', at + 7, 1, octets.u8(at + 7));
    const rest = inside.at - at - 8;
    if (rest > 0) tree.field('nsh.contextheader', 'Context', at + 8, rest, octets.hex(at + 8, rest));
  });
  describeEtherType(walk, inside.type, { ...range, at: inside.at });
}
