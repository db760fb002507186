/**
 * The recordings of test/recording/hep-agents.sh hold one call as it was sent, and as capture agents reported it by UDP, by TCP
 * and by HTTP, several messages in a body.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { ladderOf } from '../../engine/query/ladder.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { openSource } from '../../engine/sources/open-source.ts';
import type { CallRow, StreamRow } from '../../shared/api.ts';
import { OWN_CAPTURES } from './capture-files.ts';

/** Agents read their clock a little after the kernel read its own. */
const LATE_SECONDS = 0.01;
const LATE_MS = 1;

async function read(name: string): Promise<Capture> {
  const source = await openSource(join(OWN_CAPTURES, name));
  return readCapture(source, { dissectors: builtIns, fence: false });
}

function callOf(capture: Capture): CallRow {
  const rows = [...callRows(capture, { all: true, details: true })];
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** Of what was sent, whoever saw it. */
function facts(call: CallRow) {
  const { from, to, callId, state, finalStatus, endedBy, messageCount } = call;
  const transactions = call.transactions.map(({ method, finalStatus: status, retransmissions }) => [
    method,
    status,
    retransmissions,
  ]);
  return { from, to, callId, state, finalStatus, endedBy, messageCount, transactions };
}

function counts({ ssrc, src, dst, codec, packets, bytes, expected, lost, duplicates, outOfOrder }: StreamRow) {
  return { ssrc, src, dst, codec, packets, bytes, expected, lost, duplicates, outOfOrder };
}

const plain: { call: CallRow; streams: StreamRow[] } = { call: {} as CallRow, streams: [] };
beforeAll(async () => {
  const capture = await read('hep-agents-wire.pcap');
  plain.call = callOf(capture);
  plain.streams = streamRows(capture);
});

test('the call as it was sent', () => {
  // Counts by tshark: -Y sip, -z rtp,streams.
  expect(plain.call).toMatchObject({ state: 'completed', endedBy: 'caller', messageCount: 6 });
  expect(plain.streams.map(({ ssrc, packets, lost }) => [ssrc, packets, lost])).toEqual([
    ['0xb0b0b0b0', 60, 0],
    ['0xa0a0a0a0', 60, 0],
  ]);
});

describe.each([['hep-agents.pcap'], ['hep-agents-tcp.pcap'], ['hep-agents-http.pcap']])('%s', (name) => {
  let capture: Capture;
  beforeAll(async () => {
    capture = await read(name);
  });

  test('the call is the same', () => {
    const call = callOf(capture);
    expect(facts(call)).toEqual(facts(plain.call));
    for (const figure of [
      'setupSeconds',
      'durationSeconds',
      'startTime',
      'ringTime',
      'answerTime',
      'endTime',
    ] as const) {
      expect(Math.abs((call[figure] ?? Number.NaN) - (plain.call[figure] ?? 0)), figure).toBeLessThan(LATE_SECONDS);
    }
    expect(call.messages.some(({ retransmission }) => retransmission)).toBe(false);
    expect(capture.store.issues.count).toBe(0);
  });

  test('its streams have the same figures', () => {
    const streams = streamRows(capture);
    expect(streams.map(counts)).toEqual(plain.streams.map(counts));
    streams.forEach((stream, i) => {
      const { jitterMs, maxDeltaMs, skewMs, durationSeconds } = plain.streams[i];
      expect(Math.abs((stream.jitterMs.mean ?? Number.NaN) - (jitterMs.mean ?? 0))).toBeLessThan(LATE_MS);
      expect(Math.abs(stream.maxDeltaMs - maxDeltaMs)).toBeLessThan(2 * LATE_MS);
      expect(Math.abs(stream.skewMs - skewMs)).toBeLessThan(5 * LATE_MS);
      expect(stream.durationSeconds).toBeCloseTo(durationSeconds, 2);
      expect([stream.capturedTwice, stream.carriedIn]).toEqual([false, 'hep']);
    });
  });

  test('logs and reports stand in its ladder, in order of time', async () => {
    const { rows } = await ladderOf(capture, capture.calls.entries[0]);
    const notes = rows.flatMap((row) => (row.kind === 'note' ? [`${row.agent} ${row.label}: ${row.text}`] : []));
    const { callId } = plain.call;
    expect(notes.filter((note) => !note.includes('RTCP'))).toEqual([
      `edge (101) Log: INVITE received, call ${callId}`,
      `edge (101) Log: ACK received, call ${callId}`,
      `edge (101) Log: BYE received, call ${callId}`,
      'edge (101) Quality reported: MOS 4.3, jitter 1.25, packets lost 0, codec PCMU',
    ]);
    expect(notes.filter((note) => note.includes('RTCP'))).toEqual([
      'edge (101) RTCP reported: 0xb0b0b0b0 sent 50 packets',
      'edge (101) RTCP reported: 0xa0a0a0a0 sent 50 packets',
      'edge (101) RTCP reported: 0xb0b0b0b0 sent 60 packets',
      'edge (101) RTCP reported: 0xa0a0a0a0 sent 60 packets',
    ]);
    const times = rows.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('nothing shows the key', async () => {
    const shown = [JSON.stringify(captureInfo(capture))];
    for (let packet = 1; packet <= 20; packet++) {
      const detail = await packetDetail(capture, packet);
      shown.push(
        JSON.stringify(detail?.nodes, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      );
    }
    expect(shown.join('')).toContain('hep.auth_key');
    expect(shown.join('')).not.toContain('recorded-key');
    expect(shown.join('')).not.toContain(Buffer.from('recorded-key').toString('hex'));
  });
});

test('three agents: what each saw, whose clock is right, and a message with who saw it', async () => {
  const capture = await read('hep-agents.pcap');
  const agents = captureInfo(capture).agents ?? [];
  expect(
    agents.map(({ number, id, nodeName, byType, clock, authKey }) => [number, id, nodeName, byType, clock, authKey]),
  ).toEqual([
    [1, 101, 'edge', { SIP: 6, RTP: 120, RTCP: 4, log: 3, 'MOS report, short': 1 }, 'as-is', 'present'],
    [2, 102, 'core', { SIP: 6, RTP: 120, RTCP: 4 }, 'corrected', 'absent'],
    [3, 103, null, { SIP: 6 }, 'ignored', 'absent'],
  ]);
  // As hep-agents.sh sets the clocks.
  [0, 0.25, -7200].forEach((offset, i) => expect(agents[i].clockOffsetSeconds).toBeCloseTo(offset, 2));
  const { messages } = callOf(capture);
  expect(messages).toHaveLength(18);
  expect(messages.filter(({ capturedTwice = false }) => capturedTwice)).toHaveLength(12);
  const invites = messages.filter(({ method }) => method === 'INVITE');
  expect(new Set(invites.map(({ agent }) => agent))).toEqual(new Set(['103', 'core (102)', 'edge (101)']));
});
