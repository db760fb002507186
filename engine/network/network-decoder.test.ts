import { describe, expect, it } from 'vitest';
import { FlowKind, FlowTable } from '../store/flow-table.ts';
import { Protocol } from '../store/protocol-list.ts';
import { IpFragments } from './ip-fragments.ts';
import { NetworkDecoder, Payload } from './network-decoder.ts';

const BODY = 'hello';
const hex = (text: string): number[] =>
  (text.replaceAll(/\s/g, '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
const text = (octets: ArrayLike<number>): string => String.fromCharCode(...Array.from(octets));
const octets = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0));
const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

/** 5060 → 5070; the length field says `length` where given. */
function udp(body: string = BODY, length = 8 + body.length): number[] {
  return [...hex('13c4 13ce'), ...u16(length), 0, 0, ...octets(body)];
}

interface V4 {
  readonly protocol?: number;
  readonly total?: number;
  /** Flags and fragment offset. */
  readonly fragment?: number;
  readonly options?: readonly number[];
}

/** 10.0.0.1 → 10.0.0.2. */
function ipv4(payload: readonly number[], { protocol = 17, total, fragment = 0, options = [] }: V4 = {}): number[] {
  const header = 20 + options.length;
  const length = total ?? header + payload.length;
  const first = 0x40 | (header >> 2);
  return [
    first,
    0,
    ...u16(length),
    0x12,
    0x34,
    ...u16(fragment),
    64,
    protocol,
    0,
    0,
    ...hex('0a000001 0a000002'),
    ...options,
    ...payload,
  ];
}

const V6_ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002';

function ipv6(payload: readonly number[], next = 17, length = payload.length): number[] {
  return [0x60, 0, 0, 0, ...u16(length), next, 64, ...hex(V6_ADDRESSES), ...payload];
}

function ethernet(payload: readonly number[], type = '0800'): number[] {
  return [...hex('0200 0000 0002 0200 0000 0001'), ...hex(type), ...payload];
}

/** Decodes frames one after the other with one decoder; gives what the last came to. */
function decodeAll(frames: readonly (readonly number[])[], linkType = 1, wireLength?: number) {
  const flows = new FlowTable();
  const decoder = new NetworkDecoder(flows, new IpFragments());
  for (const [i, frame] of frames.entries()) {
    // Octets of the neighbouring frames lie on both sides.
    const bytes = Uint8Array.from([0xaa, 0xaa, 0xaa, ...frame, 0xbb, 0xbb, 0xbb]);
    decoder.decode(bytes, 3, frame.length, wireLength ?? frame.length, linkType, i, 100);
  }
  return { flows, decoder, body: text(decoder.bytes.subarray(decoder.at, decoder.at + decoder.length)) };
}

function decode(frame: readonly number[], linkType = 1, wireLength?: number) {
  return decodeAll([frame], linkType, wireLength);
}

/** The endpoints and the payload, or the protocol where there is none. */
function outcome(frame: readonly number[], linkType = 1, wireLength?: number): string | number {
  const { flows, decoder, body } = decode(frame, linkType, wireLength);
  if (decoder.payload === Payload.None) return decoder.protocol;
  return `${flows.sourceEndpoint(decoder.flow)} > ${flows.destinationEndpoint(decoder.flow)} ${body}`;
}

const V4 = '10.0.0.1:5060 > 10.0.0.2:5070 hello';
const V6 = '[2001:db8::1]:5060 > [2001:db8::2]:5070 hello';
const v4 = ipv4(udp());
const v6 = ipv6(udp());

describe('link layers', () => {
  it.each([
    ['Ethernet, IPv4', 1, ethernet(v4), V4],
    ['Ethernet, IPv6', 1, ethernet(v6, '86dd'), V6],
    ['802.1Q', 1, ethernet([...hex('0064 0800'), ...v4], '8100'), V4],
    ['QinQ (802.1ad)', 1, ethernet([...hex('0064 8100 00c8 86dd'), ...v6], '88a8'), V6],
    ['QinQ, older spelling', 1, ethernet([...hex('0064 8100 00c8 0800'), ...v4], '9100'), V4],
    ['three tags', 1, ethernet([...hex('0001 8100 0002 8100 0003 0800'), ...v4], '8100'), V4],
    ['Linux cooked v1', 113, [...hex('0000 0001 0006 0200000000010000 0800'), ...v4], V4],
    ['Linux cooked v1, VLAN', 113, [...hex('0000 0001 0006 0200000000010000 8100 0064 0800'), ...v4], V4],
    ['Linux cooked v2', 276, [...hex('86dd 0000 00000002 0001 00 06 0200000000010000'), ...v6], V6],
    ['raw IP, IPv4', 101, v4, V4],
    ['raw IP, IPv6', 101, v6, V6],
    ['raw IP, as 12', 12, v4, V4],
    ['raw IP, as 14', 14, v6, V6],
    ['raw IPv4', 228, v4, V4],
    ['raw IPv6', 229, v6, V6],
    ['BSD null, little-endian', 0, [...hex('02000000'), ...v4], V4],
    ['BSD null, big-endian', 0, [...hex('00000002'), ...v4], V4],
    ['BSD null, IPv6 of NetBSD', 0, [...hex('18000000'), ...v6], V6],
    ['BSD null, IPv6 of FreeBSD', 0, [...hex('1c000000'), ...v6], V6],
    ['BSD null, IPv6 of macOS', 0, [...hex('1e000000'), ...v6], V6],
    ['OpenBSD loop', 108, [...hex('00000002'), ...v4], V4],
    ['PPP with address and control', 9, [...hex('ff03 0021'), ...v4], V4],
    ['PPP without them', 9, [...hex('0057'), ...v6], V6],
    ['PPP, protocol in one octet', 9, [...hex('21'), ...v4], V4],
    ['PPP, address and control, protocol in one octet', 9, [...hex('ff03 57'), ...v6], V6],
    ['PPP in HDLC framing', 50, [...hex('ff03 0021'), ...v4], V4],
  ])('%s', (_name, linkType, frame, expected) => {
    expect(outcome(frame, linkType)).toBe(expected);
  });

  it.each([
    ['ARP', 1, ethernet(hex('0001 0800 0604 0001'), '0806'), Protocol.Arp],
    ['an 802.3 length instead of a type', 1, ethernet(v4, '0026'), Protocol.Unknown],
    ['an unknown link type', 147, ethernet(v4), Protocol.Unknown],
    ['raw IP of no version', 101, [0x55, ...v4.slice(1)], Protocol.Unknown],
    ['BSD null of another family', 0, [...hex('07000000'), ...v4], Protocol.Unknown],
    ['PPP LCP', 9, [...hex('ff03 c021'), ...v4], Protocol.Unknown],
    ['an IPv4 header under the type of IPv6', 1, ethernet(v4, '86dd'), Protocol.Ip],
  ])('%s carries no datagram', (_name, linkType, frame, protocol) => {
    expect(outcome(frame, linkType)).toBe(protocol);
  });

  it.each([
    [1, ethernet([...hex('0064 0800'), ...v4], '8100')],
    [113, [...hex('0000 0001 0006 0200000000010000 0800'), ...v4]],
    [276, [...hex('86dd 0000 00000002 0001 00 06 0200000000010000'), ...v6]],
    [101, v6],
    [0, [...hex('02000000'), ...v4]],
    [108, [...hex('00000002'), ...v4]],
    [9, [...hex('ff03 0021'), ...v4]],
    [50, [...hex('57'), ...ipv6([...hex('11 00 0000 00000000'), ...udp()], 60)]],
  ])('link type %i: a frame cut anywhere gives less, never octets of its neighbours', (linkType, frame) => {
    for (let length = 0; length < frame.length; length++) {
      const { decoder, body } = decode(frame.slice(0, length), linkType, frame.length);
      if (decoder.payload === Payload.None) continue;
      expect(BODY.startsWith(body)).toBe(true);
      expect(decoder.truncated).toBe(true);
      expect(decoder.wireLength).toBe(BODY.length);
    }
    expect(decode(frame, linkType).decoder.truncated).toBe(false);
  });
});

describe('IPv4', () => {
  it('steps over options', () => {
    expect(outcome(ethernet(ipv4(udp(), { options: hex('94040000') })))).toBe(V4);
  });

  it('octets past the length of the datagram are padding', () => {
    const { decoder, body } = decode(ethernet([...v4, 0, 0, 0, 0, 0, 0]));
    expect([body, decoder.wireLength, decoder.truncated]).toEqual([BODY, 5, false]);
  });

  it('padding is not mistaken for captured octets where the frame is snapped', () => {
    const { decoder, body } = decode(ethernet(v4).slice(0, -2), 1, v4.length + 14);
    expect([body, decoder.wireLength, decoder.truncated]).toEqual(['hel', 5, true]);
  });

  it('a snapped frame whose datagram is whole is not truncated', () => {
    const { decoder, body } = decode(ethernet([...v4, 0, 0]), 1, v4.length + 14 + 6);
    expect([body, decoder.truncated]).toEqual([BODY, false]);
  });

  it('total length 0 is what segmentation offload leaves', () => {
    expect(outcome(ethernet(ipv4(udp(), { total: 0 })))).toBe(V4);
  });

  it('UDP may be shorter than IP, and not longer', () => {
    expect(outcome(ethernet(ipv4([...udp(), 9, 9, 9])))).toBe(V4);
    expect(outcome(ethernet(ipv4(udp(BODY, 200))))).toBe(V4);
    expect(outcome(ethernet(ipv4(udp(BODY, 0))))).toBe(V4);
  });

  it.each([
    ['a header length below 20', [0x44, ...v4.slice(1)], Protocol.Ip],
    ['a header longer than the frame', [0x4f, ...v4.slice(1, 40)], Protocol.Ip],
    ['a total length below the header', ipv4(udp(), { total: 19 }), Protocol.Ip],
    ['ICMP that quotes a datagram', ipv4([3, 3, 0, 0, 0, 0, 0, 0, ...v4], { protocol: 1 }), Protocol.Icmp],
    ['IGMP', ipv4([0x16, 0, 0, 0], { protocol: 2 }), Protocol.Igmp],
    ['SCTP', ipv4(udp(), { protocol: 132 }), Protocol.Sctp],
    ['an unknown protocol', ipv4(udp(), { protocol: 253 }), Protocol.Ip],
    ['UDP without room for its header', ipv4([1, 2, 3, 4]), Protocol.Udp],
    ['TCP without room for its header', ipv4(udp(), { protocol: 6 }), Protocol.Tcp],
  ])('%s carries no datagram', (_name, packet, protocol) => {
    expect(outcome(ethernet(packet))).toBe(protocol);
  });
});

describe('IPv6', () => {
  it.each([
    ['hop-by-hop options', ipv6([...hex('11 00 0502 0000 0100'), ...udp()], 0)],
    ['a routing header of 24 octets', ipv6([...hex('11 02 0000 00000000'), ...hex('00'.repeat(16)), ...udp()], 43)],
    ['destination options behind hop-by-hop', ipv6([...hex('3c 00 0104 00000000 11 00 0104 00000000'), ...udp()], 0)],
    [
      'an authentication header, in words of 4 octets',
      ipv6([...hex('11 04 0000'), ...hex('00'.repeat(20)), ...udp()], 51),
    ],
    ['an atomic fragment (RFC 6946)', ipv6([...hex('11 00 0000 00000007'), ...udp()], 44)],
    ['payload length 0 (a jumbogram, or offload)', ipv6(udp(), 17, 0)],
  ])('%s', (_name, packet) => {
    expect(outcome(ethernet(packet, '86dd'))).toBe(V6);
  });

  it.each([
    ['no next header', ipv6([], 59), Protocol.Ip],
    ['an extension header that is cut off', ipv6(hex('1100'), 0), Protocol.Ip],
    ['an extension header longer than the packet', ipv6([...hex('11 ff 0000 00000000'), ...udp()], 0), Protocol.Ip],
    [
      'more extension headers than anyone sends',
      ipv6([...hex('00 00 0104 00000000'.repeat(40)), ...udp()], 0),
      Protocol.Ip,
    ],
    ['ICMPv6 that quotes a datagram', ipv6([1, 4, 0, 0, 0, 0, 0, 0, ...v6], 58), Protocol.IcmpV6],
  ])('%s carries no datagram', (_name, packet, protocol) => {
    expect(outcome(ethernet(packet, '86dd'))).toBe(protocol);
  });

  it('octets past the payload length are padding', () => {
    expect(outcome(ethernet([...v6, 0, 0, 0, 0], '86dd'))).toBe(V6);
  });
});

describe('fragments', () => {
  const whole = udp('a message in pieces');

  it('of IPv4 come together, and say which frames they lay in', () => {
    const first = ethernet(ipv4(whole.slice(0, 16), { fragment: 0x2000 }));
    const last = ethernet(ipv4(whole.slice(16), { fragment: 2 }));
    expect(outcome(first)).toBe(Protocol.IpFragment);
    expect(outcome(last)).toBe(Protocol.IpFragment);
    for (const frames of [
      [first, last],
      [last, first],
    ]) {
      const { flows, decoder, body } = decodeAll(frames);
      expect([decoder.payload, decoder.protocol, body]).toEqual([Payload.Udp, Protocol.Udp, 'a message in pieces']);
      expect(flows.destinationEndpoint(decoder.flow)).toBe('10.0.0.2:5070');
      const place = frames.indexOf(first);
      expect(decoder.pieces).toEqual([
        { frame: place, at: 34, length: 16 },
        { frame: 1 - place, at: 34, length: whole.length - 16 },
      ]);
    }
  });

  it('padding behind a fragment is not part of it', () => {
    const first = ethernet(ipv4(whole.slice(0, 16), { fragment: 0x2000 }));
    const last = ethernet([...ipv4(whole.slice(16), { fragment: 2 }), 0, 0, 0]);
    expect(decodeAll([first, last]).body).toBe('a message in pieces');
  });

  it('of IPv6 come together', () => {
    const first = ethernet(ipv6([...hex('11 00 0001 0000abcd'), ...whole.slice(0, 16)], 44), '86dd');
    const last = ethernet(ipv6([...hex('11 00 0010 0000abcd'), ...whole.slice(16)], 44), '86dd');
    expect(outcome(first)).toBe(Protocol.IpFragment);
    const { flows, decoder, body } = decodeAll([first, last]);
    expect(body).toBe('a message in pieces');
    expect(flows.sourceEndpoint(decoder.flow)).toBe('[2001:db8::1]:5060');
    expect(decoder.pieces?.map(({ frame, at }) => [frame, at])).toEqual([
      [0, 62],
      [1, 62],
    ]);
  });

  it('the frame after a reassembled one is itself again', () => {
    const first = ethernet(ipv4(whole.slice(0, 16), { fragment: 0x2000 }));
    const last = ethernet(ipv4(whole.slice(16), { fragment: 2 }));
    const { decoder, body } = decodeAll([first, last, ethernet(v4)]);
    expect([body, decoder.pieces]).toEqual([BODY, null]);
  });

  it("don't fragment is no fragment", () => {
    expect(outcome(ethernet(ipv4(udp(), { fragment: 0x4000 })))).toBe(V4);
  });
});

/** 5060 → 5070, with a header of so many words. */
function segment(headerWords: number, options: readonly number[] = []): number[] {
  const fixed = [...hex('13c4 13ce 89abcdef fedcba98'), headerWords << 4, 0x18, ...hex('ffff 0000 0000')];
  return [...fixed, ...options, ...octets(BODY)];
}

describe('TCP', () => {
  it('gives numbers, flags and the payload behind the options', () => {
    const { flows, decoder, body } = decode(ethernet(ipv4(segment(6, hex('01010101')), { protocol: 6 })));
    expect([decoder.payload, decoder.protocol, body]).toEqual([Payload.Tcp, Protocol.Tcp, BODY]);
    expect([decoder.tcpSequence, decoder.tcpAcknowledgment, decoder.tcpFlags]).toEqual([0x89abcdef, 0xfedcba98, 0x18]);
    expect(flows.kind(decoder.flow)).toBe(FlowKind.Tcp4);
  });

  it('padding behind a short segment is not payload', () => {
    const { decoder } = decode(ethernet([...ipv4(segment(5).slice(0, 20), { protocol: 6 }), 0, 0, 0, 0, 0, 0]));
    expect([decoder.payload, decoder.length, decoder.wireLength]).toEqual([Payload.Tcp, 0, 0]);
  });

  it('a snapped segment says how long it was', () => {
    const packet = ethernet(ipv4(segment(5), { protocol: 6 }));
    const { decoder, body } = decode(packet.slice(0, -3), 1, packet.length);
    expect([body, decoder.wireLength, decoder.truncated]).toEqual(['he', 5, true]);
  });

  it.each([4, 15])('a header of %i words is none here', (words) => {
    expect(outcome(ethernet(ipv4(segment(words), { protocol: 6 })))).toBe(Protocol.Tcp);
  });
});
