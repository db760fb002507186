import { TUNNEL_NAMES } from './tunnel-names.ts';

/**
 * What a frame can be recognised as: the layers below the dissectors first, then the dissectors in their order.
 * The numbers live in one octet of the frame table.
 */
export const Protocol = {
  Unknown: 0,
  Arp: 1,
  Ip: 2,
  Icmp: 3,
  IcmpV6: 4,
  Udp: 5,
  Tcp: 6,
  Sctp: 7,
  Igmp: 8,
  IpFragment: 9,
  WireGuard: 10,
  /** Of a tunnel that leads no further: this, plus its number (see tunnel-names.ts). */
  Tunnel: 10,
} as const;

const LOWER: readonly string[] = [
  'unknown',
  'arp',
  'ip',
  'icmp',
  'icmpv6',
  'udp',
  'tcp',
  'sctp',
  'igmp',
  'ip-fragment',
  'wireguard',
  ...TUNNEL_NAMES,
];

/** First number of a dissector: dissector `i` has protocol number `FIRST_DISSECTOR + i`. */
export const FIRST_DISSECTOR = LOWER.length;

/** The name of a protocol number, given the dissectors' ids in order. */
export function protocolName(protocol: number, dissectorIds: readonly string[]): string {
  return protocol < FIRST_DISSECTOR ? LOWER[protocol] : dissectorIds[protocol - FIRST_DISSECTOR];
}
