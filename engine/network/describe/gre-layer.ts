/** GRE (RFC 2784, RFC 2890) and its PPTP form (RFC 2637). */
import { etherTypeName } from '../protocol-names.ts';
import { Inside, readGre } from '../tunnel-headers.ts';
import { enterLayer, flagText, hasHeader, hexText, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeEtherType, describePpp } from './link-layers.ts';

const FLAGS = [
  [0x8000, 'checksum'],
  [0x4000, 'routing'],
  [0x2000, 'key'],
  [0x1000, 'sequence number'],
  [0x0800, 'strict source route'],
  [0x0080, 'acknowledgment'],
] as const;

export function describeGre(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 4, 'GRE')) return;
  const flags = octets.u16(at);
  const version = flags & 7;
  const type = octets.u16(at + 2);
  const hasChecksum = (flags & 0xc000) !== 0;
  const hasKey = (flags & 0x2000) !== 0;
  const hasSequence = (flags & 0x1000) !== 0;
  const hasAcknowledgment = version === 1 && (flags & 0x80) !== 0;
  const size = 4 + 4 * (Number(hasChecksum) + Number(hasKey) + Number(hasSequence) + Number(hasAcknowledgment));
  if (!hasHeader(walk, range, size, 'GRE')) return;
  tree.group('gre', 'Generic Routing Encapsulation', at, size, etherTypeName(type), () => {
    tree.field(
      'gre.flags_and_version',
      'Flags',
      at,
      2,
      hexText(flags, 4),
      `${flagText(flags, FLAGS)}; version ${version}`,
    );
    tree.field('gre.proto', 'Protocol', at + 2, 2, hexText(type, 4), etherTypeName(type));
    let p = at + 4;
    if (hasChecksum) {
      tree.field('gre.checksum', 'Checksum', p, 2, hexText(octets.u16(p), 4));
      tree.field('gre.offset', 'Offset', p + 2, 2, octets.u16(p + 2));
      p += 4;
    }
    if (hasKey && version === 1) {
      tree.field('gre.key.payload_length', 'Payload length', p, 2, octets.u16(p));
      tree.field('gre.key.call_id', 'Call ID', p + 2, 2, octets.u16(p + 2));
    } else if (hasKey) {
      tree.field('gre.key', 'Key', p, 4, hexText(octets.u32(p), 8));
    }
    if (hasKey) p += 4;
    if (hasSequence) {
      tree.field('gre.sequence_number', 'Sequence number', p, 4, octets.u32(p));
      p += 4;
    }
    if (hasAcknowledgment) tree.field('gre.ack_number', 'Acknowledgment number', p, 4, octets.u32(p));
  });
  const inside = new Inside();
  const { bytes, start } = octets;
  const isRead = readGre(bytes, start + at, start + range.end, inside);
  // Version 1 without a payload is a mere acknowledgment.
  if (!isRead || (version === 1 && octets.u16(at + 4) === 0)) return leaveRest(walk, { ...range, at: at + size });
  if (version === 1) return describePpp(walk, payloadOf(range, at + size, at + size + octets.u16(at + 4)));
  const routesLength = inside.at - start - at - size;
  if (routesLength > 0) {
    tree.field('gre.routing', 'Source routes', at + size, routesLength, octets.hex(at + size, routesLength));
  }
  describeEtherType(walk, inside.type, { ...range, at: at + size + routesLength });
}

/** The range from `at`, up to `stop` where that is nearer than the end. */
function payloadOf({ end, wireEnd }: Range, at: number, stop: number): Range {
  return { at, end: Math.min(end, stop), wireEnd: Math.min(wireEnd, stop) };
}
