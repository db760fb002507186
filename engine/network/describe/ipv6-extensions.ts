/** IPv6 extension headers (RFC 8200 section 4), and the authentication header (RFC 4302), which IPv4 has too. */
import { ipProtocolName } from '../protocol-names.ts';
import { formatIPv6 } from '../../store/addresses.ts';
import { addWords } from './checksum.ts';
import { describeIpv6Options } from './ip-options.ts';
import { hasHeader, hexText, type LayerWalk, type Range } from './layer-walk.ts';

const NAMES: Readonly<Record<number, readonly [string, string]>> = {
  0: ['ipv6.hopopts', 'Hop-by-hop options'],
  43: ['ipv6.routing', 'Routing header'],
  44: ['ipv6.fraghdr', 'Fragment header'],
  51: ['ah', 'Authentication header'],
  60: ['ipv6.dstopts', 'Destination options'],
  135: ['mipv6', 'Mobility header'],
  139: ['hip', 'Host Identity Protocol'],
  140: ['shim6', 'Shim6'],
};

/** Whether `protocol` is a header with a next header, of which this file knows the length. */
export function isIpv6Extension(protocol: number): boolean {
  return NAMES[protocol] !== undefined;
}

/** Where an extension header leads. */
export interface ExtensionStep {
  readonly next: number;
  readonly at: number;
  /** The rest is part of a datagram in several fragments (an atomic fragment, RFC 6946, is not). */
  readonly isFragment: boolean;
}

/** Describes the extension header at `range`. Null where it is cut or broken: then the rest has been left. */
export function describeIpv6Extension(walk: LayerWalk, protocol: number, range: Range): ExtensionStep | null {
  const { octets, tree } = walk;
  const { at } = range;
  const [name, label] = NAMES[protocol];
  if (!hasHeader(walk, range, 8, label)) return null;
  const next = octets.u8(at);
  const size = protocol === 44 ? 8 : protocol === 51 ? (octets.u8(at + 1) + 2) * 4 : (octets.u8(at + 1) + 1) * 8;
  if (!hasHeader(walk, range, size, label)) return null;
  const word = octets.u16(at + 2);
  const isFragment = protocol === 44 && (word & 0xfff9) !== 0;
  tree.group(name, label, at, size, `next ${ipProtocolName(next)}`, () => {
    tree.field(`${name}.nxt`, 'Next header', at, 1, next, ipProtocolName(next));
    if (protocol === 44) {
      const more = (word & 1) !== 0;
      tree.field('ipv6.fraghdr.reserved_octet', 'Reserved', at + 1, 1, octets.u8(at + 1));
      tree.field('ipv6.fraghdr.offset', 'Offset', at + 2, 2, word >>> 3, `${word & 0xfff8} octets`);
      tree.field(
        'ipv6.fraghdr.more',
        'More fragments',
        at + 3,
        1,
        more,
        isFragment ? undefined : 'atomic fragment: whole',
      );
      tree.field('ipv6.fraghdr.ident', 'Identification', at + 4, 4, hexText(octets.u32(at + 4), 8));
      return;
    }
    tree.field(`${name}.len`, 'Length', at + 1, 1, octets.u8(at + 1), `${size} octets`);
    if (protocol === 0 || protocol === 60) describeIpv6Options(walk, at + 2, at + size);
    else if (protocol === 43) describeRouting(walk, at, size);
    else if (protocol === 51) describeAuthentication(walk, at, size);
    else tree.field(`${name}.data`, 'Data', at + 2, size - 2, octets.hex(at + 2, size - 2));
  });
  return { next, at: at + size, isFragment };
}

const ROUTING_TYPES: Readonly<Record<number, string>> = {
  0: 'source route (deprecated)',
  2: 'mobile IPv6',
  3: 'RPL source route',
  4: 'segment routing',
};

function describeRouting(walk: LayerWalk, at: number, size: number): void {
  const { octets, tree } = walk;
  const type = octets.u8(at + 2);
  tree.field('ipv6.routing.type', 'Type', at + 2, 1, type, ROUTING_TYPES[type]);
  tree.field('ipv6.routing.segleft', 'Segments left', at + 3, 1, octets.u8(at + 3));
  useFinalDestination(walk, type, at, size);
  tree.field('ipv6.routing.data', 'Type-specific data', at + 4, 4, octets.hex(at + 4, 4));
  const addressesEnd = type === 0 || type === 2 ? at + size : at;
  let p = at + 8;
  for (; p + 16 <= addressesEnd; p += 16) {
    tree.field('ipv6.routing.address', 'Address', p, 16, formatIPv6(octets.bytes, octets.start + p));
  }
  if (p < at + size) tree.field('ipv6.routing.data', 'Data', p, at + size - p, octets.hex(p, at + size - p));
}

/**
 * While a route has segments left, the destination in the IPv6 header is a stop on the way; checksums are made with
 * the final one (RFC 8200 section 8.1): the last address of a route, the first of segment routing (RFC 8754).
 */
function useFinalDestination(walk: LayerWalk, type: number, at: number, size: number): void {
  const { octets, layers } = walk;
  const hasAddresses = (type === 0 || type === 2 || type === 4) && size >= 24;
  if (!hasAddresses || octets.u8(at + 3) === 0) return;
  const finalAt = octets.start + (type === 4 ? at + 8 : at + size - 16);
  layers.addressSum += addWords(0, octets.bytes, finalAt, 16) - layers.destinationSum;
  layers.destinationSum = addWords(0, octets.bytes, finalAt, 16);
}

function describeAuthentication(walk: LayerWalk, at: number, size: number): void {
  const { octets, tree } = walk;
  tree.field('ah.reserved', 'Reserved', at + 2, 2, hexText(octets.u16(at + 2), 4));
  tree.field('ah.spi', 'Security parameters index', at + 4, 4, hexText(octets.u32(at + 4), 8));
  if (size < 12) return;
  tree.field('ah.sequence', 'Sequence number', at + 8, 4, octets.u32(at + 8));
  if (size > 12) tree.field('ah.icv', 'Integrity check value', at + 12, size - 12, octets.hex(at + 12, size - 12));
}
