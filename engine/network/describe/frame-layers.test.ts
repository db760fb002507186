import { describe, expect, it } from 'vitest';
import { Octets } from '../../../base/octets.ts';
import type { FieldValue, TreeBuilder } from '../../../dissectors/dissector.ts';
import { formatIPv6 } from '../../store/addresses.ts';
import { describeFrameLayers, describeReassembledLayers } from './frame-layers.ts';

/** The expected values in this file are what tshark 4.0 prints for the same octets. */
const VLAN_UDP =
  '0200000000020200000000018100a005080046b800251234400040117ed50a0000010a0000029404000013c413c6000d807568656c6c6f';
const PADDED_BAD_UDP =
  '020000000002020000000001080045b8002112344000401113de0a0000010a00000213c413c6000d807468656c6c6feeeeeeeeeeeeeeeeee';
const IPV6_TCP =
  '6b8001230034003f20010db800000000000000000000000120010db800000000000100000000000f3c0005020000010006000104000000009c4013c5fffffff000000007801801f6ca8c00000101080a0000000a0000001450494e47';
const ICMP =
  '45c0003812344000400113cf0a0000020a000001030399040000000045b80080123440004011137f0a0000010a000002138c138c006c3c74';
const SLL_ARP = '0000000100060200000000010000080600010800060400010200000000010a0000010000000000000a000002';
const PPP_GRE =
  'ff03002145b8003912344000402f13a80a0000010a00000220000800000000ff45b8001d123440004011a690c0a80001c0a8000200010002000904857a';
const SLL2_FRAGMENT =
  '080000000000000300010006020000000001000045b8001c12342001401133e20a0000010a0000026162636465666768';

interface Field {
  readonly path: string;
  readonly at: number;
  readonly length: number;
  readonly value: FieldValue;
  readonly meaning: string | undefined;
}

/** Writes down fields under the path of their groups' names. */
class Tree implements TreeBuilder {
  readonly fields: Field[] = [];
  readonly faults: string[] = [];
  readonly groups: string[] = [];
  private path = '';

  field(name: string, _label: string, at: number, length: number, value: FieldValue, meaning?: string): void {
    this.fields.push({ path: `${this.path}${name}`, at, length, value, meaning });
  }
  group(name: string, _label: string, _at: number, _length: number, _text: string, build: () => void): void {
    const outer = this.path;
    this.groups.push(outer + name);
    this.path = `${outer}${name} > `;
    build();
    this.path = outer;
  }
  fault(code: string): void {
    this.faults.push(code);
  }
  /** The first field with this name, as [value, meaning]. */
  get(name: string): [FieldValue, string | undefined] | undefined {
    const found = this.fields.find((field) => field.path.split(' > ').at(-1) === name);
    return found && [found.value, found.meaning];
  }
  value(name: string): FieldValue | undefined {
    return this.get(name)?.[0];
  }
}

function octetsOf(hex: string): Octets {
  return new Octets(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function walk(linkType: number, hex: string, wireLength?: number) {
  const tree = new Tree();
  const layers = describeFrameLayers(linkType, octetsOf(hex), tree, wireLength);
  return { tree, layers };
}

describe('describeFrameLayers', () => {
  it('describes Ethernet, a VLAN tag, IPv4 with an option, UDP', () => {
    const { tree, layers } = walk(1, VLAN_UDP);
    expect(tree.groups.filter((name) => !name.includes('>'))).toEqual(['eth', 'vlan', 'ip', 'udp']);
    expect(tree.value('eth.dst')).toBe('02:00:00:00:00:02');
    expect(tree.value('vlan.id')).toBe(5);
    expect(tree.value('vlan.priority')).toBe(5);
    expect(tree.get('ip.dsfield.dscp')).toEqual([46, 'EF']);
    expect(tree.value('ip.hdr_len')).toBe(24);
    expect(tree.value('ip.len')).toBe(37);
    expect(tree.get('ip.flags')).toEqual(['0x2', "don't fragment"]);
    expect(tree.get('ip.checksum')).toEqual(['0x7ed5', 'correct']);
    expect(tree.get('ip.opt.type')).toEqual([148, '0000']);
    expect(tree.get('udp.checksum')).toEqual(['0x8075', 'correct']);
    expect(tree.faults).toEqual([]);
    expect(layers).toMatchObject({
      payload: 'udp',
      at: 50,
      length: 5,
      wireLength: 5,
      source: '10.0.0.1',
      destination: '10.0.0.2',
      sourcePort: 5060,
      destinationPort: 5062,
      protocol: 17,
    });
  });

  it('leaves padding out, and says what a wrong checksum should be', () => {
    const { tree, layers } = walk(1, PADDED_BAD_UDP);
    expect(layers).toMatchObject({ at: 42, length: 5, wireLength: 5 });
    expect(tree.get('udp.checksum')?.[1]).toMatch(/^incorrect, should be 0x8075/);
  });

  it('describes IPv6 with extension headers, and TCP with options', () => {
    const { tree, layers } = walk(1, `02000000000202000000000186dd${IPV6_TCP}`);
    expect(tree.groups.filter((name) => !name.includes('>'))).toEqual([
      'eth',
      'ipv6',
      'ipv6.hopopts',
      'ipv6.dstopts',
      'tcp',
    ]);
    expect(tree.value('ipv6.flow')).toBe('0x000123');
    expect(tree.value('ipv6.plen')).toBe(52);
    expect(tree.value('ipv6.hlim')).toBe(63);
    expect(tree.value('ipv6.dst')).toBe('2001:db8::1:0:0:f');
    expect(tree.value('tcp.seq_raw')).toBe(4294967280);
    expect(tree.get('tcp.flags')).toEqual(['0x018', 'ACK, PSH']);
    expect(tree.get('tcp.checksum')).toEqual(['0xca8c', 'correct']);
    expect(tree.value('tcp.options.timestamp.tsval')).toBe(10);
    expect(layers).toMatchObject({ payload: 'tcp', length: 4, sourcePort: 40000, destinationPort: 5061, protocol: 6 });
  });

  it('reads the BSD loopback family in either byte order', () => {
    expect(walk(0, `1c000000${IPV6_TCP}`).layers.payload).toBe('tcp');
    expect(walk(0, `0000001c${IPV6_TCP}`).layers.payload).toBe('tcp');
    expect(walk(108, `0000001c${IPV6_TCP}`).layers.payload).toBe('tcp');
    expect(walk(108, `1c000000${IPV6_TCP}`).layers.payload).toBe('other');
  });

  it('shows the packet an ICMP error quotes as quoted', () => {
    const { tree, layers } = walk(101, ICMP);
    expect(tree.get('icmp.code')).toEqual([3, 'port unreachable']);
    expect(tree.get('icmp.checksum')?.[1]).toBe('correct');
    expect(tree.fields.find((field) => field.path === 'icmp.quoted > udp > udp.srcport')?.value).toBe(5004);
    expect(tree.get('udp.checksum')?.[1]).toBe('not computed');
    expect(tree.faults).toEqual([]);
    expect(layers).toMatchObject({ payload: 'other', source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 0 });
  });

  it('describes ARP over Linux cooked v1', () => {
    const { tree } = walk(113, SLL_ARP);
    expect(tree.get('sll.pkttype')).toEqual([0, 'to this host']);
    expect(tree.get('arp.opcode')).toEqual([1, 'request']);
    expect(tree.value('arp.src.hw_mac')).toBe('02:00:00:00:00:01');
    expect(tree.value('arp.src.proto_ipv4')).toBe('10.0.0.1');
  });

  it('follows GRE in IP in PPP', () => {
    const { tree, layers } = walk(9, PPP_GRE);
    expect(tree.get('ppp.protocol')).toEqual(['0x0021', 'IPv4']);
    expect(tree.value('gre.key')).toBe('0x000000ff');
    expect(tree.get('udp.checksum')).toEqual(['0x0485', 'correct']);
    expect(layers).toMatchObject({ payload: 'udp', source: '192.168.0.1', sourcePort: 1, length: 1 });
    expect(walk(9, PPP_GRE.slice(4)).layers.payload).toBe('udp');
    expect(walk(50, PPP_GRE).layers.payload).toBe('udp');
  });

  it('leaves fragments to reassembly, and describes what comes of it with their addresses', () => {
    const { tree, layers } = walk(276, SLL2_FRAGMENT);
    expect(tree.value('sll.ifindex')).toBe(3);
    expect(tree.get('ip.frag_offset')).toEqual([1, '8 octets']);
    expect(layers).toMatchObject({ payload: 'fragment', at: 40, length: 8 });
    const whole = new Tree();
    const above = describeReassembledLayers(17, octetsOf('13c413c6000d807568656c6c6f'), whole, layers);
    expect(whole.get('udp.checksum')).toEqual(['0x8075', 'correct']);
    expect(above).toMatchObject({ payload: 'udp', at: 8, length: 5, source: '10.0.0.1' });
  });

  it('tells cut by the capture from too short', () => {
    const cut = walk(1, VLAN_UDP.slice(0, 2 * 44), 55);
    expect(cut.tree.faults).toEqual(['truncated']);
    expect(cut.layers).toMatchObject({ payload: 'other', at: 42, length: 2, wireLength: 13 });
    const half = walk(1, VLAN_UDP.slice(0, 2 * 52), 55);
    expect(half.layers).toMatchObject({ payload: 'udp', length: 2, wireLength: 5 });
    expect(half.tree.get('udp.checksum')?.[1]).toBe('not computed');
    expect(walk(1, VLAN_UDP.slice(0, 2 * 30)).tree.faults).toEqual(['header-too-short']);
    expect(walk(101, VLAN_UDP.slice(36, 36 + 2 * 30)).tree.faults).toContain('ip-length');
  });

  it('names a link type it does not decode', () => {
    const { tree, layers } = walk(127, '0000');
    expect(tree.get('frame.link_type')).toEqual([127, 'IEEE 802.11 with radiotap header, not decoded']);
    expect(layers).toMatchObject({ payload: 'other', at: 0, length: 2 });
  });

  it('stops at tunnels nested without end', () => {
    const header = `4500ffff000000004004${'0'.repeat(20)}`;
    const { tree } = walk(101, header.repeat(100), 65535);
    expect(tree.faults.at(-1)).toBe('too-many-layers');
  });
});

describe('formatIPv6', () => {
  // RFC 5952 section 4 and 5.
  it.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['00000000000000000000000000000000', '::'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ])('%s', (hex, text) => {
    expect(formatIPv6(octetsOf(hex).bytes, 0)).toBe(text);
  });
});
