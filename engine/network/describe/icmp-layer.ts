/** ICMP (RFC 792) and ICMPv6 (RFC 4443). Errors quote the packet they are about; it is shown as quoted. */
import type { TreeBuilder } from '../../../dissectors/dissector.ts';
import { foldWords, verifyChecksum } from './checksum.ts';
import { describeIp } from './ip-layers.ts';
import { enterLayer, hasHeader, hexText, type LayerWalk, leaveRest, newWalk, type Range } from './layer-walk.ts';

const TYPES_V4: Readonly<Record<number, string>> = {
  0: 'Echo reply',
  3: 'Destination unreachable',
  4: 'Source quench',
  5: 'Redirect',
  8: 'Echo request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  11: 'Time exceeded',
  12: 'Parameter problem',
  13: 'Timestamp request',
  14: 'Timestamp reply',
};

const TYPES_V6: Readonly<Record<number, string>> = {
  1: 'Destination unreachable',
  2: 'Packet too big',
  3: 'Time exceeded',
  4: 'Parameter problem',
  128: 'Echo request',
  129: 'Echo reply',
  130: 'Multicast listener query',
  131: 'Multicast listener report',
  132: 'Multicast listener done',
  133: 'Router solicitation',
  134: 'Router advertisement',
  135: 'Neighbor solicitation',
  136: 'Neighbor advertisement',
  137: 'Redirect',
  143: 'Multicast listener report v2',
};

/** Codes by type. */
const CODES_V4: Readonly<Record<number, readonly string[]>> = {
  3: [
    'network unreachable',
    'host unreachable',
    'protocol unreachable',
    'port unreachable',
    'fragmentation needed',
    'source route failed',
    'network unknown',
    'host unknown',
    'source host isolated',
    'network administratively prohibited',
    'host administratively prohibited',
    'network unreachable for type of service',
    'host unreachable for type of service',
    'communication administratively prohibited',
    'host precedence violation',
    'precedence cutoff in effect',
  ],
  5: ['for network', 'for host', 'for type of service and network', 'for type of service and host'],
  11: ['time to live exceeded in transit', 'fragment reassembly time exceeded'],
  12: ['pointer indicates the error', 'missing a required option', 'bad length'],
};

const CODES_V6: Readonly<Record<number, readonly string[]>> = {
  1: [
    'no route to destination',
    'administratively prohibited',
    'beyond scope of source address',
    'address unreachable',
    'port unreachable',
    'source address failed policy',
    'reject route to destination',
  ],
  3: ['hop limit exceeded in transit', 'fragment reassembly time exceeded'],
  4: ['erroneous header field', 'unrecognized next header', 'unrecognized IPv6 option'],
};

export function describeIcmp(walk: LayerWalk, protocol: 1 | 58, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  const isV6 = protocol === 58;
  const name = isV6 ? 'icmpv6' : 'icmp';
  const label = isV6 ? 'ICMPv6' : 'ICMP';
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 4, label)) return;
  const type = octets.u8(at);
  const code = octets.u8(at + 1);
  const typeName = (isV6 ? TYPES_V6 : TYPES_V4)[type];
  const codeName = (isV6 ? CODES_V6 : CODES_V4)[type]?.[code];
  const size = at + 8 <= range.end ? 8 : 4;
  const text = [typeName ?? `type ${type}`, codeName].filter((part) => part !== undefined).join(': ');
  tree.group(name, label, at, size, text, () => {
    tree.field(`${name}.type`, 'Type', at, 1, type, typeName);
    tree.field(`${name}.code`, 'Code', at + 1, 1, code, codeName);
    const stored = octets.u16(at + 2);
    tree.field(`${name}.checksum`, 'Checksum', at + 2, 2, hexText(stored, 4), checksumText(walk, isV6, range, stored));
    if (size === 8) describeSecondWord(walk, name, type, code, at + 4);
  });
  const rest = { ...range, at: at + size };
  const isError = isV6 ? type >= 1 && type <= 4 : type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
  if (isError && size === 8) describeQuoted(walk, rest);
  leaveRest(walk, rest);
}

function checksumText(walk: LayerWalk, isV6: boolean, range: Range, stored: number): string {
  const length = range.end - range.at;
  if (range.end < range.wireEnd) return 'not computed';
  const start = isV6 ? foldWords(walk.layers.addressSum + length + 58) : 0;
  const { octets } = walk;
  const result = verifyChecksum(start, octets.bytes, octets.start + range.at, length, stored);
  return result.verdict === 'correct' ? 'correct' : `incorrect, should be ${hexText(result.expected, 4)}`;
}

function describeSecondWord(walk: LayerWalk, name: string, type: number, code: number, at: number): void {
  const { octets, tree } = walk;
  const isV6 = name === 'icmpv6';
  const isEcho = isV6 ? type === 128 || type === 129 : type === 0 || type === 8 || type === 13 || type === 14;
  if (isEcho) {
    const prefix = isV6 ? 'icmpv6.echo' : 'icmp';
    const identifier = isV6 ? `${prefix}.identifier` : `${prefix}.ident`;
    const sequence = isV6 ? `${prefix}.sequence_number` : `${prefix}.seq`;
    tree.field(identifier, 'Identifier', at, 2, octets.u16(at));
    tree.field(sequence, 'Sequence number', at + 2, 2, octets.u16(at + 2));
  } else if (isV6 && type === 2) {
    tree.field('icmpv6.mtu', 'MTU', at, 4, octets.u32(at));
  } else if (!isV6 && type === 3 && code === 4) {
    tree.field('icmp.unused', 'Unused', at, 2, octets.hex(at, 2));
    tree.field('icmp.mtu', 'MTU of next hop', at + 2, 2, octets.u16(at + 2));
  } else {
    tree.field(`${name}.unused`, 'Unused', at, 4, octets.hex(at, 4));
  }
}

/**
 * The quoted packet goes below a node of its own and does not count as this frame's addresses and ports. Only its
 * begin is quoted (RFC 792: 8 octets of the payload), so its end counts as cut, not as missing.
 */
function describeQuoted(walk: LayerWalk, range: Range): void {
  if (range.at >= range.end) return;
  walk.tree.group('icmp.quoted', 'Quoted packet', range.at, range.end - range.at, '', () => {
    const quoted = newWalk(walk.octets, withoutLengthFaults(walk.tree));
    quoted.depth = walk.depth;
    describeIp(quoted, { at: range.at, end: range.end, wireEnd: Math.max(range.wireEnd, range.at + 65575) });
  });
}

/** A quoted packet never has all its octets, so nothing may be said of that. */
function withoutLengthFaults(tree: TreeBuilder): TreeBuilder {
  return {
    field: (name, label, at, length, value, meaning) => tree.field(name, label, at, length, value, meaning),
    group: (name, label, at, length, text, build) => tree.group(name, label, at, length, text, build),
    fault: (code, message, at, length) => {
      if (code !== 'truncated') tree.fault(code, message, at, length);
    },
  };
}
