/** What the display filter can ask of HEP. */
import { ABSENT, fieldLines, type FilterField } from '../../base/filter-field.ts';
import { type HepColumns, HepFlag } from './columns.ts';

type Field = FilterField<HepColumns>;

export const hepFields: readonly Field[] = [
  { id: 'hep.version', label: 'Version', type: 'number', column: (c, row) => c.version.get(row) },
  { id: 'hep.ip_protocol', label: 'IP protocol', type: 'number', column: (c, row) => c.transport.get(row) || ABSENT },
  { id: 'hep.src_port', label: 'Source port', type: 'number', column: (c, row) => c.sourcePort.get(row) || ABSENT },
  {
    id: 'hep.dst_port',
    label: 'Destination port',
    type: 'number',
    column: (c, row) => c.destinationPort.get(row) || ABSENT,
  },
  {
    id: 'hep.time_sec',
    label: 'Time, seconds',
    type: 'number',
    column: (c, row) => (hasTime(c.flags.get(row)) ? c.seconds.get(row) : ABSENT),
  },
  {
    id: 'hep.time_usec',
    label: 'Time, microseconds',
    type: 'number',
    column: (c, row) => (hasTime(c.flags.get(row)) ? c.micros.get(row) : ABSENT),
  },
  { id: 'hep.protocol_type', label: 'Protocol type', type: 'number', column: (c, row) => c.protocolType.get(row) },
  { id: 'hep.agent_id', label: 'Capture agent ID', type: 'number', column: (c, row) => c.agent.get(row) },
  {
    id: 'hep.agent',
    label: 'Capture agent, by its place in the list',
    type: 'number',
    column: (c, row) => c.agentNumber.get(row) || ABSENT,
  },
  { id: 'hep.node_name', label: 'Node name', type: 'text', column: (c, row) => c.nodeName.get(row) || ABSENT },
  {
    id: 'hep.correlation_id',
    label: 'Correlation ID',
    type: 'text',
    column: (c, row) => c.correlation.get(row) || ABSENT,
  },
  ...fieldLines(`
    node hep.message Message
    text hep.magic Magic
    number hep.length Length
    number hep.header_length Header length
    node hep.chunk Chunk
    number hep.chunk.vendor Vendor
    number hep.chunk.type Chunk type
    number hep.chunk.length Chunk length
    octets hep.chunk.value Value
    octets hep.padding Padding
    octets hep.trailing After the message
    number hep.ip_family IP family
    ipv4 hep.src_ip4 IPv4 source address
    ipv4 hep.dst_ip4 IPv4 destination address
    ipv6 hep.src_ip6 IPv6 source address
    ipv6 hep.dst_ip6 IPv6 destination address
    number hep.keep_alive Keep-alive timer
    text hep.auth_key Authentication key
    text hep.payload Payload
    node hep.report Report
    node hep.report.object Part of a report
    text hep.report.value Value of a report
    octets hep.compressed_payload Compressed payload
    number hep.vlan_id VLAN ID
    mac hep.src_mac Source MAC
    mac hep.dst_mac Destination MAC
    number hep.ether_type Ethernet type
    number hep.tcp_flags TCP flags
    number hep.ip_tos IP TOS
    number hep.mos MOS
    number hep.r_factor R factor
    text hep.geo_location Location
    number hep.jitter Jitter
    text hep.transaction_type Transaction type
    text hep.payload_json_keys JSON keys of the payload
    text hep.tags Tags
    number hep.tag_type Type of tag
    number hep.event_type Event type
    text hep.group_id Group ID
  `),
];

function hasTime(flags: number): boolean {
  return (flags & HepFlag.HasTime) !== 0;
}
