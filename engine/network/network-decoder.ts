import type { FlowTable } from '../store/flow-table.ts';
import { FlowKind } from '../store/flow-table.ts';
import { Protocol } from '../store/protocol-list.ts';
import { Tunnel, TUNNEL_NAMES } from '../store/tunnel-names.ts';
import { type EspOpener, EspPayload, readEspNull } from './esp.ts';
import { type FragmentSink, type Piece, slicePieces } from './ip-fragments.ts';
import {
  Inside,
  LAST_TUNNEL_PORT,
  readErspan,
  readErspan3,
  readEtherIp,
  readGre,
  readMpls,
  readNsh,
  readPpp,
  readPppoe,
  readUdpTunnel,
  Type,
} from './tunnel-headers.ts';

/** What a frame carries, as far as the decoder follows it. */
export const Payload = { None: 0, Udp: 1, Tcp: 2 } as const;

const IP_ICMP = 1;
const IP_IGMP = 2;
const IP_IPV4 = 4;
const IP_TCP = 6;
const IP_UDP = 17;
const IP_IPV6 = 41;
const IP_GRE = 47;
const IP_ESP = 50;
const IP_AUTHENTICATION = 51;
const IP_ICMPV6 = 58;
const IP_ETHERIP = 97;
const IP_SCTP = 132;
const IP_MPLS = 137;

/** IPv6 headers to step over (RFC 8200 4): hop-by-hop, routing, destination options, mobility, HIP, shim6. */
const IPV6_OPTION_HEADERS = new Set([0, 43, 60, 135, 139, 140]);
const IPV6_FRAGMENT = 44;
const MAX_EXTENSION_HEADERS = 16;
/** Headers of tunnels, one inside the other: deeper than any real packet. */
const MAX_TUNNEL_HEADERS = 16;

/** Address families of BSD null/loop: IPv4 is 2 everywhere, IPv6 differs by system. */
const AF_INET = 2;
const AF_INET6 = new Set([24, 28, 30, 10]);

/**
 * The hot walk from a frame to its transport payload: link layer, IP, UDP or TCP, and through tunnels to the innermost of
 * them. One decoder is used for all frames; the outcome is in its fields, valid until the next `decode`. Nothing is
 * allocated except where fragments are held.
 */
export class NetworkDecoder {
  /** One of `Payload`; with Udp and Tcp all fields below hold, with None only `protocol`. */
  payload: number = Payload.None;
  protocol: number = Protocol.Unknown;
  flow = 0;
  /** What carries the innermost packet, one of `Tunnel`; its flows are apart from those of other tunnels and of the wire. */
  tunnel: number = Tunnel.None;
  /** Where the outermost IP header begins in the frame's octets, also where the payload is a reassembled datagram's. */
  networkAt = 0;
  /** Where the transport payload lies; the frame's octets, or a reassembled datagram's. */
  bytes: Uint8Array = EMPTY;
  at = 0;
  length = 0;
  /** Octets of the payload on the wire; more than `length` where the frame was cut. */
  wireLength = 0;
  /** The capture holds less of the payload than was sent. */
  truncated = false;
  /** Frames the payload was put together from, null where it lies in this frame. */
  pieces: readonly Piece[] | null = null;
  /** TCP only. */
  tcpSequence = 0;
  tcpAcknowledgment = 0;
  tcpFlags = 0;

  private readonly flows: FlowTable;
  private readonly fragments: FragmentSink;
  /** Marks kinds of flows as carried by `tunnel`. */
  private carrierBits = 0;
  private readonly carriers = new Uint32Array(TUNNEL_NAMES.length + 1);
  /** What to look at next, where that is a tunnel's header or inside of one. */
  private pendingType: number = Type.None;
  private pendingAt = 0;
  private pendingEnd = 0;
  private depth = 0;
  private readonly inside = new Inside();
  private readonly espPayload = new EspPayload();
  private readonly espOpener: EspOpener | null;
  /** The frame at hand, and where it begins in the octets of it. */
  private frame = 0;
  private frameStart = 0;

  constructor(flows: FlowTable, fragments: FragmentSink, espOpener: EspOpener | null = null) {
    this.flows = flows;
    this.fragments = fragments;
    this.espOpener = espOpener;
  }

  /** Decodes one frame: `length` captured octets at `at`, of `wireLength` on the wire; `frame` and `seconds` date fragments. */
  decode(
    bytes: Uint8Array,
    at: number,
    length: number,
    wireLength: number,
    linkType: number,
    frame: number,
    seconds: number,
  ): void {
    this.payload = Payload.None;
    this.protocol = Protocol.Unknown;
    this.flow = 0;
    this.pieces = null;
    this.tunnel = Tunnel.None;
    this.carrierBits = 0;
    this.depth = 0;
    this.truncated = wireLength > length;
    this.frame = frame;
    this.frameStart = at;
    const end = at + length;
    let etherType = 0;
    let p = at;
    switch (linkType) {
      case 1: // Ethernet
        if (length < 14) return;
        etherType = (bytes[at + 12] << 8) | bytes[at + 13];
        p = at + 14;
        break;
      case 113: // Linux cooked v1
        if (length < 16) return;
        etherType = (bytes[at + 14] << 8) | bytes[at + 15];
        p = at + 16;
        break;
      case 276: // Linux cooked v2
        if (length < 20) return;
        etherType = (bytes[at] << 8) | bytes[at + 1];
        p = at + 20;
        break;
      case 12: // raw IP, under the numbers it has on different systems
      case 14:
      case 101:
      case 228:
      case 229:
        if (length < 1) return;
        etherType = bytes[at] >>> 4 === 6 ? Type.IPv6 : bytes[at] >>> 4 === 4 ? Type.IPv4 : 0;
        break;
      case 0: // BSD null: address family in the byte order of the capturing machine
      case 108: // OpenBSD loop: in network byte order
        if (length < 4) return;
        etherType = nullEtherType(bytes, at, linkType);
        p = at + 4;
        break;
      case 9: // PPP, PPP in HDLC framing
      case 50:
        if (!readPpp(bytes, at, end, this.inside)) return;
        etherType = this.inside.type;
        p = this.inside.at;
        break;
      case 51: // PPPoE
        etherType = Type.Pppoe;
        break;
      default:
        return;
    }
    // 802.1Q, 802.1ad and their older spelling, as deep as they go.
    while ((etherType === Type.Vlan || etherType === Type.QinQ || etherType === Type.QinQOld) && p + 4 <= end) {
      etherType = (bytes[p + 2] << 8) | bytes[p + 3];
      p += 4;
    }
    this.networkAt = p;
    if (etherType === Type.IPv4) this.ipv4(bytes, p, end, at, frame, seconds);
    else if (etherType === Type.IPv6) this.ipv6(bytes, p, end, at, frame, seconds);
    else if (etherType === Type.Arp) this.protocol = Protocol.Arp;
    else this.pend(etherType, bytes, p, end);
    if (this.pendingType !== Type.None) this.follow(at, frame, seconds);
  }

  /** As `decode`, of a frame whose outcome is known: a UDP datagram that lies whole in the frame, in no tunnel. */
  isDatagram(bytes: Uint8Array, at: number, length: number, flow: number): void {
    this.payload = Payload.Udp;
    this.protocol = Protocol.Udp;
    this.flow = flow;
    this.tunnel = Tunnel.None;
    this.bytes = bytes;
    this.at = at;
    this.length = length;
    this.wireLength = length;
    this.truncated = false;
    this.pieces = null;
  }

  /**
   * Decodes an IP packet that lies inside a payload: `length` octets at `at`, `frameAt` octets into the frame, or in the
   * datagram of `pieces`. `carrierBits` mark its flows as carried.
   */
  decodeCarried(
    bytes: Uint8Array,
    at: number,
    length: number,
    carrierBits: number,
    frame: number,
    frameAt: number,
    pieces: readonly Piece[] | null,
    seconds: number,
  ): void {
    this.payload = Payload.None;
    this.protocol = Protocol.Unknown;
    this.flow = 0;
    this.pieces = pieces;
    this.tunnel = Tunnel.None;
    this.carrierBits = carrierBits;
    this.depth = 0;
    this.truncated = false;
    this.networkAt = at;
    const version = length > 0 ? bytes[at] >>> 4 : 0;
    const start = at - frameAt;
    this.frame = frame;
    this.frameStart = start;
    if (version === 4) this.ipv4(bytes, at, at + length, start, frame, seconds);
    else if (version === 6) this.ipv6(bytes, at, at + length, start, frame, seconds);
    if (this.pendingType !== Type.None) this.follow(start, frame, seconds);
  }

  /** Goes from header to header of tunnels until nothing is left to look at. */
  private follow(frameAt: number, frame: number, seconds: number): void {
    for (let headers = 0; headers < MAX_TUNNEL_HEADERS; headers++) {
      const type = this.pendingType;
      if (type === Type.None) return;
      this.pendingType = Type.None;
      const { bytes, inside, pendingAt: at, pendingEnd: end } = this;
      if (type === Type.IPv4) this.ipv4(bytes, at, end, frameAt, frame, seconds);
      else if (type === Type.IPv6) this.ipv6(bytes, at, end, frameAt, frame, seconds);
      else if (type === Type.Arp) this.protocol = Protocol.Arp;
      else if (readInner(type, bytes, at, end, inside)) this.enter(inside);
    }
    this.pendingType = Type.None;
  }

  private pend(type: number, bytes: Uint8Array, at: number, end: number): void {
    this.pendingType = type;
    this.bytes = bytes;
    this.pendingAt = at;
    this.pendingEnd = end;
  }

  /** Takes what a header says is inside. A VLAN tag or an Ethernet header inside a tunnel belongs to that. */
  private enter({ tunnel, type, at, end }: Inside): void {
    if (tunnel !== Tunnel.None) this.enterTunnel(tunnel);
    this.pend(type, this.bytes, at, end);
  }

  private enterTunnel(tunnel: number): void {
    this.tunnel = tunnel;
    this.protocol = Protocol.Tunnel + tunnel;
    let bits = this.carriers[tunnel];
    if (bits === 0) {
      bits = this.flows.addCarrier({ protocol: TUNNEL_NAMES[tunnel - 1], flow: 0 });
      this.carriers[tunnel] = bits;
    }
    this.carrierBits = bits;
  }

  private ipv4(bytes: Uint8Array, at: number, end: number, frameAt: number, frame: number, seconds: number): void {
    this.protocol = Protocol.Ip;
    if (at + 20 > end || bytes[at] >>> 4 !== 4) return;
    const headerLength = (bytes[at] & 15) << 2;
    if (headerLength < 20 || at + headerLength > end) return;
    let totalLength = (bytes[at + 2] << 8) | bytes[at + 3];
    // 0 is what segmentation offload leaves in frames captured on the sender.
    if (totalLength === 0) totalLength = end - at;
    if (totalLength < headerLength) return;
    const protocol = bytes[at + 9];
    const source = ((bytes[at + 12] << 24) | (bytes[at + 13] << 16) | (bytes[at + 14] << 8) | bytes[at + 15]) >>> 0;
    const destination =
      ((bytes[at + 16] << 24) | (bytes[at + 17] << 16) | (bytes[at + 18] << 8) | bytes[at + 19]) >>> 0;
    const stop = at + totalLength;
    const p = at + headerLength;
    const fragment = ((bytes[at + 6] << 8) | bytes[at + 7]) & 0x3fff;
    if (fragment === 0) {
      // Octets past the datagram's length are link-layer padding.
      if (stop > end) this.truncated = true;
      else this.truncated = false;
      this.transport(bytes, p, stop < end ? stop : end, stop - p, protocol, source, destination, false);
      return;
    }
    this.protocol = Protocol.IpFragment;
    const whole = this.fragments.addIPv4(
      bytes,
      at,
      p,
      Math.min(stop, end),
      stop,
      frameAt,
      frame,
      seconds,
      this.tunnel,
      this.pieces,
    );
    if (whole === null) return;
    this.pieces = whole.pieces;
    this.truncated = false;
    this.transport(whole.bytes, 0, whole.length, whole.length, whole.protocol, source, destination, false);
  }

  private ipv6(bytes: Uint8Array, at: number, end: number, frameAt: number, frame: number, seconds: number): void {
    this.protocol = Protocol.Ip;
    if (at + 40 > end || bytes[at] >>> 4 !== 6) return;
    const payloadLength = (bytes[at + 4] << 8) | bytes[at + 5];
    const stop = payloadLength === 0 ? end : at + 40 + payloadLength;
    const limit = stop < end ? stop : end;
    this.truncated = stop > end;
    let next = bytes[at + 6];
    let p = at + 40;
    for (let headers = 0; headers < MAX_EXTENSION_HEADERS; headers++) {
      if (IPV6_OPTION_HEADERS.has(next)) {
        if (p + 8 > limit) return;
        next = bytes[p];
        p += 8 + bytes[p + 1] * 8;
      } else if (next === IP_AUTHENTICATION) {
        if (p + 8 > limit) return;
        next = bytes[p];
        p += 8 + bytes[p + 1] * 4;
        this.enterTunnel(Tunnel.Ah);
      } else if (next === IPV6_FRAGMENT) {
        if (p + 8 > limit) return;
        const offsetAndMore = ((bytes[p + 2] << 8) | bytes[p + 3]) & 0xfff9;
        next = bytes[p];
        p += 8;
        if (offsetAndMore === 0) continue; // an atomic fragment (RFC 6946) is whole
        this.protocol = Protocol.IpFragment;
        const whole = this.fragments.addIPv6(
          bytes,
          at,
          p,
          limit,
          stop,
          frameAt,
          frame,
          seconds,
          this.tunnel,
          this.pieces,
        );
        if (whole === null) return;
        this.pieces = whole.pieces;
        this.truncated = false;
        this.transportV6(whole.bytes, 0, whole.length, whole.length, whole.protocol, bytes, at);
        return;
      } else {
        break;
      }
      if (p > limit) return;
    }
    this.transportV6(bytes, p, limit, stop - p, next, bytes, at);
  }

  private transportV6(
    bytes: Uint8Array,
    at: number,
    end: number,
    sentLength: number,
    protocol: number,
    header: Uint8Array,
    headerAt: number,
  ): void {
    if (protocol !== IP_UDP && protocol !== IP_TCP && protocol !== IP_ESP) {
      this.transport(bytes, at, end, sentLength, protocol, 0, 0, true);
      return;
    }
    const source = this.flows.ipv6Id(header, headerAt + 8);
    const destination = this.flows.ipv6Id(header, headerAt + 24);
    this.transport(bytes, at, end, sentLength, protocol, source, destination, true);
  }

  /** `sentLength` is what IP says the payload had on the wire; `end` is where the captured part of it ends. */
  private transport(
    bytes: Uint8Array,
    at: number,
    end: number,
    sentLength: number,
    protocol: number,
    source: number,
    destination: number,
    v6: boolean,
  ): void {
    this.bytes = bytes;
    if (protocol === IP_UDP) {
      this.protocol = Protocol.Udp;
      if (at + 8 > end) return;
      const ports = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
      const udpLength = (bytes[at + 4] << 8) | bytes[at + 5];
      // UDP may be shorter than IP (padding), never longer; 0 is a jumbogram or offload (RFC 2675).
      const sent = udpLength >= 8 && udpLength <= sentLength ? udpLength : sentLength;
      const stop = at + sent;
      this.at = at + 8;
      this.length = (stop < end ? stop : end) - this.at;
      this.truncated = stop > end;
      this.wireLength = stop - this.at;
      if (
        ((ports & 0xffff) <= LAST_TUNNEL_PORT || ports >>> 16 <= LAST_TUNNEL_PORT) &&
        this.udpTunnel(ports, source, destination, v6)
      ) {
        return;
      }
      if (this.espOpener !== null && this.espInUdp(ports, source, destination, v6)) return;
      const kind = v6 ? FlowKind.Udp6 : FlowKind.Udp4;
      this.flow = this.flows.lookup(kind | this.carrierBits, source, destination, ports);
      this.payload = Payload.Udp;
    } else if (protocol === IP_TCP) {
      this.protocol = Protocol.Tcp;
      if (at + 20 > end) return;
      const headerLength = (bytes[at + 12] >>> 4) << 2;
      if (headerLength < 20 || at + headerLength > end) return;
      const ports = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
      this.tcpSequence = u32(bytes, at + 4);
      this.tcpAcknowledgment = u32(bytes, at + 8);
      this.tcpFlags = bytes[at + 13];
      this.at = at + headerLength;
      this.length = end - this.at;
      this.truncated = at + sentLength > end;
      this.wireLength = Math.max(this.length, at + sentLength - this.at);
      const kind = v6 ? FlowKind.Tcp6 : FlowKind.Tcp4;
      this.flow = this.flows.lookup(kind | this.carrierBits, source, destination, ports);
      this.payload = Payload.Tcp;
    } else {
      // An ICMP error quotes the packet it is about; the quoted packet was not sent here, so it is not followed.
      this.protocol = OTHER_PROTOCOLS[protocol];
      this.ipTunnel(bytes, at, end, sentLength, protocol, source, destination, v6);
    }
  }

  /** Whether the UDP payload at hand is a tunnel's that can be followed; if so, that is next. */
  private udpTunnel(ports: number, source: number, destination: number, v6: boolean): boolean {
    const { bytes, at, length, wireLength, inside } = this;
    const destinationPort = ports & 0xffff;
    const sourcePort = ports >>> 16;
    if (destinationPort === ESP_PORT || sourcePort === ESP_PORT) {
      return this.esp(bytes, at, at + length, wireLength, source, destination, v6);
    }
    if (!readUdpTunnel(sourcePort, destinationPort, bytes, at, at + length, at + wireLength, inside)) return false;
    this.enter(inside);
    return true;
  }

  /** What IP carries that carries something itself. The arguments are those of `transport`. */
  private ipTunnel(
    bytes: Uint8Array,
    at: number,
    end: number,
    sentLength: number,
    protocol: number,
    source: number,
    destination: number,
    v6: boolean,
  ): void {
    const { inside } = this;
    switch (protocol) {
      case IP_IPV4:
        this.enterTunnel(v6 ? Tunnel.FourInSix : Tunnel.Ipip);
        this.pend(Type.IPv4, bytes, at, end);
        break;
      case IP_IPV6:
        this.enterTunnel(v6 ? Tunnel.SixInSix : Tunnel.SixInFour);
        this.pend(Type.IPv6, bytes, at, end);
        break;
      case IP_GRE:
        if (readGre(bytes, at, end, inside)) this.enter(inside);
        break;
      case IP_ETHERIP:
        if (readEtherIp(bytes, at, end, inside)) this.enter(inside);
        break;
      case IP_MPLS:
        if (readMpls(bytes, at, end, inside)) this.enter(inside);
        break;
      case IP_ESP:
        this.protocol = Protocol.Tunnel + Tunnel.Esp;
        this.esp(bytes, at, end, sentLength, source, destination, v6);
        break;
      case IP_AUTHENTICATION: {
        this.enterTunnel(Tunnel.Ah);
        if (at + 8 > end || ++this.depth > MAX_TUNNEL_HEADERS) return;
        const size = 8 + bytes[at + 1] * 4;
        if (at + size > end) return;
        this.transport(bytes, at + size, end, sentLength - size, bytes[at], source, destination, v6);
      }
    }
  }

  /** Whether the UDP payload at hand is ESP of an SPI that there is a key for, on whatever port; if so, it has been read. */
  private espInUdp(ports: number, source: number, destination: number, v6: boolean): boolean {
    const { bytes, at, length, wireLength, espOpener } = this;
    // Of its own port it has been asked already.
    if ((ports & 0xffff) === ESP_PORT || ports >>> 16 === ESP_PORT) return false;
    if (length < 8 || espOpener?.knows(u32(bytes, at)) !== true) return false;
    return this.esp(bytes, at, at + length, wireLength, source, destination, v6);
  }

  /** Whether what is inside ESP could be read; if so, it has been, or is next. */
  private esp(
    bytes: Uint8Array,
    at: number,
    end: number,
    sentLength: number,
    source: number,
    destination: number,
    v6: boolean,
  ): boolean {
    const { espOpener, pieces, frame } = this;
    if (at + sentLength > end || ++this.depth > MAX_TUNNEL_HEADERS) return false;
    if (espOpener !== null) {
      const frameAt = pieces === null ? at - this.frameStart : at;
      const inside = pieces === null ? null : slicePieces(pieces, at, end - at);
      if (espOpener.open(bytes, at, end, source, destination, v6, frame, frameAt, inside)) {
        const { plain, payload, record } = espOpener;
        this.pieces = [{ frame, at: 0, length: plain.length, record }];
        this.insideEsp(plain, payload, source, destination, v6);
        return true;
      }
    }
    if (!readEspNull(bytes, at, end, this.espPayload)) return false;
    this.insideEsp(bytes, this.espPayload, source, destination, v6);
    return true;
  }

  private insideEsp(
    bytes: Uint8Array,
    { protocol, at, end }: EspPayload,
    source: number,
    destination: number,
    v6: boolean,
  ): void {
    this.enterTunnel(Tunnel.Esp);
    if (protocol === IP_IPV4) this.pend(Type.IPv4, bytes, at, end);
    else if (protocol === IP_IPV6) this.pend(Type.IPv6, bytes, at, end);
    else this.transport(bytes, at, end, end - at, protocol, source, destination, v6);
  }
}

const EMPTY = new Uint8Array(0);
const ESP_PORT = 4500;

/** Reads a header that an EtherType announces. */
function readInner(type: number, bytes: Uint8Array, at: number, end: number, inside: Inside): boolean {
  switch (type) {
    case Type.Ethernet:
      return at + 14 <= end && inside.set(Tunnel.None, (bytes[at + 12] << 8) | bytes[at + 13], at + 14, end);
    case Type.Vlan:
    case Type.QinQ:
    case Type.QinQOld:
      return at + 4 <= end && inside.set(Tunnel.None, (bytes[at + 2] << 8) | bytes[at + 3], at + 4, end);
    case Type.Ppp:
      inside.tunnel = Tunnel.None;
      return readPpp(bytes, at, end, inside);
    case Type.Pppoe:
      return readPppoe(bytes, at, end, inside);
    case Type.Mpls:
    case Type.MplsMulticast:
      return readMpls(bytes, at, end, inside);
    case Type.Erspan:
      return readErspan(bytes, at, end, inside);
    case Type.Erspan3:
      return readErspan3(bytes, at, end, inside);
    case Type.Nsh:
      return readNsh(bytes, at, end, inside);
    default:
      return false;
  }
}

const OTHER_PROTOCOLS = new Uint8Array(256).fill(Protocol.Ip);
OTHER_PROTOCOLS[IP_ICMP] = Protocol.Icmp;
OTHER_PROTOCOLS[IP_ICMPV6] = Protocol.IcmpV6;
OTHER_PROTOCOLS[IP_SCTP] = Protocol.Sctp;
OTHER_PROTOCOLS[IP_IGMP] = Protocol.Igmp;

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function nullEtherType(bytes: Uint8Array, at: number, linkType: number): number {
  const big = u32(bytes, at);
  const little = ((bytes[at + 3] << 24) | (bytes[at + 2] << 16) | (bytes[at + 1] << 8) | bytes[at]) >>> 0;
  const family = linkType === 108 || big < 0x10000 ? big : little;
  if (family === AF_INET) return Type.IPv4;
  return AF_INET6.has(family) ? Type.IPv6 : 0;
}
