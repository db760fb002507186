/**
 * Reads what stands between a packet and the packet inside it. Each reader looks at the header at `at`, of which the
 * octets before `end` were captured, and says in `inside` what follows it and where. False where it is no such header.
 * None allocates or throws; none reads past `end`.
 */
import { Tunnel } from '../store/tunnel-names.ts';

/** What can follow, as EtherTypes: all tunnels can be told by them, or by a version of IP. */
export const Type = {
  None: 0,
  IPv4: 0x0800,
  Arp: 0x0806,
  Ethernet: 0x6558,
  Vlan: 0x8100,
  IPv6: 0x86dd,
  Ppp: 0x880b,
  Mpls: 0x8847,
  MplsMulticast: 0x8848,
  Pppoe: 0x8864,
  QinQ: 0x88a8,
  Erspan: 0x88be,
  Erspan3: 0x22eb,
  Nsh: 0x894f,
  QinQOld: 0x9100,
} as const;

/** Where a header leads. One object serves any number of headers. */
export class Inside {
  /** Whose header it was, one of `Tunnel`. */
  tunnel: number = Tunnel.None;
  /** One of `Type` or another EtherType; None where nothing follows that could be followed. */
  type: number = Type.None;
  at = 0;
  /** Where the captured octets of what follows end. */
  end = 0;

  /** For readers: sets all fields. Always true. */
  set(tunnel: number, type: number, at: number, end: number): true {
    this.tunnel = tunnel;
    this.type = type;
    this.at = at;
    this.end = end;
    return true;
  }
}

const MAX_LABELS = 16;
const MAX_GTP_EXTENSIONS = 16;
const MAX_SOURCE_ROUTES = 16;

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

/** IPv4 or IPv6, where the first octets fit the beginning of such a header. */
export function ipTypeAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 20 > end) return Type.None;
  const first = bytes[at];
  if (first >>> 4 === 6) return Type.IPv6;
  if (first >>> 4 !== 4) return Type.None;
  const headerLength = (first & 15) << 2;
  const totalLength = u16(bytes, at + 2);
  return headerLength >= 20 && (totalLength === 0 || totalLength >= headerLength) ? Type.IPv4 : Type.None;
}

/** PPP (RFC 1661, RFC 1662): address and control may be there, the protocol has 1 or 2 octets. Leaves `tunnel` as it is. */
export function readPpp(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  let p = at;
  if (p + 2 <= end && bytes[p] === 0xff && bytes[p + 1] === 0x03) p += 2;
  const size = p < end && (bytes[p] & 1) === 1 ? 1 : 2;
  if (p + size > end) return false;
  const protocol = size === 1 ? bytes[p] : u16(bytes, p);
  return inside.set(inside.tunnel, pppType(protocol), p + size, end);
}

function pppType(protocol: number): number {
  if (protocol === 0x21) return Type.IPv4;
  if (protocol === 0x57) return Type.IPv6;
  return protocol === 0x281 || protocol === 0x283 ? Type.Mpls : Type.None;
}

/** Session data of PPPoE (RFC 2516), and the PPP header in it. */
export function readPppoe(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 6 > end || bytes[at] !== 0x11 || bytes[at + 1] !== 0) return false;
  const stop = Math.min(end, at + 6 + u16(bytes, at + 4));
  inside.tunnel = Tunnel.Pppoe;
  return readPpp(bytes, at + 6, stop, inside) || inside.set(Tunnel.Pppoe, Type.None, at + 6, stop);
}

/**
 * A whole label stack (RFC 3032). What follows the bottom is told by its first four bits, as nothing else says: IP, or
 * an Ethernet frame with or without a control word (RFC 4385).
 */
export function readMpls(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  let p = at;
  for (let labels = 0; ; labels++) {
    if (labels === MAX_LABELS || p + 4 > end) return false;
    p += 4;
    if ((bytes[p - 2] & 1) === 1) break;
  }
  inside.set(Tunnel.Mpls, ipTypeAt(bytes, p, end), p, end);
  if (inside.type !== Type.None || p >= end) return true;
  const hasControlWord = bytes[p] >>> 4 === 0 && (isEthernetAt(bytes, p + 4, end) || !isEthernetAt(bytes, p, end));
  // 1 is an associated channel: of the path, not of those who use it (RFC 5586).
  if (bytes[p] >>> 4 === 1 && !isEthernetAt(bytes, p, end)) return true;
  const ethernetAt = hasControlWord ? p + 4 : p;
  if (isEthernetAt(bytes, ethernetAt, end)) inside.set(Tunnel.Mpls, Type.Ethernet, ethernetAt, end);
  return true;
}

/** Whether an Ethernet frame with a well-known type may begin here. */
function isEthernetAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 15 > end) return false;
  const type = u16(bytes, at + 12);
  if (type === Type.IPv4) return bytes[at + 14] >>> 4 === 4;
  if (type === Type.IPv6) return bytes[at + 14] >>> 4 === 6;
  return type === Type.Arp || type === Type.Vlan || type === Type.QinQ || type === Type.Mpls || type === Type.Pppoe;
}

const GRE_CHECKSUM_OR_ROUTING = 0xc000;
const GRE_ROUTING = 0x4000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_ACKNOWLEDGMENT = 0x0080;

/** GRE (RFC 2784, RFC 2890, routing of RFC 1701), NVGRE (RFC 7637) and the form of PPTP (RFC 2637). */
export function readGre(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 4 > end) return false;
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  const version = flags & 7;
  const isPptp = version === 1 && type === Type.Ppp && (flags & (GRE_CHECKSUM_OR_ROUTING | GRE_KEY)) === GRE_KEY;
  if (version !== 0 && !isPptp) return false;
  let p = at + 4;
  if ((flags & GRE_CHECKSUM_OR_ROUTING) !== 0) p += 4;
  if ((flags & GRE_KEY) !== 0) p += 4;
  if ((flags & GRE_SEQUENCE) !== 0) p += 4;
  if (isPptp && (flags & GRE_ACKNOWLEDGMENT) !== 0) p += 4;
  if (!isPptp && (flags & GRE_ROUTING) !== 0) p = afterSourceRoutes(bytes, p, end);
  if (p < 0 || p > end) return false;
  if (isPptp) {
    const stop = Math.min(end, p + u16(bytes, at + 4));
    inside.tunnel = Tunnel.Pptp;
    return readPpp(bytes, p, stop, inside) || inside.set(Tunnel.Pptp, Type.None, p, stop);
  }
  // Type I of ERSPAN has neither sequence number nor a header of its own.
  if (type === Type.Erspan && (flags & GRE_SEQUENCE) === 0) return inside.set(Tunnel.Erspan, Type.Ethernet, p, end);
  const isNvgre = type === Type.Ethernet && (flags & 0xf000) === GRE_KEY;
  return inside.set(isNvgre ? Tunnel.Nvgre : Tunnel.Gre, type, p, end);
}

/** Where the source routes (RFC 1701) end, -1 where they do not. */
function afterSourceRoutes(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  for (let i = 0; i < MAX_SOURCE_ROUTES && p + 4 <= end; i++) {
    const isLast = u16(bytes, p) === 0 && bytes[p + 3] === 0;
    p += 4 + bytes[p + 3];
    if (isLast) return p;
  }
  return -1;
}

/** ERSPAN type II: version 1, eight octets, an Ethernet frame. */
export function readErspan(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end || bytes[at] >>> 4 !== 1) return false;
  return inside.set(Tunnel.Erspan, Type.Ethernet, at + 8, end);
}

/** ERSPAN type III: version 2, twelve octets, eight more where the O flag is set, then an Ethernet frame or IP. */
export function readErspan3(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 12 > end || bytes[at] >>> 4 !== 2) return false;
  const word = u16(bytes, at + 10);
  const p = at + ((word & 1) === 0 ? 12 : 20);
  const frameType = (word >>> 10) & 31;
  if (frameType === 0) return inside.set(Tunnel.Erspan, Type.Ethernet, p, end);
  return inside.set(Tunnel.Erspan, frameType === 2 ? ipTypeAt(bytes, p, end) : Type.None, p, end);
}

/** VXLAN (RFC 7348), with Cisco's group policy where its flag says so; VXLAN-GPE on the same port by its P flag. */
export function readVxlan(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end) return false;
  const flags = bytes[at];
  if (flags === 0x0c) return readVxlanGpe(bytes, at, end, inside);
  if (flags !== 0x08 && flags !== 0x88) return false;
  if (flags === 0x08 && (bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) !== 0) return false;
  return inside.set(Tunnel.Vxlan, Type.Ethernet, at + 8, end);
}

/** VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): the next protocol is said where the P flag is set. */
export function readVxlanGpe(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end || (bytes[at] & 0xf8) !== 0x08 || (bytes[at + 1] | bytes[at + 2]) !== 0) return false;
  const type = (bytes[at] & 4) === 0 ? Type.Ethernet : nextProtocol(bytes[at + 3]);
  return inside.set(Tunnel.VxlanGpe, type, at + 8, end);
}

/** Network service header (RFC 8300). */
export function readNsh(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end || bytes[at] >>> 6 !== 0) return false;
  const length = (bytes[at + 1] & 0x3f) << 2;
  if (length < 8 || at + length > end) return false;
  return inside.set(Tunnel.Nsh, nextProtocol(bytes[at + 3]), at + length, end);
}

/** The numbers that VXLAN-GPE and NSH share (RFC 8300 section 9.1.4). */
function nextProtocol(number: number): number {
  return NEXT_PROTOCOLS[number] ?? Type.None;
}
const NEXT_PROTOCOLS = [Type.None, Type.IPv4, Type.IPv6, Type.Ethernet, Type.Nsh, Type.Mpls];

/** Geneve (RFC 8926). */
export function readGeneve(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end || bytes[at] >>> 6 !== 0 || (bytes[at + 1] & 0x3f) !== 0 || bytes[at + 7] !== 0) return false;
  const p = at + 8 + ((bytes[at] & 0x3f) << 2);
  if (p > end) return false;
  return inside.set(Tunnel.Geneve, u16(bytes, at + 2), p, end);
}

const GTP_T_PDU = 255;

/** A T-PDU of GTP-U (3GPP TS 29.281), with its extension headers. Which protocol it holds only its first octet tells. */
export function readGtpU(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 8 > end || bytes[at] >>> 4 !== 3 || bytes[at + 1] !== GTP_T_PDU) return false;
  const stop = Math.min(end, at + 8 + u16(bytes, at + 2));
  let p = at + 8;
  if ((bytes[at] & 7) !== 0) {
    p += 4;
    if (p > stop) return false;
    let next = (bytes[at] & 4) === 0 ? 0 : bytes[p - 1];
    for (let i = 0; next !== 0; i++) {
      if (i === MAX_GTP_EXTENSIONS || p >= stop || bytes[p] === 0) return false;
      p += bytes[p] << 2;
      if (p > stop) return false;
      next = bytes[p - 1];
    }
  }
  const type = ipTypeAt(bytes, p, stop);
  return type !== Type.None && inside.set(Tunnel.GtpU, type, p, stop);
}

/** A data message of L2TP version 2 (RFC 2661), and the PPP header in it. */
export function readL2tp(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 6 > end || (u16(bytes, at) & 0x800f) !== 2) return false;
  const flags = u16(bytes, at);
  let p = at + 2;
  let stop = end;
  if ((flags & 0x4000) !== 0) {
    stop = Math.min(end, at + u16(bytes, p));
    p += 2;
  }
  p += 4;
  if ((flags & 0x0800) !== 0) p += 4;
  if ((flags & 0x0200) !== 0) {
    if (p + 2 > stop) return false;
    p += 2 + u16(bytes, p);
  }
  inside.tunnel = Tunnel.L2tp;
  return p < stop && readPpp(bytes, p, stop, inside) && inside.type !== Type.None;
}

/**
 * Teredo (RFC 4380 section 5.1): an authentication header and an origin indication may come first. The packet inside
 * has to fill the datagram, of which `stop` is the end on the wire.
 */
export function readTeredo(bytes: Uint8Array, at: number, end: number, stop: number, inside: Inside): boolean {
  let p = at;
  if (p + 4 <= end && bytes[p] === 0 && bytes[p + 1] === 1) p += 13 + bytes[p + 2] + bytes[p + 3];
  if (p + 2 <= end && bytes[p] === 0 && bytes[p + 1] === 0) p += 8;
  if (p + 40 > end || bytes[p] >>> 4 !== 6 || p + 40 + u16(bytes, p + 4) > stop) return false;
  return inside.set(Tunnel.Teredo, Type.IPv6, p, end);
}

/** EtherIP (RFC 3378): version 3 and a frame. */
export function readEtherIp(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 2 > end || bytes[at] >>> 4 !== 3) return false;
  return inside.set(Tunnel.EtherIp, Type.Ethernet, at + 2, end);
}

/** GRE in UDP (RFC 8086), without routing and reserved bits. RTP begins alike, so the packet inside has to be there. */
function readGreInUdp(bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  if (at + 4 > end || (u16(bytes, at) & 0x4fff) !== 0 || !readGre(bytes, at, end, inside)) return false;
  if (inside.type === Type.Ethernet) return isEthernetAt(bytes, inside.at, end);
  return inside.type !== Type.None && inside.type === ipTypeAt(bytes, inside.at, end);
}

/** The highest of the ports below. */
export const LAST_TUNNEL_PORT = 8472;

/** What a UDP payload carries, by its ports. `stop` is where it ended on the wire. */
export function readUdpTunnel(
  sourcePort: number,
  destinationPort: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  stop: number,
  inside: Inside,
): boolean {
  return (
    readBehindPort(destinationPort, bytes, at, end, stop, inside) ||
    readBehindPort(sourcePort, bytes, at, end, stop, inside)
  );
}

function readBehindPort(
  port: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  stop: number,
  inside: Inside,
): boolean {
  switch (port) {
    case 1701:
      return readL2tp(bytes, at, end, inside);
    case 2152:
      return readGtpU(bytes, at, end, inside);
    case 3544:
      return readTeredo(bytes, at, end, stop, inside);
    case 4754:
      return readGreInUdp(bytes, at, end, inside);
    case 4789:
    case LAST_TUNNEL_PORT: // what Linux took before VXLAN had a port
      return readVxlan(bytes, at, end, inside);
    case 4790:
      return readVxlanGpe(bytes, at, end, inside);
    case 6081:
      return readGeneve(bytes, at, end, inside);
    case 6635: // MPLS in UDP (RFC 7510)
      return readMpls(bytes, at, end, inside) && inside.type !== Type.None;
    default:
      return false;
  }
}
