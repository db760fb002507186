/** The recordings of test/recording/websocket.sh, against what tshark finds in them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { SIP_METHODS } from '../../dissectors/sip/methods.ts';
import { VERTO_COLUMNS } from '../../dissectors/verto/columns.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { exportWav } from '../../engine/export/wav.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { messageViews } from '../../engine/query/packet-view.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { OWN_CAPTURES } from './capture-files.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const PASSWORD = 'tuppence-a-bag';

function read(name: string): Promise<Capture> {
  return readCapture(new MemorySource(new Uint8Array(readFileSync(join(OWN_CAPTURES, name)))), {
    dissectors: builtIns,
    fence: false,
  });
}

function tshark(name: string, filter: string, ...fields: string[]): string[][] {
  const options = fields.flatMap((field) => ['-e', field]);
  const file = join(OWN_CAPTURES, name);
  const out = execFileSync('tshark', ['-n', '-r', file, '-Y', filter, '-T', 'fields', ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** Packet, Call-ID, and method or status of each SIP message. */
function sipMessages({ calls, store }: Capture): string[][] {
  const { sip } = calls;
  const c = sip.rows.columns;
  return Array.from({ length: sip.count }, (_, row) => [
    `${sip.frame.get(row) + 1}`,
    store.strings.text(c.callId.get(row)),
    c.status.get(row) === 0 ? SIP_METHODS[c.method.get(row)] : `${c.status.get(row)}`,
  ]);
}

function byFirst(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a).localeCompare(String(b));
}

describe.skipIf(!hasTshark)('SIP over WebSocket, as tshark finds it', () => {
  test.each(['ws-call.pcap', 'wss-chromium.pcapng', 'ws-deflate.pcap', 'ws-deflate-none.pcap'])('%s', async (name) => {
    const rows = tshark(name, 'sip', 'frame.number', 'sip.Call-ID', 'sip.Method', 'sip.Status-Code');
    const expected = rows.map(([packet, id, method, status]) => [packet, id, method || status]);
    expect(expected.length).toBeGreaterThan(5);
    expect(sipMessages(await read(name))).toEqual(expected);
  });

  test('frames, and the text in them', async () => {
    const capture = await read('ws-verto.pcap');
    const rows = tshark('ws-verto.pcap', 'websocket.payload.text', 'frame.number', 'websocket.payload.text');
    for (const [packet, text] of rows) {
      const message = JSON.parse(text.replaceAll('\\\\', '\\')) as { id: number };
      const detail = await packetDetail(capture, Number(packet));
      expect(JSON.stringify(detail?.nodes)).toContain(`"name":"verto.id","label":"id"`);
      expect(message.id).toBeGreaterThan(0);
    }
    const verto = capture.store.layer('verto', VERTO_COLUMNS);
    expect(verto?.count).toBe(rows.length);
  });
});

/** Counts and names are those of the recording's scripts. */
describe('a call', () => {
  test('over ws, seen from its beginning or not', async () => {
    for (const name of ['ws-call.pcap', 'ws-late.pcap']) {
      const capture = await read(name);
      const [call] = [...callRows(capture, { all: false })];
      expect(call).toMatchObject({ state: 'completed', finalStatus: 200, endedBy: 'caller', messageCount: 7 });
      expect(new Set(call.messages.map(({ transport }) => transport))).toEqual(new Set(['ws']));
      const streams = streamRows(capture);
      expect(
        streams
          .map(({ ssrc, direction, packets, codec, call: of }) => [ssrc, direction, packets, codec, of === call.id])
          .toSorted(byFirst),
      ).toEqual([
        ['0x00b0b002', 'callee-to-caller', 70, 'PCMA', true],
        ['0x0a11ce01', 'caller-to-callee', 70, 'PCMA', true],
      ]);
    }
  });

  test('of a browser over wss, with its media', async () => {
    const capture = await read('wss-chromium.pcapng');
    const [call] = [...callRows(capture, { all: false })];
    expect(call).toMatchObject({ callId: 'page@browser7118.invalid', state: 'completed', endedBy: 'caller' });
    expect(new Set(call.messages.map(({ transport }) => transport))).toEqual(new Set(['wss']));
    expect(
      streamRows(capture)
        .map(({ codec, call: of, direction }) => [codec, of, direction])
        .toSorted(byFirst),
    ).toEqual([
      ['opus', call.id, 'callee-to-caller'],
      ['opus', call.id, 'caller-to-callee'],
    ]);
  });

  test.each(['ws-deflate.pcap', 'ws-deflate-none.pcap', 'ws-fragments.pcap'])('compressed: %s', async (name) => {
    const capture = await read(name);
    const calls = [...callRows(capture, { all: false })];
    expect(calls.map(({ callId, state, messageCount }) => [callId, state, messageCount])).toEqual(
      ['call1', 'call2', 'call3'].map((id) => [`${id}@alice7118.invalid`, 'completed', 7]),
    );
    // Read back from the last to the first: each has to be inflated by itself.
    const packets = calls.flatMap(({ messages }) => messages.map(({ packet }) => packet)).toReversed();
    for (const packet of packets) {
      const views = (await messageViews(capture, packet)) ?? [];
      expect(views.map(({ text }) => text).join('')).toMatch(
        /^(?:SIP\/2\.0 \d{3} |[A-Z]+ sip:)[^]*\r\nContent-Length: \d+\r\n\r\n/,
      );
    }
    expect(capture.store.issues.count).toBe(0);
  });
});

describe('Verto', () => {
  test.each(['ws-verto.pcap', 'ws-verto-deflate.pcap'])('%s: its SDP says what media is', async (name) => {
    const capture = await read(name);
    const [call] = capture.verto.calls;
    expect(capture.verto.calls).toHaveLength(1);
    expect(call).toMatchObject({
      callerNumber: '1000',
      callerName: 'Alice “front desk”',
      calleeNumber: '2000',
      state: 'completed',
      cause: 'NORMAL_CLEARING',
    });
    expect(
      call.inviteFrame < call.ringFrame && call.ringFrame < call.answerFrame && call.answerFrame < call.byeFrame,
    ).toBe(true);
    expect(
      streamRows(capture)
        .map(({ ssrc, codec, packets, direction, recognisedBy, verto }) => [
          ssrc,
          codec,
          packets,
          direction,
          recognisedBy,
          verto?.to,
        ])
        .toSorted(byFirst),
    ).toEqual([
      ['0x2e12000a', 'PCMA', 60, 'caller-to-callee', 'signalling', '2000'],
      ['0x2e12000b', 'PCMA', 60, 'callee-to-caller', 'signalling', '2000'],
    ]);
  });

  test('a WAV has the caller on the left', async () => {
    const capture = await read('ws-verto.pcap');
    const folder = mkdtempSync(join(tmpdir(), 'earshot-verto-'));
    try {
      const { channelStreams } = await exportWav(capture, {}, join(folder, 'call.wav'));
      const ssrcs = channelStreams.map(([id]) => streamRows(capture).find((row) => row.id === id)?.ssrc);
      expect(ssrcs).toEqual(['0x2e12000a', '0x2e12000b']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(['ws-verto.pcap', 'ws-verto-deflate.pcap'])(
    '%s: a password is in no line and in no detail',
    async (name) => {
      const capture = await read(name);
      for await (const rows of packetRows(capture)) {
        for (const { packet, info, protocol } of rows) {
          expect(info).not.toContain(PASSWORD);
          if (protocol !== 'verto' && protocol !== 'websocket') continue;
          expect(JSON.stringify((await packetDetail(capture, packet))?.nodes)).not.toContain(PASSWORD);
        }
      }
    },
  );
});
