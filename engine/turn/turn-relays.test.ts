import { expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { streamRows } from '../query/stream-rows.ts';

const CLIENT = '10.0.0.1:50000';
const SERVER = '192.0.2.1:3478';
const RELAYED = '192.0.2.1:49152';
const PEER = '203.0.113.7:6000';
const COOKIE = 0x2112a442;

const XOR_PEER_ADDRESS = 0x12;
const DATA = 0x13;
const XOR_RELAYED_ADDRESS = 0x16;
const CHANNEL_NUMBER = 0x0c;
const ALLOCATE_SUCCESS = 0x103;
const SEND = 0x16;
const DATA_INDICATION = 0x17;
const CHANNEL_BIND = 0x009;

function octets(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** RFC 8489 section 14.2, IPv4. */
function xorAddress(endpoint: string): Uint8Array {
  const [address, port] = endpoint.split(':');
  const value = new Uint8Array(8);
  const view = new DataView(value.buffer);
  view.setUint8(1, 1);
  view.setUint16(2, Number(port) ^ (COOKIE >>> 16));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  view.setUint32(4, (number ^ COOKIE) >>> 0);
  return value;
}

function stun(type: number, ...attributes: [number, Uint8Array][]): Uint8Array {
  const parts = attributes.map(([attribute, value]) => {
    const part = new Uint8Array(4 + Math.ceil(value.length / 4) * 4);
    new DataView(part.buffer).setUint16(0, attribute);
    new DataView(part.buffer).setUint16(2, value.length);
    part.set(value, 4);
    return part;
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const message = new Uint8Array(20 + length);
  const view = new DataView(message.buffer);
  view.setUint16(0, type);
  view.setUint16(2, length);
  view.setUint32(4, COOKIE);
  view.setUint32(16, type);
  let at = 20;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

function channelData(channel: number, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(4 + payload.length);
  const view = new DataView(message.buffer);
  view.setUint16(0, channel);
  view.setUint16(2, payload.length);
  message.set(payload, 4);
  return message;
}

function packet(i: number, ssrc: number): Uint8Array {
  return rtpPacket({ ssrc, sequence: 100 + i, timestamp: 160 * i, payloadType: 8, payload: octets(...talk(i)) });
}

/** Something that is no noise. */
function talk(i: number): number[] {
  return Array.from({ length: 160 }, (_, at) => 0xd5 ^ ((at + i) % 7));
}

const allocated: TestDatagram = {
  at: 0,
  from: SERVER,
  to: CLIENT,
  payload: stun(ALLOCATE_SUCCESS, [XOR_RELAYED_ADDRESS, xorAddress(RELAYED)]),
};
const request: TestDatagram = { at: 0, from: CLIENT, to: SERVER, payload: stun(0x003) };
const bound: TestDatagram = {
  at: 0.01,
  from: CLIENT,
  to: SERVER,
  payload: stun(CHANNEL_BIND, [CHANNEL_NUMBER, octets(0x40, 0x01, 0, 0)], [XOR_PEER_ADDRESS, xorAddress(PEER)]),
};

function both(wrapOut: (rtp: Uint8Array) => Uint8Array, wrapIn: (rtp: Uint8Array) => Uint8Array): TestDatagram[] {
  return Array.from({ length: 20 }, (_, i) => [
    { at: 0.1 + i * 0.02, from: CLIENT, to: SERVER, payload: wrapOut(packet(i, 0x11111111)) },
    { at: 0.101 + i * 0.02, from: SERVER, to: CLIENT, payload: wrapIn(packet(i, 0x22222222)) },
  ]).flat();
}

/** What does not depend on the way. */
function figures(rows: Awaited<ReturnType<typeof readRows>>): unknown[] {
  return rows.map(({ ssrc, packets, lost, bytes, codec, jitterMs }) => ({
    ssrc,
    packets,
    lost,
    bytes,
    codec,
    jitterMs,
  }));
}

function readRows(datagrams: readonly TestDatagram[]): ReturnType<typeof streamsOf> {
  return streamsOf(datagrams);
}

async function streamsOf(datagrams: readonly TestDatagram[]) {
  return streamRows(await captureOf(datagrams, builtIns));
}

const plain = both(
  (rtp) => rtp,
  (rtp) => rtp,
);
const channels = [
  request,
  allocated,
  bound,
  ...both(
    (rtp) => channelData(0x4001, rtp),
    (rtp) => channelData(0x4001, rtp),
  ),
];
const peer: [number, Uint8Array] = [XOR_PEER_ADDRESS, xorAddress(PEER)];
const indications = [
  request,
  allocated,
  ...both(
    (rtp) => stun(SEND, peer, [DATA, rtp]),
    // The data need not come last.
    (rtp) => stun(DATA_INDICATION, [DATA, rtp], peer),
  ),
];

test('ChannelData and indications carry the same stream as the wire, between the relayed address and the peer', async () => {
  const outside = figures(await readRows(plain));
  for (const [datagrams, carriedIn] of [
    [channels, 'turn-channel'],
    [indications, 'turn-indication'],
  ] as const) {
    const rows = await readRows(datagrams);
    expect(figures(rows)).toEqual(outside);
    expect(rows.map((row) => [row.src, row.dst, row.carriedIn, row.sameAs])).toEqual([
      [RELAYED, PEER, carriedIn, null],
      [PEER, RELAYED, carriedIn, null],
    ]);
  }
});

test('where the capture begins after the channel was bound, the ends of the connection stand in', async () => {
  const late = both(
    (rtp) => channelData(0x4001, rtp),
    (rtp) => channelData(0x4001, rtp),
  );
  const rows = await readRows([request, ...late]);
  expect(rows.map((row) => [row.src, row.dst, row.carriedIn, row.packets])).toEqual([
    [CLIENT, SERVER, 'turn-channel', 20],
    [SERVER, CLIENT, 'turn-channel', 20],
  ]);
});

test('the stream on the other side of the relay is another stream, and known to be the same', async () => {
  const onTheWire = plain.map((one) => ({
    ...one,
    at: one.at + 0.002,
    from: one.from === CLIENT ? RELAYED : PEER,
    to: one.to === SERVER ? PEER : RELAYED,
  }));
  const rows = await readRows([...channels, ...onTheWire].toSorted((a, b) => a.at - b.at));
  expect(
    rows.map(({ id, carriedIn, packets, duplicates, sameAs }) => [id, carriedIn, packets, duplicates, sameAs]),
  ).toEqual([
    ['s1', 'turn-channel', 20, 0, 's3'],
    ['s2', 'turn-channel', 20, 0, 's4'],
    ['s3', 'udp', 20, 0, 's1'],
    ['s4', 'udp', 20, 0, 's2'],
  ]);
});
