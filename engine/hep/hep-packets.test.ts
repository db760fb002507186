import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hep3, joined, type SampleChunk, u16, u32, u8, usualChunks } from '../../dissectors/hep/samples.ts';
import { builtIns } from '../../dissectors/index.ts';
import type { CallRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { readCapture } from '../engine.ts';
import { checkFilter, filterPackets } from '../filter/index.ts';
import { captureOf, pcapOf, rtpPacket, TEST_START_SECONDS, type TestDatagram, udpFrame } from '../pass/test-capture.ts';
import { callRows } from '../query/call-rows.ts';
import { agentRows } from '../query/capture-info.ts';
import { CaptureIndex } from '../query/capture-index.ts';
import { packetDetail } from '../query/packet-detail.ts';
import { packetRows } from '../query/packet-rows.ts';
import { framesOfCall, framesOfStream } from '../query/packets-of.ts';
import { streamRows } from '../query/stream-rows.ts';
import { MemorySource } from '../readers/test-source.ts';
import { parseIPv4 } from '../store/addresses.ts';

const ALICE = '10.0.0.1:5060';
const BOB = '10.0.0.2:5070';
const AGENT = '10.9.0.1:40000';
const SERVER = '10.9.0.9:9060';
const PAYLOAD = 0x0f;
const COMPRESSED = 0x10;
const LOG = 100;

function sip(startLine: string, cseq: string, toTag = ''): string {
  return [
    startLine,
    'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1',
    'From: <sip:alice@10.0.0.1>;tag=a',
    `To: <sip:bob@10.0.0.2>${toTag}`,
    'Call-ID: call-1@10.0.0.1',
    `CSeq: ${cseq}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** What went over the wire. */
const wire: TestDatagram[] = [
  { at: 0, from: ALICE, to: BOB, payload: sip('INVITE sip:bob@10.0.0.2 SIP/2.0', '1 INVITE') },
  { at: 0.1, from: BOB, to: ALICE, payload: sip('SIP/2.0 180 Ringing', '1 INVITE', ';tag=b') },
  { at: 1, from: BOB, to: ALICE, payload: sip('SIP/2.0 200 OK', '1 INVITE', ';tag=b') },
  { at: 1.1, from: ALICE, to: BOB, payload: sip('ACK sip:bob@10.0.0.2 SIP/2.0', '1 ACK', ';tag=b') },
  { at: 5, from: ALICE, to: BOB, payload: sip('BYE sip:bob@10.0.0.2 SIP/2.0', '2 BYE', ';tag=b') },
  { at: 5.1, from: BOB, to: ALICE, payload: sip('SIP/2.0 200 OK', '2 BYE', ';tag=b') },
];

interface Wrapping {
  /** Seconds by which the agent's clock is ahead, where it tells the time. */
  readonly ahead?: number;
  readonly type?: number;
  readonly transport?: number;
  readonly agent?: number;
  readonly more?: readonly SampleChunk[];
  readonly compress?: (bytes: Uint8Array) => Uint8Array;
}

/** The message of an agent that saw a datagram. */
function reported({ at, from, to, payload }: TestDatagram, wrapping: Wrapping = {}): Uint8Array {
  const [source, sourcePort] = from.split(':');
  const [destination, destinationPort] = to.split(':');
  const { type = 1, transport = 17, agent = 2001, more = [], compress } = wrapping;
  const octets = joined(payload);
  return hep3(
    [0, 0x01, u8(2)],
    [0, 0x02, u8(transport)],
    [0, 0x03, u32(parseIPv4(source))],
    [0, 0x04, u32(parseIPv4(destination))],
    [0, 0x07, u16(Number(sourcePort))],
    [0, 0x08, u16(Number(destinationPort))],
    ...timeChunks(at, wrapping.ahead),
    [0, 0x0b, u8(type)],
    [0, 0x0c, u32(agent)],
    ...more,
    compress === undefined ? [0, PAYLOAD, octets] : [0, COMPRESSED, compress(octets)],
  );
}

function timeChunks(at: number, ahead: number | undefined): SampleChunk[] {
  if (ahead === undefined) return [];
  const micros = Math.round((TEST_START_SECONDS + at + ahead) * 1e6);
  return [
    [0, 0x09, u32(Math.floor(micros / 1e6))],
    [0, 0x0a, u32(micros % 1_000_000)],
  ];
}

/** The same as agents report it. */
function inHep(datagrams: readonly TestDatagram[], wrapping?: Wrapping): TestDatagram[] {
  return datagrams.map((one) => ({ at: one.at, from: AGENT, to: SERVER, payload: reported(one, wrapping) }));
}

function callOf(capture: Capture): CallRow {
  const rows = [...callRows(capture, { all: true, details: true })];
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** A call without who reported it. */
function withoutAgents(call: CallRow): CallRow {
  return { ...call, messages: call.messages.map(({ agent: _agent, ...message }) => message) };
}

const read = (datagrams: readonly TestDatagram[]): Promise<Capture> => captureOf(datagrams, builtIns);

test('a call is the same, as it was sent and as an agent reports it', async () => {
  const plain = callOf(await read(wire));
  expect(plain).toMatchObject({ state: 'completed', messageCount: 6, durationSeconds: 4 });
  expect(withoutAgents(callOf(await read(inHep(wire))))).toEqual(plain);
  expect(withoutAgents(callOf(await read(inHep(wire, { compress: deflateSync }))))).toEqual(plain);
  expect(withoutAgents(callOf(await read(inHep(wire, { compress: gzipSync }))))).toEqual(plain);
});

test('the transport is the one that the agent names, also where the payload was compressed', async () => {
  for (const wrapping of [{ transport: 6 }, { transport: 6, compress: deflateSync }]) {
    const { messages } = callOf(await read(inHep(wire, wrapping)));
    expect(messages.map(({ transport }) => transport)).toEqual(wire.map(() => 'tcp'));
  }
});

test('what several agents saw is listed for each of them and counted once', async () => {
  const second = inHep(wire, { agent: 2002 }).map((one) => ({ ...one, at: one.at + 0.003, from: '10.9.0.2:40000' }));
  const capture = await read([...inHep(wire), ...second].toSorted((a, b) => a.at - b.at));
  const { messages, ...call } = callOf(capture);
  const { messages: sent, ...plain } = callOf(await read(wire));
  expect(messages.map(({ capturedTwice = false, retransmission }) => [capturedTwice, retransmission])).toEqual(
    sent.flatMap(() => [
      [false, false],
      [true, false],
    ]),
  );
  expect([call.state, call.setupSeconds, call.durationSeconds]).toEqual([
    plain.state,
    plain.setupSeconds,
    plain.durationSeconds,
  ]);
  expect(capture.hep.agents.map(({ id, sender, packets, byType }) => [id, sender, packets, [...byType]])).toEqual([
    [2001, AGENT, 6, [['SIP', 6]]],
    [2002, '10.9.0.2:40000', 6, [['SIP', 6]]],
  ]);
});

test('the packet list has the addresses of what is carried, and the detail both', async () => {
  const capture = await read(inHep(wire.slice(0, 1), { compress: deflateSync }));
  const row = (await packetRows(capture).next()).value?.[0];
  expect(row).toMatchObject({ src: ALICE, dst: BOB, protocol: 'sip', info: 'INVITE sip:bob@10.0.0.2' });
  const detail = await packetDetail(capture, 1);
  expect(detail?.nodes.map(({ name }) => name)).toEqual(['frame', 'eth', 'ip', 'udp', 'hep', 'sip']);
  const inflated = detail?.sources[1];
  expect(inflated?.name).toBe('Inflated HEP payload');
  expect(new TextDecoder().decode(inflated?.bytes)).toBe(wire[0].payload);
});

test('a payload that does not inflate, or to more than a packet can be, is told', async () => {
  const bomb = (): Uint8Array => deflateSync(new Uint8Array(1 << 20));
  const capture = await read([
    ...inHep(wire.slice(0, 1), { compress: () => joined('no zlib') }),
    ...inHep(wire.slice(1, 2), { compress: bomb }),
  ]);
  expect(capture.calls.sip.count).toBe(0);
  const { issues } = capture.store;
  expect([...Array(issues.count).keys()].map((row) => [issues.code(row), issues.frame.get(row)])).toEqual([
    ['hep-inflate', 0],
    ['hep-inflate', 1],
  ]);
});

test('media in HEP is a stream with the figures of the wire', async () => {
  const talk = Array.from({ length: 20 }, (_, i): TestDatagram => {
    const payload = Uint8Array.from({ length: 160 }, (__, at) => 0xd5 ^ ((at + i) % 7));
    const fields = { ssrc: 7, sequence: 100 + i, timestamp: 160 * i, payloadType: 8, payload };
    return { at: i * 0.02, from: '10.0.0.1:4000', to: '10.0.0.2:4002', payload: rtpPacket(fields) };
  });
  const [plain] = streamRows(await read(talk));
  const [inside] = streamRows(await read(inHep(talk, { type: 4 })));
  expect(inside).toEqual({ ...plain, carriedIn: 'hep' });
});

test('logs and reports belong to the call whose correlation ID they bear', async () => {
  const correlation: SampleChunk = [0, 0x11, 'x-1'];
  const about = (at: number, type: number, text: string, id: SampleChunk): TestDatagram => ({
    at,
    from: AGENT,
    to: SERVER,
    payload: hep3(...usualChunks(type), id, [0, PAYLOAD, text]),
  });
  const capture = await read([
    ...inHep(wire, { more: [correlation] }),
    about(6, LOG, 'call-1@10.0.0.1 went well', correlation),
    about(7, 5, '{"ssrc":7}', [0, 0x11, 'call-1@10.0.0.1']),
    about(8, LOG, sip('INVITE sip:x@y SIP/2.0', '1 INVITE'), [0, 0x11, 'another']),
  ]);
  expect(capture.calls.entries).toHaveLength(1);
  expect([...framesOfCall(new CaptureIndex(capture), capture.calls.entries[0])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...(capture.hep.agents[0]?.byType ?? [])]).toEqual([
    ['SIP', 6],
    ['log', 2],
    ['RTCP', 1],
  ]);
});

test('a stream of TCP holds several messages in a segment, and one in several', async () => {
  const octets = joined(...wire.map((one) => reported(one)));
  const segments = [octets.slice(0, 700), octets.slice(700, 710), octets.slice(710)];
  let sequence = 1000;
  const frames = segments.map((payload, i) => {
    const header = joined(u16(40000), u16(9060), u32(sequence), u32(1), Uint8Array.of(0x50, 0x18), u16(64_000), u32(0));
    sequence += payload.length;
    const bytes = udpFrame(AGENT, SERVER, joined(header.slice(8), payload));
    // The header of UDP becomes the front of one of TCP.
    bytes.set(header.slice(0, 8), 34);
    bytes[23] = 6;
    return { at: i * 0.01, bytes };
  });
  const capture = await readCapture(new MemorySource(pcapOf(frames)), { dissectors: builtIns, fence: false });
  const { messages } = callOf(capture);
  expect(messages.map(({ src, dst }) => [src, dst])).toEqual(wire.map(({ from, to }) => [from, to]));
  expect(capture.store.issues.count).toBe(0);
  const detail = await packetDetail(capture, 3);
  expect(detail?.nodes.filter(({ name }) => name === 'hep')).toHaveLength(
    detail?.nodes.filter(({ name }) => name === 'sip').length ?? 0,
  );
});

test('a filter finds HEP by what it is and by what is in it', async () => {
  const capture = await read([...inHep(wire, { agent: 7 }), wire[0]]);
  const found = async (text: string): Promise<number[]> => {
    const checked = checkFilter(text, 'packets', builtIns);
    if (!checked.ok) throw new Error(checked.error.message);
    return Array.from((await filterPackets(capture, checked.filter)) ?? []);
  };
  const all = [0, 1, 2, 3, 4, 5];
  expect(await found('hep')).toEqual(all);
  expect(await found('hep.agent_id == 7')).toEqual(all);
  expect(await found('hep.src_ip4 == 10.0.0.2')).toEqual([1, 2, 5]);
  expect(await found('hep && sip.Method == "BYE"')).toEqual([4]);
  expect(await found('sip && !hep')).toEqual([6]);
});

test('HEP within HEP ends there', async () => {
  const [inner] = inHep(wire.slice(0, 1));
  const capture = await read(inHep([inner]));
  expect(capture.calls.sip.count).toBe(0);
  expect(capture.hep.agents[0]?.packets).toBe(2);
});

/** Reports that arrive `late` seconds (each its own) after their agent saw the packet. */
function delayed(datagrams: readonly TestDatagram[], late: readonly number[], wrapping: Wrapping): TestDatagram[] {
  return inHep(datagrams, wrapping).map((one, i) => ({ ...one, at: one.at + late[i % late.length] }));
}

test('times are those of the agent, however late its reports come', async () => {
  const plain = callOf(await read(wire));
  const capture = await read(delayed(wire, [0.4, 0.001, 0.7], { ahead: 0 }).toSorted((a, b) => a.at - b.at));
  const call = callOf(capture);
  expect(call.setupSeconds).toBeCloseTo(plain.setupSeconds ?? -1, 6);
  expect(call.durationSeconds).toBeCloseTo(plain.durationSeconds ?? -1, 6);
  const [row] = (await packetRows(capture).next()).value ?? [];
  expect(row.arrivalTime - row.time).toBeCloseTo(0.001, 6);
  const detail = await packetDetail(capture, 1);
  const captured = detail?.nodes[0].children?.find(({ name }) => name === 'frame.time_captured');
  expect(captured).toMatchObject({
    value: `${TEST_START_SECONDS}.100000000`,
    meaning: '0.001000 s before it arrived here',
  });
});

test('a clock that is ahead is set right, one that is off by hours is ignored, and a delay is no fault of a clock', async () => {
  const clocks = async (ahead: number, late: readonly number[]) => {
    const capture = await read(delayed(wire, late, { ahead }));
    const { clock, clockOffsetSeconds } = agentRows(capture)[0];
    const { startTime } = callOf(capture);
    return [clock, Number((clockOffsetSeconds ?? 0).toFixed(3)), Number((startTime - TEST_START_SECONDS).toFixed(3))];
  };
  expect(await clocks(30, [0.002])).toEqual(['corrected', 29.998, 0.002]);
  expect(await clocks(-30, [0.002])).toEqual(['corrected', -30.002, 0.002]);
  expect(await clocks(0, [0.5])).toEqual(['as-is', -0.5, 0]);
  expect(await clocks(-2 * 3600, [0.5])).toEqual(['ignored', -7200.5, 0.5]);
  // A clock that begins in 1970.
  expect(await clocks(-TEST_START_SECONDS, [0.5])).toEqual(['ignored', -TEST_START_SECONDS - 0.5, 0.5]);
});

test('what another agent reports later than a retransmission takes is none; what is sent again is one, once', async () => {
  const again = { ...wire[0], at: 0.05 };
  const first = inHep([wire[0], again, ...wire.slice(1)], { agent: 1, ahead: 0 });
  const second = delayed([wire[0], again, ...wire.slice(1)], [0.9], { agent: 2, ahead: 0 });
  const capture = await read([...first, ...second].toSorted((a, b) => a.at - b.at));
  const { messages, messageCount, transactions } = callOf(capture);
  expect([messages.length, messageCount]).toEqual([14, 7]);
  expect(messages.filter(({ retransmission }) => retransmission)).toHaveLength(1);
  expect(transactions[0]).toMatchObject({ method: 'INVITE', retransmissions: 1 });
  expect(new Set(messages.map(({ agent }) => agent))).toEqual(new Set(['1', '2']));
});

test('a stream that two agents saw is counted once, in the time of the one that saw more; the other fills its gaps', async () => {
  const talk = Array.from({ length: 30 }, (_, i): TestDatagram => {
    const fields = { ssrc: 7, sequence: 100 + i, timestamp: 160 * i, payloadType: 8, payload: new Uint8Array(160) };
    return { at: i * 0.02, from: '10.0.0.1:4000', to: '10.0.0.2:4002', payload: rtpPacket(fields) };
  });
  const [plain] = streamRows(await read(talk));
  const first = inHep(talk, { type: 4, agent: 1, ahead: 0 }).filter((_, i) => i !== 10);
  const second = delayed(talk.slice(5, 25), [0.3], { type: 4, agent: 2, ahead: 0 });
  const capture = await read([...first, ...second].toSorted((a, b) => a.at - b.at));
  const [{ carriedIn, ...both }] = streamRows(capture);
  const { carriedIn: _onWire, ...alone } = plain;
  expect(carriedIn).toBe('hep');
  for (const name of ['packets', 'expected', 'lost', 'duplicates', 'bytes', 'capturedTwice'] as const) {
    expect([name, both[name]]).toEqual([name, alone[name]]);
  }
  expect(both.durationSeconds).toBeCloseTo(alone.durationSeconds, 6);
  expect(framesOfStream(new CaptureIndex(capture), capture.streams.streams[0])).toHaveLength(30);
});
