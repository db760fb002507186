/** What is no tunnel is not taken for one, and no tunnel leads out of its packet. Sound ones: test/integration/tunnels.test.ts. */
import { describe, expect, it } from 'vitest';
import { FlowTable } from '../store/flow-table.ts';
import { protocolName } from '../store/protocol-list.ts';
import { IpFragments } from './ip-fragments.ts';
import { NetworkDecoder, Payload } from './network-decoder.ts';

const hex = (text: string): number[] => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

const ends = hex('0a000001 0a000002');
function ipv4(protocol: number, body: readonly number[]): number[] {
  const header = [0x45, 0, ...u16(20 + body.length), 0, 1, 0, 0, 64, protocol, 0, 0, ...ends];
  return [...header, ...body];
}
const udp = (source: number, destination: number, body: readonly number[]): number[] => [
  ...u16(source),
  ...u16(destination),
  ...u16(8 + body.length),
  0,
  0,
  ...body,
];
const ethernet = (type: string, body: readonly number[]): number[] => [...Array(12).fill(2), ...hex(type), ...body];
const inner = ipv4(17, udp(4000, 4002, hex('8000 0001')));

interface Outcome {
  readonly shown: string;
  readonly tunnel: string;
  /** `from > to`, '' without a payload. */
  readonly way: string;
}

function decodeAll(...frames: (readonly number[])[]): Outcome {
  const flows = new FlowTable();
  const decoder = new NetworkDecoder(flows, new IpFragments());
  for (const [i, frame] of frames.entries()) {
    // What lies before and after a frame must never be read as part of it.
    const bytes = Uint8Array.from([...Array(40).fill(0x45), ...frame, ...Array(40).fill(0x45)]);
    decoder.decode(bytes, 40, frame.length, frame.length, 1, i, 100);
    expect(decoder.length).toBeGreaterThanOrEqual(0);
    if (decoder.payload !== Payload.None && decoder.pieces === null) {
      expect(decoder.at).toBeGreaterThanOrEqual(40);
      expect(decoder.at + decoder.length).toBeLessThanOrEqual(40 + frame.length);
    }
  }
  const { flow, payload, protocol } = decoder;
  return {
    shown: protocolName(protocol, []),
    tunnel: flows.carrier(flow)?.protocol ?? '',
    way: payload === Payload.None ? '' : `${flows.sourceEndpoint(flow)} > ${flows.destinationEndpoint(flow)}`,
  };
}

describe('what is no tunnel', () => {
  const plain = (port: number): Outcome => ({ shown: 'udp', tunnel: '', way: `10.0.0.1:40000 > 10.0.0.2:${port}` });
  const rtp = [...hex('80003039 00000400 11223344'), ...Array(160).fill(0xd5)];
  it.each([1701, 2152, 3544, 4500, 4754, 4789, 4790, 6081, 6635, 8472])('RTP on UDP port %i', (port) => {
    expect(decodeAll(ethernet('0800', ipv4(17, udp(40_000, port, rtp))))).toEqual(plain(port));
    expect(decodeAll(ethernet('0800', ipv4(17, udp(40_000, port, []))))).toEqual(plain(port));
  });
  it.each([
    ['an echo of GTP-U', 2152, '32010004 00000000 00010000'],
    ['a T-PDU whose extension headers have no end', 2152, '34ff0008 00000001 00000085 00000000'],
    ['a T-PDU that is not IP', 2152, `30ff0016 00000001 ${'11'.repeat(22)}`],
    ['control of L2TP', 1701, 'c802000c 00010000 00000000'],
    ['LCP in L2TP', 1701, '00020007 0009ff03 c0210101 0004'],
    ['Geneve of another version', 6081, `40006558 00000100 ${'00'.repeat(60)}`],
    ['VXLAN without its flag', 4789, `00000000 00000100 ${'00'.repeat(60)}`],
    ['Teredo that is longer than its datagram', 3544, `60000000 00ff3b40 ${'00'.repeat(32)}`],
  ])('%s', (_name, port, body) => {
    expect(decodeAll(ethernet('0800', ipv4(17, udp(40_000, port, hex(body)))))).toEqual(plain(port));
  });
});

describe('a tunnel that leads no further is shown as such', () => {
  it.each([
    ['GRE of an unknown protocol', 'gre', ethernet('0800', ipv4(47, hex('00001234 00000000')))],
    ['an acknowledgment of PPTP', 'pptp', ethernet('0800', ipv4(47, hex('2081880b 00000001 00000007')))],
    ['LCP in PPPoE', 'pppoe', ethernet('8864', hex('11000042 0006c021 01010004'))],
    ['MPLS with an associated channel', 'mpls', ethernet('8847', hex('00011140 10000021 45000000'))],
    [
      'encrypted ESP',
      'esp',
      ethernet(
        '0800',
        ipv4(50, [...hex('00001234 00000001'), ...Array.from({ length: 64 }, (_, i) => (i * 89 + 7) & 255)]),
      ),
    ],
    [
      'ARP in VXLAN',
      'arp',
      ethernet(
        '0800',
        ipv4(17, udp(50_000, 4789, [...hex('08000000 00000100'), ...ethernet('0806', hex('00010800'))])),
      ),
    ],
  ])('%s', (_name, shown, frame) => {
    expect(decodeAll(frame)).toEqual({ shown, tunnel: '', way: '' });
  });
});

it('takes no more headers than any real packet has', () => {
  let nested = inner;
  for (let i = 0; i < 12; i++) nested = ipv4(4, nested);
  expect(decodeAll(ethernet('0800', nested)).way).toBe('10.0.0.1:4000 > 10.0.0.2:4002');
  for (let i = 0; i < 500; i++) nested = ipv4(4, nested);
  expect(decodeAll(ethernet('0800', nested)).way).toBe('');
  // Headers that authenticate headers.
  const chain = Array.from({ length: 2000 }, () => hex('33010000 00000000 00000000')).flat();
  expect(decodeAll(ethernet('0800', ipv4(51, [...chain, ...inner]))).way).toBe('');
});

it('keeps fragments of the same numbers apart inside and outside of a tunnel', () => {
  const body = udp(4000, 4002, Array(24).fill(7));
  const fragment = (at: number, more: boolean): number[] =>
    ipv4(17, body.slice(at, at + 16)).toSpliced(6, 2, ...u16((more ? 0x2000 : 0) | (at >> 3)));
  const [first, last] = [fragment(0, true), fragment(16, false)];
  const gre = (packet: readonly number[]): number[] => ethernet('0800', ipv4(47, [...hex('00000800'), ...packet]));
  expect(decodeAll(ethernet('0800', first), gre(last)).way).toBe('');
  expect(decodeAll(gre(first), gre(last))).toEqual({
    shown: 'udp',
    tunnel: 'gre',
    way: '10.0.0.1:4000 > 10.0.0.2:4002',
  });
});

it('never leaves the frame, however it is cut', () => {
  const deep = ethernet(
    '0800',
    ipv4(47, [
      ...hex('00000800'),
      ...ipv4(
        17,
        udp(50_000, 4789, [...hex('08000000 00000100'), ...ethernet('8847', [...hex('00011140'), ...inner])]),
      ),
    ]),
  );
  expect(decodeAll(deep)).toEqual({ shown: 'udp', tunnel: 'mpls', way: '10.0.0.1:4000 > 10.0.0.2:4002' });
  for (let length = 0; length < deep.length; length++) decodeAll(deep.slice(0, length));
});
