/** Link layers: Ethernet, Linux cooked, BSD loopback, PPP and what may lie between them and IP. */
import { etherTypeName, pppProtocolName } from '../protocol-names.ts';
import { formatIPv4 } from '../../store/addresses.ts';
import { formatHardwareAddress } from './address-text.ts';
import { describeIpv4, describeIpv6 } from './ip-layers.ts';
import { Inside, readMpls, Type } from '../tunnel-headers.ts';
import { enterLayer, hasHeader, hexText, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeErspan, describeErspan3, describeNsh } from './switch-layers.ts';

/** Below this the field of an Ethernet header is a length (IEEE 802.3), not an EtherType. */
const FIRST_ETHER_TYPE = 0x0600;

/** Ethernet II or IEEE 802.3. */
export function describeEthernet(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 14, 'Ethernet')) return;
  const destination = formatHardwareAddress(octets, at, 6);
  const source = formatHardwareAddress(octets, at + 6, 6);
  const type = octets.u16(at + 12);
  const isLength = type < FIRST_ETHER_TYPE;
  tree.group('eth', isLength ? 'IEEE 802.3 Ethernet' : 'Ethernet II', at, 14, `${source} → ${destination}`, () => {
    tree.field('eth.dst', 'Destination', at, 6, destination, castText(octets.u8(at)));
    tree.field('eth.src', 'Source', at + 6, 6, source);
    if (isLength) tree.field('eth.len', 'Length', at + 12, 2, type);
    else tree.field('eth.type', 'Type', at + 12, 2, hexText(type, 4), etherTypeName(type));
  });
  if (!isLength) return describeEtherType(walk, type, { ...range, at: at + 14 });
  const wireEnd = Math.min(range.wireEnd, at + 14 + type);
  describeLlc(walk, { at: at + 14, end: Math.min(range.end, wireEnd), wireEnd });
}

function castText(firstOctet: number): string {
  return (firstOctet & 1) === 1 ? 'group address' : 'individual address';
}

/** IEEE 802.2 LLC, with SNAP where it is used. */
function describeLlc(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 3, 'LLC')) return;
  const isSnap =
    octets.u8(at) === 0xaa && octets.u8(at + 1) === 0xaa && octets.u8(at + 2) === 0x03 && at + 8 <= range.end;
  const organization = isSnap ? octets.u24(at + 3) : -1;
  const protocol = isSnap ? octets.u16(at + 6) : 0;
  tree.group('llc', 'Logical-Link Control', at, isSnap ? 8 : 3, isSnap ? 'SNAP' : '', () => {
    tree.field('llc.dsap', 'DSAP', at, 1, hexText(octets.u8(at), 2));
    tree.field('llc.ssap', 'SSAP', at + 1, 1, hexText(octets.u8(at + 1), 2));
    tree.field('llc.control', 'Control', at + 2, 1, hexText(octets.u8(at + 2), 2));
    if (!isSnap) return;
    tree.field('llc.oui', 'Organization', at + 3, 3, hexText(organization, 6));
    tree.field(
      'llc.type',
      'Protocol',
      at + 6,
      2,
      hexText(protocol, 4),
      organization === 0 ? etherTypeName(protocol) : undefined,
    );
  });
  const rest = { ...range, at: at + (isSnap ? 8 : 3) };
  if (organization === 0) describeEtherType(walk, protocol, rest);
  else leaveRest(walk, rest);
}

/** Whatever an EtherType announces at `range`. */
export function describeEtherType(walk: LayerWalk, type: number, range: Range): void {
  switch (type) {
    case 0x0800:
      return describeIpv4(walk, range);
    case 0x86dd:
      return describeIpv6(walk, range);
    case 0x0806:
    case 0x8035:
      return describeArp(walk, range);
    case 0x8100:
    case 0x88a8:
    case 0x9100:
      return describeVlan(walk, type, range);
    case 0x8847:
    case 0x8848:
      return describeMpls(walk, range);
    case 0x8864:
      return describePppoe(walk, range);
    case 0x880b:
      return describePpp(walk, range);
    case 0x6558:
      return describeEthernet(walk, range);
    case 0x88be:
      return describeErspan(walk, range);
    case 0x22eb:
      return describeErspan3(walk, range);
    case 0x894f:
      return describeNsh(walk, range);
    default:
      leaveRest(walk, range);
  }
}

/** 802.1Q, 802.1ad and the older 0x9100: a tag, and the type of what follows. */
function describeVlan(walk: LayerWalk, tagType: number, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 4, 'VLAN')) return;
  const control = octets.u16(at);
  const type = octets.u16(at + 2);
  const isLength = type < FIRST_ETHER_TYPE;
  const text = `VLAN ${control & 0xfff}`;
  tree.group(tagType === 0x8100 ? 'vlan' : 'ieee8021ad', etherTypeName(tagType), at, 4, text, () => {
    tree.field('vlan.priority', 'Priority', at, 1, control >>> 13);
    tree.field('vlan.dei', 'Drop eligible', at, 1, (control & 0x1000) !== 0);
    tree.field('vlan.id', 'VLAN', at, 2, control & 0xfff);
    if (isLength) tree.field('vlan.len', 'Length', at + 2, 2, type);
    else tree.field('vlan.etype', 'Type', at + 2, 2, hexText(type, 4), etherTypeName(type));
  });
  const rest = { ...range, at: at + 4 };
  if (isLength) describeLlc(walk, rest);
  else describeEtherType(walk, type, rest);
}

/** Label stack (RFC 3032); what follows the bottom is told by its first octets, as nothing else says. */
export function describeMpls(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  let { at } = range;
  for (;;) {
    const here = { ...range, at };
    if (!enterLayer(walk, here) || !hasHeader(walk, here, 4, 'MPLS')) return;
    const entry = octets.u32(at);
    const isBottom = (entry & 0x100) !== 0;
    tree.group('mpls', 'MPLS', at, 4, `label ${entry >>> 12}`, () => {
      tree.field('mpls.label', 'Label', at, 3, entry >>> 12);
      tree.field('mpls.exp', 'Traffic class', at + 2, 1, (entry >>> 9) & 7);
      tree.field('mpls.bottom', 'Bottom of stack', at + 2, 1, isBottom);
      tree.field('mpls.ttl', 'Time to live', at + 3, 1, entry & 255);
    });
    at += 4;
    if (isBottom) break;
  }
  const inside = new Inside();
  const { bytes, start } = octets;
  readMpls(bytes, start + range.at, start + range.end, inside);
  const insideAt = inside.at - start;
  if (inside.type === Type.Ethernet && insideAt > at) {
    tree.group('pwethcw', 'Control word', at, 4, '', () => {
      tree.field('pweth.cw.sequence_number', 'Sequence number', at, 4, octets.u16(at + 2));
    });
  }
  if (inside.type === Type.None) leaveRest(walk, { ...range, at });
  else describeEtherType(walk, inside.type, { ...range, at: insideAt });
}

/** PPPoE session (RFC 2516). */
export function describePppoe(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 6, 'PPPoE')) return;
  const length = octets.u16(at + 4);
  tree.group('pppoes', 'PPP over Ethernet', at, 6, `session ${hexText(octets.u16(at + 2), 4)}`, () => {
    tree.field('pppoe.version', 'Version', at, 1, octets.u8(at) >>> 4);
    tree.field('pppoe.type', 'Type', at, 1, octets.u8(at) & 15);
    tree.field(
      'pppoe.code',
      'Code',
      at + 1,
      1,
      hexText(octets.u8(at + 1), 2),
      octets.u8(at + 1) === 0 ? 'session data' : undefined,
    );
    tree.field('pppoe.session_id', 'Session', at + 2, 2, hexText(octets.u16(at + 2), 4));
    tree.field('pppoe.payload_length', 'Payload length', at + 4, 2, length);
  });
  const wireEnd = Math.min(range.wireEnd, at + 6 + length);
  const rest = { at: at + 6, end: Math.min(range.end, wireEnd), wireEnd };
  if (octets.u8(at + 1) === 0) describePppProtocol(walk, rest);
  else leaveRest(walk, rest);
}

/** PPP (RFC 1661), after address and control (RFC 1662) where those are there. */
export function describePpp(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (at + 2 <= range.end && octets.u8(at) === 0xff && octets.u8(at + 1) === 0x03) {
    tree.group('hdlc', 'HDLC framing', at, 2, '', () => {
      tree.field('ppp.address', 'Address', at, 1, '0xff', 'all stations');
      tree.field('ppp.control', 'Control', at + 1, 1, '0x03', 'unnumbered information');
    });
    describePppProtocol(walk, { ...range, at: at + 2 });
  } else {
    describePppProtocol(walk, range);
  }
}

/** The PPP protocol field has one octet where that octet is odd (RFC 1661 section 6.5), else two. */
function describePppProtocol(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  const size = at < range.end && (octets.u8(at) & 1) === 1 ? 1 : 2;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, size, 'PPP')) return;
  const protocol = size === 1 ? octets.u8(at) : octets.u16(at);
  tree.group('ppp', 'Point-to-Point Protocol', at, size, pppProtocolName(protocol), () => {
    tree.field('ppp.protocol', 'Protocol', at, size, hexText(protocol, 4), pppProtocolName(protocol));
  });
  const rest = { ...range, at: at + size };
  if (protocol === 0x21) describeIpv4(walk, rest);
  else if (protocol === 0x57) describeIpv6(walk, rest);
  else if (protocol === 0x281) describeMpls(walk, rest);
  else leaveRest(walk, rest);
}

const PACKET_TYPES = ['to this host', 'broadcast', 'multicast', 'to another host', 'sent by this host'];

/** Linux cooked capture, v1 (tcpdump.org/linktypes/LINKTYPE_LINUX_SLL) and v2 (…_SLL2). */
export function describeCooked(walk: LayerWalk, version: 1 | 2, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  const size = version === 1 ? 16 : 20;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, size, 'Linux cooked')) return;
  const typeAt = version === 1 ? at + 14 : at;
  const type = octets.u16(typeAt);
  const packetTypeAt = version === 1 ? at : at + 10;
  const packetType = version === 1 ? octets.u16(at) : octets.u8(at + 10);
  const hardwareAt = version === 1 ? at + 2 : at + 8;
  const lengthAt = version === 1 ? at + 4 : at + 11;
  const lengthSize = version === 1 ? 2 : 1;
  const addressLength = lengthSize === 2 ? octets.u16(lengthAt) : octets.u8(lengthAt);
  const addressAt = version === 1 ? at + 6 : at + 12;
  const shown = Math.min(8, addressLength);
  const meaning = PACKET_TYPES[packetType];
  const sll = () => {
    tree.field('sll.pkttype', 'Packet type', packetTypeAt, lengthSize, packetType, meaning);
    if (version === 1) tree.field('sll.hatype', 'Hardware type', hardwareAt, 2, octets.u16(hardwareAt));
    tree.field('sll.halen', 'Address length', lengthAt, lengthSize, addressLength);
    tree.field('sll.src.eth', 'Source', addressAt, shown, formatHardwareAddress(octets, addressAt, shown));
    if (shown < 8)
      tree.field('sll.unused', 'Unused', addressAt + shown, 8 - shown, octets.hex(addressAt + shown, 8 - shown));
  };
  tree.group('sll', `Linux cooked capture v${version}`, at, size, meaning ?? '', () => {
    if (version === 1) {
      sll();
      tree.field('sll.etype', 'Protocol', typeAt, 2, hexText(type, 4), etherTypeName(type));
      return;
    }
    tree.field('sll.etype', 'Protocol', typeAt, 2, hexText(type, 4), etherTypeName(type));
    tree.field('sll.reserved', 'Reserved', at + 2, 2, octets.u16(at + 2));
    tree.field('sll.ifindex', 'Interface index', at + 4, 4, octets.u32(at + 4));
    tree.field('sll.hatype', 'Hardware type', hardwareAt, 2, octets.u16(hardwareAt));
    sll();
  });
  const rest = { ...range, at: at + size };
  if (type === 4) describeLlc(walk, rest);
  else describeEtherType(walk, type, rest);
}

/** IPv6 has another number on every BSD; OSI's is 7 throughout. */
const FAMILIES: Readonly<Record<number, string>> = {
  2: 'IPv4',
  7: 'OSI',
  10: 'IPv6',
  23: 'IPX',
  24: 'IPv6',
  28: 'IPv6',
  30: 'IPv6',
};

/** BSD loopback: the address family in the byte order of the capturing host (null) or of the network (loop). */
export function describeLoopback(walk: LayerWalk, isNetworkOrder: boolean, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 4, 'Loopback')) return;
  const big = octets.u32(at);
  const little =
    ((octets.u8(at + 3) << 24) | (octets.u8(at + 2) << 16) | (octets.u8(at + 1) << 8) | octets.u8(at)) >>> 0;
  // Families are small numbers, so the order that gives a small one is the order it was written in.
  const family = isNetworkOrder || big <= 0xffff ? big : little;
  const name = FAMILIES[family];
  tree.group('null', 'BSD loopback', at, 4, name ?? `family ${family}`, () => {
    tree.field('null.family', 'Address family', at, 4, family, name);
  });
  const rest = { ...range, at: at + 4 };
  if (name === 'IPv4') describeIpv4(walk, rest);
  else if (name === 'IPv6') describeIpv6(walk, rest);
  else leaveRest(walk, rest);
}

const ARP_OPERATIONS: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  8: 'inverse request',
  9: 'inverse reply',
};

/** ARP (RFC 826); addresses are shown where they are Ethernet and IPv4, as they nearly always are. */
function describeArp(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 8, 'ARP')) return;
  const hardwareLength = octets.u8(at + 4);
  const protocolLength = octets.u8(at + 5);
  const size = 8 + 2 * (hardwareLength + protocolLength);
  if (!hasHeader(walk, range, size, 'ARP')) return;
  const operation = octets.u16(at + 6);
  const name = ARP_OPERATIONS[operation];
  const senderAt = at + 8;
  const targetAt = senderAt + hardwareLength + protocolLength;
  const isIpv4 = protocolLength === 4 && octets.u16(at + 2) === 0x0800;
  const hardware = (where: number) => formatHardwareAddress(octets, where, hardwareLength);
  const address = (where: number) => {
    const from = where + hardwareLength;
    return isIpv4 ? formatIPv4(octets.u32(from)) : octets.hex(from, protocolLength);
  };
  const text = `${name ?? `operation ${operation}`}, ${address(senderAt)} → ${address(targetAt)}`;
  tree.group('arp', 'Address Resolution Protocol', at, size, text, () => {
    tree.field('arp.hw.type', 'Hardware type', at, 2, octets.u16(at), octets.u16(at) === 1 ? 'Ethernet' : undefined);
    tree.field(
      'arp.proto.type',
      'Protocol type',
      at + 2,
      2,
      hexText(octets.u16(at + 2), 4),
      etherTypeName(octets.u16(at + 2)),
    );
    tree.field('arp.hw.size', 'Hardware address length', at + 4, 1, hardwareLength);
    tree.field('arp.proto.size', 'Protocol address length', at + 5, 1, protocolLength);
    tree.field('arp.opcode', 'Operation', at + 6, 2, operation, name);
    tree.field('arp.src.hw_mac', 'Sender hardware address', senderAt, hardwareLength, hardware(senderAt));
    tree.field('arp.src.proto_ipv4', 'Sender address', senderAt + hardwareLength, protocolLength, address(senderAt));
    tree.field('arp.dst.hw_mac', 'Target hardware address', targetAt, hardwareLength, hardware(targetAt));
    tree.field('arp.dst.proto_ipv4', 'Target address', targetAt + hardwareLength, protocolLength, address(targetAt));
  });
  leaveRest(walk, { ...range, at: at + size });
}
