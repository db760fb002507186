/** Tunnels over UDP and IP: VXLAN, Geneve, GTP-U, L2TP, Teredo, ESP, EtherIP. What follows is described by its own layer. */
import { Tunnel } from '../../store/tunnel-names.ts';
import { formatIPv4 } from '../../store/addresses.ts';
import { EspPayload, readEspNull } from '../esp.ts';
import { etherTypeName, ipProtocolName } from '../protocol-names.ts';
import { Inside, readEtherIp, readUdpTunnel } from '../tunnel-headers.ts';
import { describeGre } from './gre-layer.ts';
import { describeIpPayload } from './ip-layers.ts';
import { enterLayer, flagText, hasHeader, hexText, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeEtherType, describeMpls, describePpp } from './link-layers.ts';

const ESP_PORT = 4500;

/** Describes what a UDP payload carries, where it is a tunnel's; else leaves it as it is. */
export function describeUdpTunnel(walk: LayerWalk, source: number, destination: number, range: Range): void {
  if (source === ESP_PORT || destination === ESP_PORT) {
    if (espPayload(walk, range) !== null) describeEsp(walk, range);
    return;
  }
  const { bytes, start } = walk.octets;
  const { at, end, wireEnd } = range;
  const inside = new Inside();
  if (!readUdpTunnel(source, destination, bytes, start + at, start + end, start + wireEnd, inside)) return;
  inside.at -= start;
  inside.end -= start;
  enterTunnel(walk);
  switch (inside.tunnel) {
    case Tunnel.Vxlan:
    case Tunnel.VxlanGpe:
      return describeVxlan(walk, range, inside);
    case Tunnel.Geneve:
      return describeGeneve(walk, range, inside);
    case Tunnel.GtpU:
      return describeGtpU(walk, range, inside);
    case Tunnel.L2tp:
      return describeL2tp(walk, range, inside);
    case Tunnel.Teredo:
      return describeTeredo(walk, range, inside);
    case Tunnel.Mpls:
      return describeMpls(walk, range);
    default:
      return describeGre(walk, range);
  }
}

/** What was found so far is around what is looked for. */
function enterTunnel({ layers }: LayerWalk): void {
  layers.payload = 'other';
  layers.sourcePort = 0;
  layers.destinationPort = 0;
}

/** The range of what a header says is inside. */
function rangeInside({ at, end }: Inside, range: Range): Range {
  return { at, end, wireEnd: end < range.end ? end : range.wireEnd };
}

const GPE_PROTOCOLS = ['', 'IPv4', 'IPv6', 'Ethernet', 'NSH', 'MPLS'];
const VXLAN_FLAGS = [
  [0x8000, 'group policy'],
  [0x0800, 'network identifier'],
  [0x0400, 'next protocol'],
  [0x0100, 'operations'],
  [0x0040, "don't learn"],
  [0x0008, 'policy applied'],
] as const;

/** VXLAN (RFC 7348) and VXLAN-GPE. */
function describeVxlan(walk: LayerWalk, range: Range, inside: Inside): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range)) return;
  const flags = octets.u16(at);
  const network = octets.u24(at + 4);
  const isGpe = inside.tunnel === Tunnel.VxlanGpe;
  const label = isGpe ? 'Virtual eXtensible LAN, generic protocol extension' : 'Virtual eXtensible LAN';
  tree.group('vxlan', label, at, 8, `network ${network}`, () => {
    tree.field('vxlan.flags', 'Flags', at, 2, hexText(flags, 4), flagText(flags, VXLAN_FLAGS));
    if (isGpe) {
      const next = octets.u8(at + 3);
      tree.field('vxlan.reserved8', 'Reserved', at + 2, 1, octets.u8(at + 2));
      tree.field('vxlan.next_proto', 'Next protocol', at + 3, 1, next, GPE_PROTOCOLS[next]);
    } else {
      tree.field('vxlan.gbp', 'Group policy', at + 2, 2, octets.u16(at + 2));
    }
    tree.field('vxlan.vni', 'Network identifier', at + 4, 3, network);
    tree.field('vxlan.reserved8', 'Reserved', at + 7, 1, octets.u8(at + 7));
  });
  describeEtherType(walk, inside.type, rangeInside(inside, range));
}

const GENEVE_FLAGS = [
  [0x80, 'operations'],
  [0x40, 'critical options'],
] as const;

/** Geneve (RFC 8926). */
function describeGeneve(walk: LayerWalk, range: Range, inside: Inside): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range)) return;
  const network = octets.u24(at + 4);
  const type = octets.u16(at + 2);
  tree.group('geneve', 'Generic Network Virtualization Encapsulation', at, inside.at - at, `network ${network}`, () => {
    const optionsLength = (octets.u8(at) & 0x3f) * 4;
    tree.field('geneve.version', 'Version', at, 1, octets.u8(at) >>> 6, `${optionsLength} octets of options`);
    const flags = octets.u8(at + 1);
    tree.field('geneve.flags', 'Flags', at + 1, 1, hexText(flags, 2), flagText(flags, GENEVE_FLAGS));
    tree.field('geneve.proto_type', 'Protocol', at + 2, 2, hexText(type, 4), etherTypeName(type));
    tree.field('geneve.vni', 'Network identifier', at + 4, 3, network);
    tree.field('geneve.reserved', 'Reserved', at + 7, 1, octets.u8(at + 7));
    for (let p = at + 8; p + 4 <= inside.at; ) {
      const length = 4 + (octets.u8(p + 3) & 31) * 4;
      const stop = Math.min(inside.at, p + length);
      const optionClass = hexText(octets.u16(p), 4);
      tree.group('geneve.option', 'Option', p, stop - p, `class ${optionClass}`, () => {
        tree.field('geneve.option.class', 'Class', p, 2, optionClass);
        tree.field('geneve.option.type', 'Type', p + 2, 1, hexText(octets.u8(p + 2), 2));
        tree.field('geneve.option.length', 'Length', p + 3, 1, length, 'octets');
        if (stop > p + 4)
          tree.field('geneve.option.unknown.data', 'Data', p + 4, stop - p - 4, octets.hex(p + 4, stop - p - 4));
      });
      p = stop;
    }
  });
  describeEtherType(walk, type, rangeInside(inside, range));
}

const GTP_FLAGS = [
  [4, 'extension headers'],
  [2, 'sequence number'],
  [1, 'N-PDU number'],
] as const;

const GTP_EXTENSIONS: Readonly<Record<number, string>> = {
  0x00: 'none',
  0x20: 'service class indicator',
  0x40: 'UDP port',
  0x81: 'RAN container',
  0x82: 'long PDCP PDU number',
  0x84: 'NR RAN container',
  0x85: 'PDU session container',
  0xc0: 'PDCP PDU number',
};

/** A T-PDU of GTP-U (3GPP TS 29.281). */
function describeGtpU(walk: LayerWalk, range: Range, inside: Inside): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range)) return;
  const flags = octets.u8(at);
  const tunnel = hexText(octets.u32(at + 4), 8);
  tree.group('gtp', 'GPRS Tunnelling Protocol', at, inside.at - at, `tunnel ${tunnel}`, () => {
    tree.field('gtp.flags', 'Flags', at, 1, hexText(flags, 2), `version ${flags >>> 5}, ${flagText(flags, GTP_FLAGS)}`);
    tree.field('gtp.message', 'Message type', at + 1, 1, octets.u8(at + 1), 'T-PDU');
    tree.field('gtp.length', 'Length', at + 2, 2, octets.u16(at + 2));
    tree.field('gtp.teid', 'Tunnel endpoint', at + 4, 4, tunnel);
    if ((flags & 7) === 0) return;
    const extension = (p: number) => GTP_EXTENSIONS[octets.u8(p)];
    tree.field('gtp.seq_number', 'Sequence number', at + 8, 2, octets.u16(at + 8));
    tree.field('gtp.npdu_number', 'N-PDU number', at + 10, 1, octets.u8(at + 10));
    tree.field('gtp.next', 'Next extension header', at + 11, 1, hexText(octets.u8(at + 11), 2), extension(at + 11));
    for (let p = at + 12; p < inside.at; ) {
      const stop = Math.min(inside.at, p + Math.max(1, octets.u8(p)) * 4);
      tree.group('gtp.ext_hdr', 'Extension header', p, stop - p, extension(p - 1) ?? '', () => {
        tree.field('gtp.ext_hdr.length', 'Length', p, 1, stop - p, 'octets');
        tree.field('gtp.ext_hdr.spare_bytes', 'Content', p + 1, stop - p - 2, octets.hex(p + 1, stop - p - 2));
        tree.field('gtp.ext_hdr.next', 'Next', stop - 1, 1, hexText(octets.u8(stop - 1), 2), extension(stop - 1));
      });
      p = stop;
    }
  });
  describeEtherType(walk, inside.type, rangeInside(inside, range));
}

/** A data message of L2TP version 2 (RFC 2661), and PPP. */
function describeL2tp(walk: LayerWalk, range: Range, inside: Inside): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range)) return;
  const flags = octets.u16(at);
  const hasLength = (flags & 0x4000) !== 0;
  const tunnelAt = at + (hasLength ? 4 : 2);
  const numbersAt = tunnelAt + 4;
  const offsetAt = numbersAt + ((flags & 0x0800) === 0 ? 0 : 4);
  const hasOffset = (flags & 0x0200) !== 0;
  const pppAt = offsetAt + (hasOffset ? 2 + octets.u16(offsetAt) : 0);
  const text = `tunnel ${octets.u16(tunnelAt)}, session ${octets.u16(tunnelAt + 2)}`;
  tree.group('l2tp', 'Layer 2 Tunneling Protocol', at, pppAt - at, text, () => {
    tree.field('l2tp.type', 'Type', at, 1, flags >>> 15, 'data');
    tree.field('l2tp.version', 'Version', at + 1, 1, flags & 15);
    if (hasLength) tree.field('l2tp.length', 'Length', at + 2, 2, octets.u16(at + 2));
    tree.field('l2tp.tunnel', 'Tunnel', tunnelAt, 2, octets.u16(tunnelAt));
    tree.field('l2tp.session', 'Session', tunnelAt + 2, 2, octets.u16(tunnelAt + 2));
    if (offsetAt > numbersAt) {
      tree.field('l2tp.Ns', 'Number sent', numbersAt, 2, octets.u16(numbersAt));
      tree.field('l2tp.Nr', 'Number expected', numbersAt + 2, 2, octets.u16(numbersAt + 2));
    }
    if (!hasOffset) return;
    tree.field('l2tp.offset', 'Offset', offsetAt, 2, octets.u16(offsetAt));
    const padding = pppAt - offsetAt - 2;
    if (padding > 0)
      tree.field('l2tp.offset_padding', 'Padding', offsetAt + 2, padding, octets.hex(offsetAt + 2, padding));
  });
  describePpp(walk, { ...rangeInside(inside, range), at: pppAt });
}

/** Teredo (RFC 4380 section 5.1): what may come before the IPv6 packet. */
function describeTeredo(walk: LayerWalk, range: Range, inside: Inside): void {
  const { octets, tree } = walk;
  if (!enterLayer(walk, range)) return;
  const text = inside.at > range.at ? `${inside.at - range.at} octets before the packet` : 'the packet alone';
  tree.group('teredo', 'Teredo', range.at, inside.at - range.at, text, () => {
    let { at } = range;
    if (inside.at - at > 8) {
      const [id, value] = [octets.u8(at + 2), octets.u8(at + 3)];
      const from = at;
      at += 13 + id + value;
      tree.group('teredo.auth', 'Authentication', from, at - from, '', () => {
        tree.field('teredo.auth.idlen', 'Length of the identifier', from + 2, 1, id);
        tree.field('teredo.auth.aulen', 'Length of the value', from + 3, 1, value);
        tree.field('teredo.auth.id', 'Client identifier', from + 4, id, octets.hex(from + 4, id));
        tree.field('teredo.auth.value', 'Value', from + 4 + id, value, octets.hex(from + 4 + id, value));
        tree.field('teredo.auth.nonce', 'Nonce', at - 9, 8, octets.hex(at - 9, 8));
        tree.field('teredo.auth.conf', 'Confirmation', at - 1, 1, octets.hex(at - 1, 1));
      });
    }
    if (inside.at - at !== 8) return;
    // Both are sent with all bits turned over, so that no translator on the way takes them for its own.
    const address = formatIPv4(~octets.u32(at + 4) >>> 0);
    const port = ~octets.u16(at + 2) & 0xffff;
    tree.group('teredo.orig', 'Origin', at, 8, `${address}:${port}`, () => {
      tree.field('teredo.orig.port', 'Port', at + 2, 2, port);
      tree.field('teredo.orig.addr', 'Address', at + 4, 4, address);
    });
  });
  describeEtherType(walk, inside.type, rangeInside(inside, range));
}

/** The payload of ESP with NULL encryption, null where it is encrypted or not all of it was captured. */
function espPayload(walk: LayerWalk, { at, end, wireEnd }: Range): EspPayload | null {
  const { bytes, start } = walk.octets;
  const payload = new EspPayload();
  if (end < wireEnd || !readEspNull(bytes, start + at, start + end, payload)) return null;
  payload.at -= start;
  payload.end -= start;
  payload.trailerAt -= start;
  return payload;
}

/** ESP (RFC 4303); what is inside only with NULL encryption (RFC 2410). */
export function describeEsp(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at, end } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 8, 'ESP')) return;
  const payload = espPayload(walk, range);
  const text = payload === null ? 'encrypted' : 'not encrypted';
  tree.group('esp', 'Encapsulating Security Payload', at, payload === null ? 8 : end - at, text, () => {
    headerFields(walk, at);
    if (payload === null) return;
    const { trailerAt } = payload;
    trailerFields(walk, payload);
    const icv = end - trailerAt - 2;
    if (icv > 0) tree.field('esp.icv', 'Integrity check value', trailerAt + 2, icv, octets.hex(trailerAt + 2, icv));
  });
  if (payload === null) return leaveRest(walk, { ...range, at: at + 8 });
  enterTunnel(walk);
  describeIpPayload(walk, payload.protocol, { at: payload.at, end: payload.end, wireEnd: payload.end });
}

/** The header of an ESP packet in UDP that a key opened. */
export function describeEspHeader(walk: LayerWalk): void {
  if (walk.octets.length < 8) return;
  walk.tree.group('esp', 'Encapsulating Security Payload', 0, 8, 'encrypted', () => headerFields(walk, 0));
}

function headerFields({ octets, tree }: LayerWalk, at: number): void {
  tree.field('esp.spi', 'Security parameters index', at, 4, hexText(octets.u32(at), 8));
  tree.field('esp.sequence', 'Sequence number', at + 4, 4, octets.u32(at + 4));
}

/** The end of what ESP encrypts, in the octets that were decrypted. */
export function describeEspTrailer(walk: LayerWalk, payload: EspPayload): void {
  const { end, trailerAt } = payload;
  const text = `${trailerAt - end} octets of padding, ${ipProtocolName(payload.protocol)} inside`;
  walk.tree.group('esp.trailer', 'ESP trailer', end, trailerAt + 2 - end, text, () => trailerFields(walk, payload));
}

function trailerFields({ octets, tree }: LayerWalk, { end, trailerAt, protocol }: EspPayload): void {
  const padding = trailerAt - end;
  if (padding > 0) tree.field('esp.pad', 'Padding', end, padding, octets.hex(end, padding));
  tree.field('esp.pad_len', 'Padding length', trailerAt, 1, padding);
  tree.field('esp.protocol', 'Next header', trailerAt + 1, 1, protocol, ipProtocolName(protocol));
}

/** EtherIP (RFC 3378). */
export function describeEtherIp(walk: LayerWalk, range: Range): void {
  const { octets, tree } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 2, 'EtherIP')) return;
  const version = octets.u8(at) >>> 4;
  tree.group('etherip', 'Ethernet in IP', at, 2, `version ${version}`, () => {
    tree.field('etherip.ver', 'Version', at, 1, version);
    tree.field('etherip.reserved', 'Reserved', at, 2, octets.u16(at) & 0xfff);
  });
  const { bytes, start } = octets;
  const inside = new Inside();
  const isSound = readEtherIp(bytes, start + at, start + range.end, inside);
  if (isSound) describeEtherType(walk, inside.type, { ...range, at: at + 2 });
  else leaveRest(walk, { ...range, at: at + 2 });
}
