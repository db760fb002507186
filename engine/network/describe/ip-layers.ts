/** IPv4 (RFC 791) and IPv6 (RFC 8200) headers, and which layer their payload is. */
import { ipProtocolName } from '../protocol-names.ts';
import { formatIPv4, formatIPv6 } from '../../store/addresses.ts';
import { addWords, verifyChecksum } from './checksum.ts';
import { describeGre } from './gre-layer.ts';
import { describeIcmp } from './icmp-layer.ts';
import { describeIpv6Extension, isIpv6Extension } from './ipv6-extensions.ts';
import { describeIpv4Options } from './ip-options.ts';
import { enterLayer, flagText, hasHeader, hexText, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeMpls } from './link-layers.ts';
import { describeEsp, describeEtherIp } from './tunnel-layers.ts';
import { describeTcp, describeUdp } from './transport-layers.ts';

/** IPv4 or IPv6, as the first octet says. */
export function describeIp(walk: LayerWalk, range: Range): void {
  if (!hasHeader(walk, range, 1, 'IP')) return;
  const version = walk.octets.u8(range.at) >>> 4;
  if (version === 4) return describeIpv4(walk, range);
  if (version === 6) return describeIpv6(walk, range);
  walk.tree.fault('ip-version', `IP version ${version} does not exist`, range.at, 1);
  leaveRest(walk, range);
}

const ECN = ['not ECN-capable', 'ECN-capable (1)', 'ECN-capable (0)', 'congestion experienced'];

/** Names of the classes voice and video networks use (RFC 4594, RFC 5865). */
const DSCP: Readonly<Record<number, string>> = {
  0: 'default',
  8: 'CS1',
  10: 'AF11',
  12: 'AF12',
  14: 'AF13',
  16: 'CS2',
  18: 'AF21',
  20: 'AF22',
  22: 'AF23',
  24: 'CS3',
  26: 'AF31',
  28: 'AF32',
  30: 'AF33',
  32: 'CS4',
  34: 'AF41',
  36: 'AF42',
  38: 'AF43',
  40: 'CS5',
  44: 'voice admit',
  46: 'EF',
  48: 'CS6',
  56: 'CS7',
};

export function describeIpv4(walk: LayerWalk, range: Range): void {
  const { octets, tree, layers } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 20, 'IPv4')) return;
  const version = octets.u8(at) >>> 4;
  const size = (octets.u8(at) & 15) * 4;
  const total = octets.u16(at + 2);
  const flags = octets.u8(at + 6) >>> 5;
  const offset = (octets.u16(at + 6) & 0x1fff) * 8;
  const protocol = octets.u8(at + 9);
  const source = formatIPv4(octets.u32(at + 12));
  const destination = formatIPv4(octets.u32(at + 16));
  const hasAll = size >= 20 && at + size <= range.end;
  tree.group('ip', 'Internet Protocol version 4', at, hasAll ? size : 20, `${source} → ${destination}`, () => {
    tree.field('ip.version', 'Version', at, 1, version);
    tree.field('ip.hdr_len', 'Header length', at, 1, size, 'octets');
    if (version !== 4) tree.fault('ip-version', `Version ${version} in an IPv4 packet`, at, 1);
    if (size < 20) tree.fault('ip-header-length', `A header has at least 20 octets, not ${size}`, at, 1);
    describeTrafficClass(walk, 'ip.dsfield', octets.u8(at + 1), at + 1, 1);
    tree.field('ip.len', 'Total length', at + 2, 2, total, total === 0 ? 'left to segmentation offload' : undefined);
    tree.field('ip.id', 'Identification', at + 4, 2, hexText(octets.u16(at + 4), 4), String(octets.u16(at + 4)));
    tree.field('ip.flags', 'Flags', at + 6, 1, hexText(flags, 1), flagText(flags, IPV4_FLAGS));
    tree.field('ip.frag_offset', 'Fragment offset', at + 6, 2, offset / 8, `${offset} octets`);
    tree.field('ip.ttl', 'Time to live', at + 8, 1, octets.u8(at + 8));
    tree.field('ip.proto', 'Protocol', at + 9, 1, protocol, ipProtocolName(protocol));
    const stored = octets.u16(at + 10);
    const checksum = hasAll ? verifyChecksum(0, octets.bytes, octets.start + at, size, stored) : null;
    const meaning = checksum === null ? 'not computed' : checksumText(checksum);
    tree.field('ip.checksum', 'Header checksum', at + 10, 2, hexText(stored, 4), meaning);
    tree.field('ip.src', 'Source', at + 12, 4, source);
    tree.field('ip.dst', 'Destination', at + 16, 4, destination);
    if (hasAll && size > 20) describeIpv4Options(walk, at + 20, at + size);
  });
  layers.source = source;
  layers.destination = destination;
  layers.protocol = protocol;
  layers.destinationSum = addWords(0, octets.bytes, octets.start + at + 16, 4);
  layers.addressSum = addWords(layers.destinationSum, octets.bytes, octets.start + at + 12, 4);
  if (version !== 4 || !hasAll) {
    if (version === 4 && size >= 20) hasHeader(walk, range, size, 'IPv4');
    return leaveRest(walk, { ...range, at: Math.min(range.end, at + 20) });
  }
  const rest = clip(walk, range, at + size, total === 0 ? range.wireEnd : at + total, at + 2);
  if (offset > 0 || (flags & 1) !== 0) {
    layers.payload = 'fragment';
    return leaveRest(walk, rest);
  }
  describeIpPayload(walk, protocol, rest);
}

const IPV4_FLAGS = [
  [4, 'reserved bit'],
  [2, "don't fragment"],
  [1, 'more fragments'],
] as const;

/** The range of the payload: padding of the link layer is left out, a length past the frame is told. */
function clip(walk: LayerWalk, range: Range, at: number, wireEnd: number, lengthAt: number): Range {
  if (wireEnd > range.wireEnd) {
    const message = `The length goes ${wireEnd - range.wireEnd} octets past the end`;
    walk.tree.fault('ip-length', message, lengthAt, 2);
    // What the header promises and the wire did not carry counts as missing, for the layers above too.
    return { at, end: range.end, wireEnd };
  }
  if (wireEnd < at) {
    walk.tree.fault('ip-length', 'The length is shorter than the header', lengthAt, 2);
    return { at, end: at, wireEnd: at };
  }
  return { at, end: Math.min(range.end, wireEnd), wireEnd };
}

function describeTrafficClass(walk: LayerWalk, name: string, value: number, at: number, length: number): void {
  const { tree } = walk;
  tree.group(name, 'Differentiated services', at, length, DSCP[value >>> 2] ?? '', () => {
    tree.field(`${name}.dscp`, 'Code point', at, length, value >>> 2, DSCP[value >>> 2]);
    tree.field(`${name}.ecn`, 'Congestion', at, length, value & 3, ECN[value & 3]);
  });
}

/** What a checksum comes to, with the right value where it is wrong. */
function checksumText(result: { verdict: string; expected: number }): string {
  return result.verdict === 'correct' ? 'correct' : `incorrect, should be ${hexText(result.expected, 4)}`;
}

export function describeIpv6(walk: LayerWalk, range: Range): void {
  const { octets, tree, layers } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 40, 'IPv6')) return;
  const first = octets.u32(at);
  const version = first >>> 28;
  const length = octets.u16(at + 4);
  const next = octets.u8(at + 6);
  const source = formatIPv6(octets.bytes, octets.start + at + 8);
  const destination = formatIPv6(octets.bytes, octets.start + at + 24);
  tree.group('ipv6', 'Internet Protocol version 6', at, 40, `${source} → ${destination}`, () => {
    tree.field('ipv6.version', 'Version', at, 1, version);
    if (version !== 6) tree.fault('ip-version', `Version ${version} in an IPv6 packet`, at, 1);
    describeTrafficClass(walk, 'ipv6.tclass', (first >>> 20) & 255, at, 2);
    tree.field('ipv6.flow', 'Flow label', at + 1, 3, hexText(first & 0xfffff, 6));
    const jumbo = length === 0 ? 'jumbogram, or left to segmentation offload' : undefined;
    tree.field('ipv6.plen', 'Payload length', at + 4, 2, length, jumbo);
    tree.field('ipv6.nxt', 'Next header', at + 6, 1, next, ipProtocolName(next));
    tree.field('ipv6.hlim', 'Hop limit', at + 7, 1, octets.u8(at + 7));
    tree.field('ipv6.src', 'Source', at + 8, 16, source);
    tree.field('ipv6.dst', 'Destination', at + 24, 16, destination);
  });
  layers.source = source;
  layers.destination = destination;
  layers.protocol = next;
  layers.destinationSum = addWords(0, octets.bytes, octets.start + at + 24, 16);
  layers.addressSum = addWords(layers.destinationSum, octets.bytes, octets.start + at + 8, 16);
  if (version !== 6) return leaveRest(walk, { ...range, at: at + 40 });
  const wireEnd = length === 0 ? range.wireEnd : at + 40 + length;
  describeIpPayload(walk, next, clip(walk, range, at + 40, wireEnd, at + 4));
}

/** Whatever IP protocol (or IPv6 next header) `protocol` is at `range`, extension headers first. */
export function describeIpPayload(walk: LayerWalk, protocol: number, range: Range): void {
  let next = protocol;
  let rest = range;
  while (isIpv6Extension(next)) {
    if (!enterLayer(walk, rest)) return;
    const step = describeIpv6Extension(walk, next, rest);
    if (step === null) return;
    next = step.next;
    rest = { ...rest, at: step.at };
    walk.layers.protocol = next;
    if (step.isFragment) {
      walk.layers.payload = 'fragment';
      return leaveRest(walk, rest);
    }
  }
  walk.layers.protocol = next;
  switch (next) {
    case 1:
    case 58:
      return describeIcmp(walk, next, rest);
    case 4:
      return describeIpv4(walk, rest);
    case 6:
      return describeTcp(walk, rest);
    case 17:
      return describeUdp(walk, rest);
    case 41:
      return describeIpv6(walk, rest);
    case 47:
      return describeGre(walk, rest);
    case 50:
      return describeEsp(walk, rest);
    case 97:
      return describeEtherIp(walk, rest);
    case 137:
      return describeMpls(walk, rest);
    default:
      leaveRest(walk, rest);
  }
}
