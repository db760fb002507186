import { expect, test } from 'vitest';
import type { CallListRow, PacketListRow, StreamListRow } from '../../shared/engine-api.ts';
import type { TimeContext } from '../model/format/times.ts';
import { rowsAsText } from '../widgets/grid/copy-text.ts';
import type { GridColumn } from '../widgets/grid/column.ts';
import { valueFilter } from '../widgets/grid/filter-text.ts';
import { callColumns, callGlyph } from './calls/call-columns.ts';
import { protocolTitle } from '../model/protocols.ts';
import { packetColumns } from './packets/packet-columns.ts';
import { streamColumns } from './streams/stream-columns.ts';

const times: TimeContext = { format: 'since-start', zone: 'utc', start: 1000 };
const nobody = { uri: null, display: null, tag: null };
const call: CallListRow = {
  id: 'c7',
  number: 7,
  callId: 'x@y',
  callIds: ['x@y'],
  from: { uri: 'sip:alice@voip.example', display: null, tag: null },
  to: nobody,
  fromName: 'alice',
  toName: null,
  method: 'INVITE',
  state: 'completed',
  finalStatus: 200,
  reason: 'OK',
  startTime: 1002.0154,
  ringTime: null,
  answerTime: null,
  endTime: null,
  durationSeconds: 32.02,
  setupSeconds: 6.4161,
  endedBy: null,
  messageCount: 59,
  streams: [],
  problems: [
    { id: 'p2', severity: 'warning', title: 'Loss of 3.1 %' },
    { id: 'p1', severity: 'error', title: 'ACK not forwarded' },
  ],
  codec: 'PCMA',
  isEncrypted: false,
  isOpened: false,
  a: {
    lostPercent: 3.12,
    jitterMs: 8.4,
    mos: 3.44,
    rating: { value: 3.44, r: 67.2, model: 'G.107' },
    notRatedBecause: null,
  },
  b: {
    lostPercent: null,
    jitterMs: 31,
    mos: null,
    rating: null,
    notRatedBecause: 'ITU-T G.113 publishes no values for opus',
  },
};

const shown = <Row>(columns: readonly GridColumn<Row>[]) => columns.filter(({ isHidden }) => isHidden !== true);

test('a call as one line', () => {
  expect(rowsAsText(shown(callColumns(times, 'calls')), [call])).toBe(
    'completed\t7\talice\t—\t2.015\t6.416\t32.02\tPCMA\t3.4 / —\t3.1 / —\t8.4 / 31.0\tACK not forwarded +1',
  );
});

test('the worst finding decides the glyph, else the state', () => {
  expect(callGlyph(call)).toBe('error');
  expect(callGlyph({ state: 'completed', problems: [] })).toBe('ok');
  expect(callGlyph({ state: 'cancelled', problems: [] })).toBe('rejected');
  expect(callGlyph({ state: 'what is that', problems: [] })).toBe('incomplete');
});

test('a call that came to nothing says why', () => {
  const busy = { ...call, state: 'rejected', finalStatus: 486, reason: 'Busy Here', problems: [] };
  expect(rowsAsText(callColumns(times, 'calls').slice(-1), [busy])).toBe('486 Busy Here');
});

function partsOf(id: string): readonly string[] | undefined {
  return callColumns(times, 'calls')
    .find((column) => column.id === id)
    ?.parts?.(call, { before: undefined })
    .map((part) => (part.kind === 'text' ? `${part.text}:${part.className}` : part.kind));
}

test('values past their limit take the colour of a severity', () => {
  expect(partsOf('loss')).toEqual(['3.1:g-a warn', '/:g-ab', '—:g-b t3']);
  expect(partsOf('jitter')).toEqual(['8.4:g-a ', '/:g-ab', '31.0:g-b is-wide warn']);
});

const packet: PacketListRow = {
  packet: 24107,
  time: 1000.431,
  src: '10.0.0.1:5060',
  dst: null,
  protocol: 'rtp-event',
  length: 1514,
  info: 'digit 4',
  severity: null,
};

test('a packet as one line, timed against the one before', () => {
  const columns = packetColumns({ ...times, format: 'since-previous' });
  const rows = [packet, { ...packet, packet: 24108, time: 1000.433004 }];
  expect(rowsAsText(columns, rows).split('\n')[1]).toBe(
    '24108\t0.002\u202f004\t10.0.0.1:5060\t—\tRTP event\t1\u202f514\tdigit 4',
  );
});

test('a packet’s cells as filters', () => {
  const filters = packetColumns(times).flatMap(({ value }) => {
    const wanted = value?.(packet) ?? null;
    return wanted === null ? [] : [valueFilter(wanted)];
  });
  expect(filters).toEqual(['frame.number == 24107', 'ip.src == 10.0.0.1', 'rtpevent', 'frame.len == 1514']);
});

test('protocols by their usual names', () => {
  expect(['sip', 'rtp-tone', 'icmpv6', 'unknown'].map(protocolTitle)).toEqual(['SIP', 'RTP tone', 'ICMPv6', 'unknown']);
});

const stream: StreamListRow = {
  id: 's3',
  number: 3,
  ssrc: '0x5f3a91c2',
  src: '10.0.0.1:16402',
  dst: '[2001:db8::1]:18334',
  payloadTypes: [8],
  codec: 'PCMA',
  clockRate: 8000,
  channels: 1,
  packets: 1548,
  bytes: 247680,
  expected: 1598,
  lost: 50,
  lostPercent: 3.129,
  duplicates: 0,
  outOfOrder: 0,
  jitterMs: { mean: 2.31, max: 8.4 },
  maxDeltaMs: 60.04,
  skewMs: 0,
  wireshark: { lost: 50, maxDeltaMs: 60, meanJitterMs: 2, maxJitterMs: 8 },
  startTime: 1001,
  durationSeconds: 32.02,
  carriedIn: 'udp',
  sameAs: null,
  setupPacket: null,
  call: null,
  callNumber: null,
  direction: null,
  side: null,
  fromName: null,
  toName: null,
  encryption: {
    suite: 'AES_CM_128_HMAC_SHA1_80',
    keySource: null,
    decrypted: 0,
    authenticated: 0,
    failed: 0,
    replayed: 0,
    state: 'no-key',
    advice: null,
  },
  mos: null,
  digits: '4271#',
  recognisedBy: 'consistency',
  capturedTwice: false,
  problems: [],
  quality: { latePercent: 0, bursts: 0, notRatedBecause: null },
  sparks: { lossPercent: [], jitterMs: [] },
};

test('a stream without a call is named by its addresses', () => {
  const line = rowsAsText(shown(streamColumns(times)), [stream]).split('\t');
  expect(line.slice(0, 8)).toEqual([
    '3',
    '—',
    '0x5f3a91c2',
    '10.0.0.1:16402 → [2001:db8::1]:18334',
    'PCMA',
    '1\u202f548',
    '50',
    '3.1',
  ]);
  expect(line).toContain('no key');
  const destination = streamColumns(times).find(({ id }) => id === 'dst');
  expect(destination?.value?.(stream)).toMatchObject({ field: 'stream.dst', value: '2001:db8::1' });
});

test('a codec that was guessed is marked, with the reason', () => {
  const codec = streamColumns(times).find(({ id }) => id === 'codec') ?? expect.unreachable();
  const guessed: StreamListRow = { ...stream, codec: 'opus', codecGuessed: true, payloadTypes: [111] };
  const context = { before: undefined };
  expect(codec.parts?.(stream, context)).toEqual([{ kind: 'text', text: 'PCMA' }]);
  const parts = codec.parts?.(guessed, context) ?? [];
  expect(parts.map((part) => (part.kind === 'text' ? part.text : ''))).toEqual(['opus', '?']);
  expect(parts[0]).toMatchObject({ title: expect.stringContaining('nothing says what payload type 111 is') });
  expect(codec.text(guessed, context)).toBe('opus?');
});

test('a stream of a call over Verto says so, and who speaks', () => {
  const verto = { callId: 'x', state: 'completed', packets: [] } as unknown as NonNullable<StreamListRow['verto']>;
  const row: StreamListRow = { ...stream, verto, side: 'A', fromName: '1000', toName: '2000' };
  const line = rowsAsText(shown(streamColumns(times)), [row]).split('\t');
  expect(line.slice(1, 4)).toEqual(['Verto A', '0x5f3a91c2', '1000 → 2000']);
});
