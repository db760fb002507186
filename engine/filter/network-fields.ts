/** Fields of frames and of the layers below the dissectors, by Wireshark's names. */
import { fieldLines, type FilterType } from '../../base/filter-field.ts';
import type { Capture } from '../capture.ts';
import { FlowKind, type FlowTable } from '../store/flow-table.ts';
import { type Field, type FieldSource, makeField, type Value } from './field.ts';
import { addressValue } from './values.ts';

/** The layers that a described frame shows below its dissector. */
export const NETWORK_LAYERS: ReadonlySet<string> = new Set(
  'frame eth sll null ppp hdlc pppoe pppoes llc vlan ieee8021ad mpls arp ip ipv6 ah gre erspan nsh pwethcw pweth vxlan geneve gtp l2tp teredo esp etherip udp tcp icmp icmpv6'.split(
    ' ',
  ),
);

const NANOSECONDS = 1e9;

/** Nanoseconds from one frame to another: whole numbers, so that they compare exactly. */
function nanosecondsBetween({ store: { frames } }: Capture, from: number, to: number): number {
  const seconds = frames.seconds.get(to) - frames.seconds.get(from);
  return seconds * NANOSECONDS + frames.nanoseconds.get(to) - frames.nanoseconds.get(from);
}

function frameField(
  id: string,
  label: string,
  type: FilterType,
  read: (capture: Capture, frame: number) => number | string,
): Field {
  return makeField({ id, label, type }, 'frame', { kind: 'frame', read });
}

const FRAME_FIELDS: readonly Field[] = [
  makeField({ id: 'frame', label: 'Frame', type: 'protocol' }, 'frame', { kind: 'tree' }),
  frameField('frame.number', 'Packet number', 'number', (_, frame) => frame + 1),
  frameField('frame.len', 'Length on the wire', 'number', ({ store }, frame) => store.frames.wireLength(frame)),
  frameField('frame.cap_len', 'Captured length', 'number', ({ store }, frame) =>
    store.frames.capturedLength.get(frame),
  ),
  frameField('frame.time', 'Time', 'time', ({ store }, frame) => store.frames.arrivalTime(frame)),
  frameField('frame.time_epoch', 'Time, seconds since 1970', 'time', ({ store }, frame) =>
    store.frames.arrivalTime(frame),
  ),
  // When an agent captured what the frame carries; of other frames, the same as above.
  frameField('frame.time_captured', 'Time, by the capture agent', 'time', ({ store }, frame) =>
    store.frames.time(frame),
  ),
  frameField('frame.time_relative', 'Seconds since the first packet', 'duration', (capture, frame) =>
    nanosecondsBetween(capture, 0, frame),
  ),
  frameField('frame.time_delta', 'Seconds since the packet before', 'duration', (capture, frame) =>
    frame === 0 ? 0 : nanosecondsBetween(capture, frame - 1, frame),
  ),
  frameField('frame.interface_id', 'Interface number', 'number', ({ store }, frame) =>
    store.frames.interfaceIndex.get(frame),
  ),
  frameField('frame.link_type', 'Link type', 'number', ({ reader, store }, frame) => {
    return reader.interfaces[store.frames.interfaceIndex.get(frame)].linkType;
  }),
  makeField({ id: 'data', label: 'Body that nobody reads', type: 'text' }, '', { kind: 'tree' }),
  makeField({ id: 'frame.interface_name', label: 'Interface', type: 'text' }, '', { kind: 'tree' }),
  makeField({ id: 'frame.comment', label: 'Comment', type: 'text' }, '', { kind: 'tree' }),
];

type FlowRead = (flows: FlowTable, flow: number) => readonly Value[];

const NONE: readonly Value[] = [];

/** Values that flows have whose kind passes. */
function ofFlows(passes: (flows: FlowTable, flow: number) => boolean, read: FlowRead): FieldSource {
  return { kind: 'flow', read: (flows, flow) => (passes(flows, flow) ? read(flows, flow) : NONE) };
}

const isV4 = (flows: FlowTable, flow: number): boolean => !flows.isIPv6(flow);
const isV6 = (flows: FlowTable, flow: number): boolean => flows.isIPv6(flow);
const isTcp = (flows: FlowTable, flow: number): boolean => flows.isTcp(flow);
const isUdp = (flows: FlowTable, flow: number): boolean =>
  flows.kind(flow) === FlowKind.Udp4 || flows.kind(flow) === FlowKind.Udp6;

const sourceOf: FlowRead = (flows, flow) => [addressValue(flows.sourceAddress(flow)) ?? -1];
const destinationOf: FlowRead = (flows, flow) => [addressValue(flows.destinationAddress(flow)) ?? -1];
const sourcePortOf: FlowRead = (flows, flow) => [flows.sourcePort(flow)];
const destinationPortOf: FlowRead = (flows, flow) => [flows.destinationPort(flow)];
const both =
  (one: FlowRead, other: FlowRead): FlowRead =>
  (flows, flow) => [...one(flows, flow), ...other(flows, flow)];

function ipFields(layer: 'ip' | 'ipv6', label: string, passes: typeof isV4): Field[] {
  const type = layer === 'ip' ? 'ipv4' : 'ipv6';
  const [source, destination] = [`${layer}.src`, `${layer}.dst`];
  const number = layer === 'ip' ? 4 : 6;
  return [
    makeField(
      { id: layer, label, type: 'protocol' },
      layer,
      ofFlows(passes, () => [1]),
    ),
    makeField({ id: source, label: `${label} source`, type }, layer, ofFlows(passes, sourceOf)),
    makeField({ id: destination, label: `${label} destination`, type }, layer, ofFlows(passes, destinationOf)),
    makeField(
      { id: `${layer}.addr`, label: `${label} source or destination`, type },
      layer,
      ofFlows(passes, both(sourceOf, destinationOf)),
      [source, destination],
    ),
    makeField(
      { id: `${layer}.version`, label: 'Version', type: 'number' },
      layer,
      ofFlows(passes, () => [number]),
    ),
  ];
}

function portFields(layer: 'udp' | 'tcp', label: string, passes: typeof isV4): Field[] {
  const [source, destination] = [`${layer}.srcport`, `${layer}.dstport`];
  return [
    makeField(
      { id: layer, label, type: 'protocol' },
      layer,
      ofFlows(passes, () => [1]),
    ),
    makeField({ id: source, label: `${label} source port`, type: 'number' }, layer, ofFlows(passes, sourcePortOf)),
    makeField(
      { id: destination, label: `${label} destination port`, type: 'number' },
      layer,
      ofFlows(passes, destinationPortOf),
    ),
    makeField(
      { id: `${layer}.port`, label: `${label} source or destination port`, type: 'number' },
      layer,
      ofFlows(passes, both(sourcePortOf, destinationPortOf)),
      [source, destination],
    ),
  ];
}

const UDP_NUMBER = 17;
const TCP_NUMBER = 6;

/** Bits of a field that Wireshark gives names of their own. */
const BITS: readonly (readonly [id: string, label: string, part: string, mask: number, shift: number])[] = [
  ['tcp.flags.fin', 'FIN', 'tcp.flags', 0x001, 0],
  ['tcp.flags.syn', 'SYN', 'tcp.flags', 0x002, 1],
  ['tcp.flags.reset', 'RST', 'tcp.flags', 0x004, 2],
  ['tcp.flags.push', 'PSH', 'tcp.flags', 0x008, 3],
  ['tcp.flags.ack', 'ACK', 'tcp.flags', 0x010, 4],
  ['tcp.flags.urg', 'URG', 'tcp.flags', 0x020, 5],
  ['tcp.flags.ece', 'ECE', 'tcp.flags', 0x040, 6],
  ['tcp.flags.cwr', 'CWR', 'tcp.flags', 0x080, 7],
  ['ip.flags.rb', 'Reserved bit', 'ip.flags', 4, 2],
  ['ip.flags.df', 'Do not fragment', 'ip.flags', 2, 1],
  ['ip.flags.mf', 'More fragments', 'ip.flags', 1, 0],
];

const TREE_FIELDS = fieldLines(`
  mac eth.dst Destination
  number eth.len Length
  mac eth.src Source
  number eth.type Type
  protocol sll Linux cooked capture
  number sll.etype Protocol
  number sll.halen Address length
  number sll.hatype Hardware type
  number sll.ifindex Interface index
  number sll.pkttype Packet type
  number sll.reserved Reserved
  mac sll.src.eth Source
  text sll.unused Unused
  protocol null BSD loopback
  number null.family Address family
  protocol ppp Point-to-Point Protocol
  number ppp.address Address
  number ppp.control Control
  number ppp.protocol Protocol
  protocol hdlc HDLC framing
  number pppoe.code Code
  number pppoe.payload_length Payload length
  number pppoe.session_id Session
  number pppoe.type Type
  number pppoe.version Version
  protocol pppoes PPP over Ethernet
  protocol llc Logical-Link Control
  number llc.control Control
  number llc.dsap DSAP
  number llc.oui Organization
  number llc.ssap SSAP
  number llc.type Protocol
  protocol vlan 802.1Q VLAN
  boolean vlan.dei Drop eligible
  number vlan.etype Type
  number vlan.id VLAN
  number vlan.len Length
  number vlan.priority Priority
  protocol ieee8021ad 802.1ad QinQ
  protocol mpls MPLS
  boolean mpls.bottom Bottom of stack
  number mpls.exp Traffic class
  number mpls.label Label
  number mpls.ttl Time to live
  mac arp.dst.hw_mac Target hardware address
  ipv4 arp.dst.proto_ipv4 Target address
  number arp.hw.size Hardware address length
  number arp.hw.type Hardware type
  number arp.opcode Operation
  number arp.proto.size Protocol address length
  number arp.proto.type Protocol type
  mac arp.src.hw_mac Sender hardware address
  ipv4 arp.src.proto_ipv4 Sender address
  number ip.checksum Header checksum
  node ip.dsfield Differentiated services
  number ip.dsfield.dscp Code point
  number ip.dsfield.ecn Congestion
  number ip.flags Flags
  number ip.frag_offset Fragment offset
  number ip.hdr_len Header length
  number ip.id Identification
  number ip.len Total length
  number ip.opt.type Option
  node ip.options Options
  number ip.ttl Time to live
  node ipv6.dstopts Destination options
  number ipv6.dstopts.len Length
  number ipv6.dstopts.nxt Next header
  number ipv6.flow Flow label
  node ipv6.fraghdr Fragment header
  number ipv6.fraghdr.ident Identification
  boolean ipv6.fraghdr.more More fragments
  number ipv6.fraghdr.nxt Next header
  number ipv6.fraghdr.offset Offset
  number ipv6.fraghdr.reserved_octet Reserved
  number ipv6.hlim Hop limit
  node ipv6.hopopts Hop-by-hop options
  number ipv6.hopopts.len Length
  number ipv6.hopopts.nxt Next header
  number ipv6.nxt Next header
  text ipv6.opt.pad1 Padding
  text ipv6.opt.padn Padding
  number ipv6.opt.type Option
  number ipv6.plen Payload length
  node ipv6.routing Routing header
  text ipv6.routing.address Address
  text ipv6.routing.data Type-specific data
  number ipv6.routing.len Length
  number ipv6.routing.nxt Next header
  number ipv6.routing.segleft Segments left
  number ipv6.routing.type Type
  node ipv6.tclass Differentiated services
  number ipv6.tclass.dscp Code point
  number ipv6.tclass.ecn Congestion
  protocol ah Authentication header
  text ah.icv Integrity check value
  number ah.len Length
  number ah.nxt Next header
  text ah.reserved Reserved
  number ah.sequence Sequence number
  number ah.spi Security parameters index
  protocol gre Generic Routing Encapsulation
  number gre.ack_number Acknowledgment number
  number gre.checksum Checksum
  number gre.flags_and_version Flags
  number gre.key Key
  number gre.key.call_id Call ID
  number gre.key.payload_length Payload length
  number gre.offset Offset
  number gre.proto Protocol
  number gre.sequence_number Sequence number
  text gre.routing Source routes
  protocol erspan ERSPAN
  number erspan.cos Class of service
  boolean erspan.direction Direction
  number erspan.encap Encapsulation
  number erspan.ft Frame type
  number erspan.gra Granularity
  number erspan.hw Hardware
  number erspan.index Index
  number erspan.o Subheader
  number erspan.p Has an Ethernet frame
  number erspan.platid Platform
  number erspan.reserved Reserved
  number erspan.sgt Security group
  number erspan.spanid Session
  number erspan.timestamp Timestamp
  number erspan.truncated Truncated
  number erspan.version Version
  number erspan.vlan VLAN
  protocol nsh Network Service Header
  number nsh.Obit Operations
  text nsh.contextheader Context
  number nsh.length Length
  number nsh.mdtype Metadata type
  number nsh.nextproto Next protocol
  number nsh.si Service index
  number nsh.spi Service path
  number nsh.ttl Time to live
  number nsh.version Version
  protocol pwethcw Control word
  number pweth.cw.sequence_number Sequence number
  protocol vxlan Virtual eXtensible LAN
  number vxlan.flags Flags
  number vxlan.gbp Group policy
  number vxlan.next_proto Next protocol
  number vxlan.reserved8 Reserved
  number vxlan.vni Network identifier
  protocol geneve Generic Network Virtualization Encapsulation
  number geneve.flags Flags
  node geneve.option Option
  number geneve.option.class Class
  number geneve.option.length Length
  number geneve.option.type Type
  text geneve.option.unknown.data Data
  number geneve.proto_type Protocol
  number geneve.reserved Reserved
  number geneve.version Version
  number geneve.vni Network identifier
  protocol gtp GPRS Tunnelling Protocol
  node gtp.ext_hdr Extension header
  number gtp.ext_hdr.length Length
  number gtp.ext_hdr.next Next
  text gtp.ext_hdr.spare_bytes Content
  number gtp.flags Flags
  number gtp.length Length
  number gtp.message Message type
  number gtp.next Next extension header
  number gtp.npdu_number N-PDU number
  number gtp.seq_number Sequence number
  number gtp.teid Tunnel endpoint
  protocol l2tp Layer 2 Tunneling Protocol
  number l2tp.Nr Number expected
  number l2tp.Ns Number sent
  number l2tp.length Length
  number l2tp.offset Offset
  text l2tp.offset_padding Padding
  number l2tp.session Session
  number l2tp.tunnel Tunnel
  number l2tp.type Type
  number l2tp.version Version
  protocol teredo Teredo
  node teredo.auth Authentication
  number teredo.auth.aulen Length of the value
  text teredo.auth.conf Confirmation
  text teredo.auth.id Client identifier
  number teredo.auth.idlen Length of the identifier
  text teredo.auth.nonce Nonce
  text teredo.auth.value Value
  node teredo.orig Origin
  ipv4 teredo.orig.addr Address
  number teredo.orig.port Port
  protocol esp Encapsulating Security Payload
  text esp.icv Integrity check value
  text esp.pad Padding
  number esp.pad_len Padding length
  number esp.protocol Next header
  number esp.sequence Sequence number
  number esp.spi Security parameters index
  protocol etherip Ethernet in IP
  number etherip.reserved Reserved
  number etherip.ver Version
  number udp.checksum Checksum
  number udp.length Length
  number tcp.ack_raw Acknowledgment number
  number tcp.checksum Checksum
  number tcp.flags Flags
  number tcp.hdr_len Header length
  number tcp.option_kind Option
  node tcp.options Options
  number tcp.options.mss_val Maximum segment size
  text tcp.options.sack Selective acknowledgment
  node tcp.options.timestamp Timestamps
  number tcp.options.timestamp.tsecr Echo reply
  number tcp.options.timestamp.tsval Value
  number tcp.options.wscale.shift Window scale
  number tcp.seq_raw Sequence number
  number tcp.urgent_pointer Urgent pointer
  number tcp.window_size_value Window
  number icmp.checksum Checksum
  number icmp.code Code
  number icmp.ident Identifier
  number icmp.mtu MTU of next hop
  node icmp.quoted Quoted packet
  number icmp.seq Sequence number
  number icmp.type Type
  text icmp.unused Unused
  number icmpv6.checksum Checksum
  number icmpv6.code Code
  number icmpv6.echo.identifier Identifier
  number icmpv6.echo.sequence_number Sequence number
  number icmpv6.mtu MTU
  number icmpv6.type Type
  text icmpv6.unused Unused
`);

/** Every field of frames, link, network and transport layers. */
export const networkFields: readonly Field[] = [
  ...FRAME_FIELDS,
  ...['eth Ethernet', 'arp ARP', 'icmp ICMP', 'icmpv6 ICMPv6'].map((line) => {
    const [id, label] = line.split(' ');
    return makeField({ id, label, type: 'protocol' }, id, { kind: 'tree' });
  }),
  ...ipFields('ip', 'IPv4', isV4),
  ...ipFields('ipv6', 'IPv6', isV6),
  makeField(
    { id: 'ip.proto', label: 'Protocol', type: 'number' },
    'ip',
    ofFlows(isV4, (flows, flow) => [isTcp(flows, flow) ? TCP_NUMBER : UDP_NUMBER]),
  ),
  ...portFields('udp', 'UDP', isUdp),
  ...portFields('tcp', 'TCP', isTcp),
  makeField({ id: 'eth.addr', label: 'Source or destination', type: 'mac' }, 'eth', { kind: 'tree' }, [
    'eth.src',
    'eth.dst',
  ]),
  ...BITS.map(([id, label, part, mask, shift]) => ({
    ...makeField({ id, label, type: 'boolean' }, part.split('.')[0], { kind: 'tree' }, [part]),
    bit: { mask, shift },
  })),
  ...TREE_FIELDS.map((field) => makeField(field, field.id.split('.')[0], { kind: 'tree' })),
];
