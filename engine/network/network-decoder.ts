import type { FlowTable } from '../store/flow-table.ts';
import { FlowKind } from '../store/flow-table.ts';
import { Protocol } from '../store/protocol-list.ts';
import type { FragmentSink, Piece } from './ip-fragments.ts';

/** What a frame carries, as far as the decoder follows it. */
export const Payload = { None: 0, Udp: 1, Tcp: 2 } as const;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_QINQ = 0x88a8;
const ETHERTYPE_QINQ_OLD = 0x9100;

const IP_ICMP = 1;
const IP_IGMP = 2;
const IP_TCP = 6;
const IP_UDP = 17;
const IP_ICMPV6 = 58;
const IP_SCTP = 132;

/** IPv6 headers to step over (RFC 8200 4): hop-by-hop, routing, destination options, mobility, HIP, shim6. */
const IPV6_OPTION_HEADERS = new Set([0, 43, 60, 135, 139, 140]);
const IPV6_FRAGMENT = 44;
const IPV6_AUTHENTICATION = 51;
const MAX_EXTENSION_HEADERS = 16;

/** Address families of BSD null/loop: IPv4 is 2 everywhere, IPv6 differs by system. */
const AF_INET = 2;
const AF_INET6 = new Set([24, 28, 30, 10]);

/**
 * The hot walk from a frame to its transport payload: link layer, IP, UDP or TCP. One decoder is used for all frames;
 * the outcome is in its fields, valid until the next `decode`. Nothing is allocated except where fragments are held.
 */
export class NetworkDecoder {
  /** One of `Payload`; with Udp and Tcp all fields below hold, with None only `protocol`. */
  payload: number = Payload.None;
  protocol: number = Protocol.Unknown;
  flow = 0;
  /** Where the IP header begins in the frame's octets, also where the payload is a reassembled datagram's. */
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

  constructor(flows: FlowTable, fragments: FragmentSink) {
    this.flows = flows;
    this.fragments = fragments;
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
    this.truncated = wireLength > length;
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
        etherType = bytes[at] >>> 4 === 6 ? ETHERTYPE_IPV6 : bytes[at] >>> 4 === 4 ? ETHERTYPE_IPV4 : 0;
        break;
      case 0: // BSD null: address family in the byte order of the capturing machine
      case 108: // OpenBSD loop: in network byte order
        if (length < 4) return;
        etherType = nullEtherType(bytes, at, linkType);
        p = at + 4;
        break;
      case 9: // PPP, PPP in HDLC framing
      case 50:
        p = pppPayload(bytes, at, end);
        etherType = pppEtherType(bytes, p - 2, end, at);
        break;
      default:
        return;
    }
    // 802.1Q, 802.1ad and their older spelling, as deep as they go.
    while (
      (etherType === ETHERTYPE_VLAN || etherType === ETHERTYPE_QINQ || etherType === ETHERTYPE_QINQ_OLD) &&
      p + 4 <= end
    ) {
      etherType = (bytes[p + 2] << 8) | bytes[p + 3];
      p += 4;
    }
    this.networkAt = p;
    if (etherType === ETHERTYPE_IPV4) this.ipv4(bytes, p, end, at, frame, seconds);
    else if (etherType === ETHERTYPE_IPV6) this.ipv6(bytes, p, end, at, frame, seconds);
    else if (etherType === ETHERTYPE_ARP) this.protocol = Protocol.Arp;
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
    const whole = this.fragments.addIPv4(bytes, at, p, Math.min(stop, end), stop, frameAt, frame, seconds);
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
      } else if (next === IPV6_AUTHENTICATION) {
        if (p + 8 > limit) return;
        next = bytes[p];
        p += 8 + bytes[p + 1] * 4;
      } else if (next === IPV6_FRAGMENT) {
        if (p + 8 > limit) return;
        const offsetAndMore = ((bytes[p + 2] << 8) | bytes[p + 3]) & 0xfff9;
        next = bytes[p];
        p += 8;
        if (offsetAndMore === 0) continue; // an atomic fragment (RFC 6946) is whole
        this.protocol = Protocol.IpFragment;
        const whole = this.fragments.addIPv6(bytes, at, p, limit, stop, frameAt, frame, seconds);
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
    if (protocol !== IP_UDP && protocol !== IP_TCP) {
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
      this.flow = this.flows.lookup(v6 ? FlowKind.Udp6 : FlowKind.Udp4, source, destination, ports);
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
      this.flow = this.flows.lookup(v6 ? FlowKind.Tcp6 : FlowKind.Tcp4, source, destination, ports);
      this.payload = Payload.Tcp;
    } else {
      // An ICMP error quotes the packet it is about; the quoted packet was not sent here, so it is not followed.
      this.protocol = OTHER_PROTOCOLS[protocol];
    }
  }
}

const EMPTY = new Uint8Array(0);

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
  if (family === AF_INET) return ETHERTYPE_IPV4;
  return AF_INET6.has(family) ? ETHERTYPE_IPV6 : 0;
}

/** Where the PPP payload begins (RFC 1661, RFC 1662): address and control may be there, the protocol has 1 or 2 octets. */
function pppPayload(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  if (p + 2 <= end && bytes[p] === 0xff && bytes[p + 1] === 0x03) p += 2;
  if (p < end && (bytes[p] & 1) === 1) return p + 1;
  return p + 2;
}

function pppEtherType(bytes: Uint8Array, at: number, end: number, start: number): number {
  if (at + 2 > end) return 0;
  const low = bytes[at + 1];
  const high = at >= start && (bytes[at] & 1) === 0 ? bytes[at] : 0;
  const protocol = (high << 8) | low;
  if (protocol === 0x21) return ETHERTYPE_IPV4;
  return protocol === 0x57 ? ETHERTYPE_IPV6 : 0;
}
