/** The line of a packet that no dissector took: ARP, ICMP, plain TCP and UDP, fragments. The cold path. */
import type { Octets } from '../../base/octets.ts';
import type { FieldValue, TreeBuilder } from '../../dissectors/dissector.ts';
import { type FrameLayers, describeFrameLayers } from '../network/describe/frame-layers.ts';
import { ipProtocolName } from '../network/protocol-names.ts';
import { formatEndpoint, formatIPv6 } from '../store/addresses.ts';

export interface PlainPacket {
  /** Addresses without ports, of the innermost IP header or of ARP; null where there are none. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly info: string;
}

/** Describes the layers of a frame in one line. `wireLength` is what it had on the wire. Never throws on any octets. */
export function describePlain(linkType: number, octets: Octets, wireLength: number): PlainPacket {
  const facts = new Facts();
  const layers = describeFrameLayers(linkType, octets, treeInto(facts), wireLength);
  if (facts.has('arp.opcode')) {
    return { source: arpAddress(facts, 'src'), destination: arpAddress(facts, 'dst'), info: arpInfo(facts) };
  }
  const info = infoOf(layers, facts, octets);
  return { source: layers.source || null, destination: layers.destination || null, info };
}

function infoOf(layers: FrameLayers, facts: Facts, octets: Octets): string {
  if (facts.has('icmp.type')) return icmpInfo('icmp', facts, octets);
  if (facts.has('icmpv6.type')) return icmpInfo('icmpv6', facts, octets) + neighbour(layers, facts, octets);
  if (layers.payload === 'fragment') return fragmentInfo(layers, facts);
  const ports = `${layers.sourcePort} → ${layers.destinationPort}`;
  if (layers.payload === 'udp') return `${ports}  len ${layers.wireLength}`;
  if (layers.payload === 'tcp') return `${ports}  ${tcpInfo(layers, facts)}`;
  if (layers.protocol >= 0) return ipProtocolName(layers.protocol);
  return ['vlan.etype', 'sll.etype', 'eth.type'].map((name) => facts.meaning(name)).find((name) => name !== '') ?? '';
}

/** Sequence numbers as sent: relative ones would need the connection. */
function tcpInfo({ wireLength }: FrameLayers, facts: Facts): string {
  // The tree has the flags from the highest bit down, people say SYN, ACK.
  const flags = facts.meaning('tcp.flags').split(', ').toReversed();
  const acknowledged = flags.includes('ACK') ? ` ack ${facts.text('tcp.ack_raw')}` : '';
  return `[${flags.join(', ')}] seq ${facts.text('tcp.seq_raw')}${acknowledged} len ${wireLength}`;
}

function fragmentInfo({ protocol }: FrameLayers, facts: Facts): string {
  const isV6 = facts.has('ipv6.fraghdr.offset');
  const id = facts.text(isV6 ? 'ipv6.fraghdr.ident' : 'ip.id');
  const offset = Number(facts.text(isV6 ? 'ipv6.fraghdr.offset' : 'ip.frag_offset')) * 8;
  return `fragment of ${ipProtocolName(protocol)}, id ${id}, offset ${offset}`;
}

function arpAddress(facts: Facts, side: 'src' | 'dst'): string | null {
  // Without IPv4 the value is bare octets, which are no address anybody could look for.
  return facts.meaning('arp.proto.type') === 'IPv4' ? facts.text(`arp.${side}.proto_ipv4`) || null : null;
}

function arpInfo(facts: Facts): string {
  const [sender, target] = [facts.text('arp.src.proto_ipv4'), facts.text('arp.dst.proto_ipv4')];
  const operation = facts.text('arp.opcode');
  if (operation === '1' && sender === target) return `announces ${sender}`;
  if (operation === '1') return `who has ${target}? tell ${sender}`;
  if (operation === '2') return `${sender} is at ${facts.text('arp.src.hw_mac')}`;
  return facts.meaning('arp.opcode') || `operation ${operation}`;
}

function icmpInfo(name: 'icmp' | 'icmpv6', facts: Facts, octets: Octets): string {
  const type = facts.meaning(`${name}.type`) || `type ${facts.text(`${name}.type`)}`;
  const code = facts.meaning(`${name}.code`);
  const head = code === '' ? type : `${type} (${code})`;
  const identifier = facts.text(name === 'icmp' ? 'icmp.ident' : 'icmpv6.echo.identifier');
  if (identifier !== '') {
    const sequence = facts.text(name === 'icmp' ? 'icmp.seq' : 'icmpv6.echo.sequence_number');
    return `${head} id ${identifier} seq ${sequence}`;
  }
  return facts.quoted === null ? head : `${head}${quotedText(facts.quoted, octets)}`;
}

/** ` for udp 10.0.0.1:4000 → 10.0.0.2:5000`: the packet that an error is about. */
function quotedText(quoted: Facts, octets: Octets): string {
  const isV6 = quoted.has('ipv6.src');
  const prefix = isV6 ? 'ipv6' : 'ip';
  const [source, destination] = [quoted.text(`${prefix}.src`), quoted.text(`${prefix}.dst`)];
  if (source === '') return '';
  const protocol = Number(quoted.text(isV6 ? 'ipv6.nxt' : 'ip.proto'));
  const isFirst = isV6 || quoted.text('ip.frag_offset') === '0';
  const hasPorts = (protocol === 6 || protocol === 17) && isFirst && quoted.headerEnd + 4 <= octets.length;
  const name = protocol === 6 ? 'tcp' : protocol === 17 ? 'udp' : ipProtocolName(protocol);
  if (!hasPorts) return ` for ${name} ${source} → ${destination}`;
  // Only eight octets of TCP need be quoted (RFC 792), so its header is not whole and has no fields: read the ports here.
  const from = formatEndpoint(source, octets.u16(quoted.headerEnd));
  return ` for ${name} ${from} → ${formatEndpoint(destination, octets.u16(quoted.headerEnd + 2))}`;
}

/** ` for fe80::1`: the target of neighbor solicitations and advertisements (RFC 4861 sections 4.3, 4.4). */
function neighbour({ at, length }: FrameLayers, facts: Facts, octets: Octets): string {
  const type = facts.text('icmpv6.type');
  if ((type !== '135' && type !== '136') || length < 16) return '';
  return ` for ${formatIPv6(octets.bytes, octets.start + at)}`;
}

/** Fields by name, of nested headers the innermost; those of a packet that ICMP quotes apart. */
class Facts {
  quoted: Facts | null = null;
  /** Where the innermost IP header ends. */
  headerEnd = 0;
  private readonly fields = new Map<string, { readonly value: FieldValue; readonly meaning: string }>();

  set(name: string, value: FieldValue, meaning: string): void {
    this.fields.set(name, { value, meaning });
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  /** The value as text, '' where there is no such field. */
  text(name: string): string {
    const value = this.fields.get(name)?.value;
    return value === undefined || value === null ? '' : String(value);
  }

  meaning(name: string): string {
    return this.fields.get(name)?.meaning ?? '';
  }
}

/** A tree that keeps only facts. */
function treeInto(facts: Facts): TreeBuilder {
  let target = facts;
  return {
    field: (name, _label, _at, _length, value, meaning = '') => target.set(name, value, meaning),
    group: (name, _label, at, length, _text, build) => {
      const outer = target;
      if (name === 'icmp.quoted') {
        outer.quoted = new Facts();
        target = outer.quoted;
      }
      if (name === 'ip' || name === 'ipv6') target.headerEnd = at + length;
      build();
      target = outer;
    },
    fault: () => {},
  };
}
