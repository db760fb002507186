/** The generic chunks of HEP3 (vendor 0), as its registry has them. */

export const Chunk = {
  IpFamily: 0x0001,
  IpProtocol: 0x0002,
  SourceIPv4: 0x0003,
  DestinationIPv4: 0x0004,
  SourceIPv6: 0x0005,
  DestinationIPv6: 0x0006,
  SourcePort: 0x0007,
  DestinationPort: 0x0008,
  Seconds: 0x0009,
  Micros: 0x000a,
  ProtocolType: 0x000b,
  AgentId: 0x000c,
  AuthKey: 0x000e,
  Payload: 0x000f,
  CompressedPayload: 0x0010,
  CorrelationId: 0x0011,
  NodeName: 0x0013,
} as const;

/** How a chunk's value is read: a number of so many octets, an address, text, or neither. */
export type ChunkKind = 'u8' | 'u16' | 'u32' | 'ipv4' | 'ipv6' | 'mac' | 'text' | 'secret' | 'octets';

export interface ChunkLayout {
  /** The field's name behind `hep.`. */
  readonly name: string;
  readonly label: string;
  readonly kind: ChunkKind;
}

const LAYOUTS: Readonly<Record<number, readonly [name: string, label: string, kind: ChunkKind]>> = {
  [Chunk.IpFamily]: ['ip_family', 'IP family', 'u8'],
  [Chunk.IpProtocol]: ['ip_protocol', 'IP protocol', 'u8'],
  [Chunk.SourceIPv4]: ['src_ip4', 'IPv4 source address', 'ipv4'],
  [Chunk.DestinationIPv4]: ['dst_ip4', 'IPv4 destination address', 'ipv4'],
  [Chunk.SourceIPv6]: ['src_ip6', 'IPv6 source address', 'ipv6'],
  [Chunk.DestinationIPv6]: ['dst_ip6', 'IPv6 destination address', 'ipv6'],
  [Chunk.SourcePort]: ['src_port', 'Source port', 'u16'],
  [Chunk.DestinationPort]: ['dst_port', 'Destination port', 'u16'],
  [Chunk.Seconds]: ['time_sec', 'Time, seconds', 'u32'],
  [Chunk.Micros]: ['time_usec', 'Time, microseconds', 'u32'],
  [Chunk.ProtocolType]: ['protocol_type', 'Protocol type', 'u8'],
  [Chunk.AgentId]: ['agent_id', 'Capture agent ID', 'u32'],
  0x000d: ['keep_alive', 'Keep-alive timer', 'u16'],
  [Chunk.AuthKey]: ['auth_key', 'Authentication key', 'secret'],
  [Chunk.Payload]: ['payload', 'Payload', 'octets'],
  [Chunk.CompressedPayload]: ['compressed_payload', 'Compressed payload', 'octets'],
  [Chunk.CorrelationId]: ['correlation_id', 'Correlation ID', 'text'],
  0x0012: ['vlan_id', 'VLAN ID', 'u16'],
  [Chunk.NodeName]: ['node_name', 'Node name', 'text'],
  0x0014: ['src_mac', 'Source MAC', 'mac'],
  0x0015: ['dst_mac', 'Destination MAC', 'mac'],
  0x0016: ['ether_type', 'Ethernet type', 'u16'],
  0x0017: ['tcp_flags', 'TCP flags', 'u8'],
  0x0018: ['ip_tos', 'IP TOS', 'u8'],
  0x0020: ['mos', 'MOS', 'u16'],
  0x0021: ['r_factor', 'R factor', 'u16'],
  0x0022: ['geo_location', 'Location', 'text'],
  0x0023: ['jitter', 'Jitter', 'u32'],
  0x0024: ['transaction_type', 'Transaction type', 'text'],
  0x0025: ['payload_json_keys', 'JSON keys of the payload', 'text'],
  0x0026: ['tags', 'Tags', 'text'],
  0x0027: ['tag_type', 'Type of tag', 'u16'],
  0x0028: ['event_type', 'Event type', 'u16'],
  0x0029: ['group_id', 'Group ID', 'text'],
};

const VENDORS: Readonly<Record<number, string>> = {
  0: 'generic',
  1: 'FreeSWITCH',
  2: 'Kamailio',
  3: 'OpenSIPS',
  4: 'Asterisk',
  5: 'Homer',
  6: 'sipXecs',
  7: 'Yeti Switch',
  8: 'Genesys',
};

const SIZES: Readonly<Record<ChunkKind, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  ipv4: 4,
  ipv6: 16,
  mac: 8,
  text: 0,
  secret: 0,
  octets: 0,
};

const KNOWN: ReadonlyMap<number, ChunkLayout> = new Map(
  Object.entries(LAYOUTS).map(([type, [name, label, kind]]) => [Number(type), { name, label, kind }]),
);

/** Octets of a generic chunk's value by type, 0 where any length will do: for the hot pass. */
const SIZE_OF_TYPE = Uint8Array.from({ length: 0x2a }, (_, type) => {
  const kind = KNOWN.get(type)?.kind;
  return kind === undefined ? 0 : SIZES[kind];
});

/** Octets that the value of a generic chunk has, 0 where its length is free or its type unknown. */
export function chunkSize(type: number): number {
  return type < SIZE_OF_TYPE.length ? SIZE_OF_TYPE[type] : 0;
}

/** How a generic chunk reads, null for a type that the registry does not have. */
export function chunkLayout(type: number): ChunkLayout | null {
  return KNOWN.get(type) ?? null;
}

/** `Kamailio`, or `vendor 77`. */
export function vendorName(vendor: number): string {
  return VENDORS[vendor] ?? `vendor ${vendor}`;
}
