/** A recorded call behind headers that nobody knows: what is found has to be what is found of the call itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { parseDecodeAs } from '../../engine/classify/decode-as.ts';
import { readCapture } from '../../engine/engine.ts';
import { checkFilter, filterPackets } from '../../engine/filter/index.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import type { DetailNode } from '../../engine/query/detail-tree.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { openSource } from '../../engine/sources/open-source.ts';
import { UNKNOWN_WAYS, wrapCapture } from '../recording/wrap.ts';
import { OWN_CAPTURES } from './capture-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-encapsulation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const V4 = join(OWN_CAPTURES, 'g711u-dtmf.pcap');
const V6 = join(OWN_CAPTURES, 'ipv6-call.pcap');
const TCP = join(OWN_CAPTURES, 'tcp-call.pcap');

async function look<T>(path: string, use: (capture: Capture) => T | Promise<T>, rules: string[] = []): Promise<T> {
  const ids = builtIns.map(({ id }) => id);
  const decodeAs = rules.map((text) => {
    const rule = parseDecodeAs(text, ids);
    if (typeof rule === 'string') throw new Error(rule);
    return rule;
  });
  const source = await openSource(path);
  try {
    return await use(await readCapture(source, { dissectors: builtIns, decodeAs, fence: false }));
  } finally {
    await source.close();
  }
}

async function wrapped<T>(
  file: string,
  way: string,
  use: (capture: Capture) => T | Promise<T>,
  { rules = [] as string[], isBothSides = false } = {},
): Promise<T> {
  const path = join(folder, 'wrapped.pcap');
  writeFileSync(path, wrapCapture(readFileSync(file), UNKNOWN_WAYS[way], { isBothSides }));
  return look(path, use, rules);
}

/** What must not depend on the way the packets took. */
function facts(capture: Capture) {
  const calls = [...callRows(capture, { all: true })].map((call) => ({ ...call, problems: [] }));
  const streams = streamRows(capture).map((row) => ({ ...row, carriedIn: '' }));
  return { calls, streams, digits: digitRows(capture) };
}

function highest(nodes: readonly DetailNode[]): number {
  return Math.max(0, ...nodes.map(({ at, length, children = [] }) => Math.max(at + length, highest(children))));
}

async function found(capture: Capture, text: string): Promise<number> {
  const checked = checkFilter(text, 'packets', builtIns);
  if (!checked.ok) throw new Error(checked.error.message);
  return (await filterPackets(capture, checked.filter))?.length ?? -1;
}

describe.each([
  ['ip-behind-8', V4, 8, 'ip'],
  ['ip-behind-8', V6, 8, 'ip'],
  ['ip-behind-8', TCP, 8, 'ip'],
  ['ip-behind-8-with-trailer', V4, 8, 'ip'],
  ['ip-behind-8-with-trailer', V6, 8, 'ip'],
  ['ip-behind-1', V4, 1, 'ip'],
  ['rtp-behind-12', V4, 12, 'rtp'],
  ['udp-behind-16', V4, 16, 'udp'],
])('%s', (way, file, skipBytes, as) => {
  it(`is found by itself and gives the same call (${file.slice(file.lastIndexOf('/') + 1)})`, async () => {
    const plain = await look(file, facts);
    expect(plain.streams).toHaveLength(2);
    await wrapped(file, way, async (capture) => {
      for (const one of capture.encapsulations) expect(one).toMatchObject({ skipBytes, as });
      expect(capture.encapsulations.length).toBeGreaterThanOrEqual(2);
      expect(facts(capture)).toEqual(plain);
      expect(streamRows(capture).map((row) => row.carriedIn)).toEqual(['udp-encap', 'udp-encap']);
    });
  });
});

it('is what a rule says, too', async () => {
  const plain = await look(V4, facts);
  for (const [way, rule] of [
    ['ip-behind-8', 'udp.port==40500,skip 8,ip'],
    ['udp-behind-16', 'udp.port==40000,skip 16,udp'],
  ]) {
    await wrapped(
      V4,
      way,
      (capture) => {
        expect(capture.encapsulations).toEqual([]);
        expect(facts(capture)).toEqual(plain);
      },
      { rules: [rule] },
    );
  }
  await wrapped(V4, 'ip-behind-8', (capture) => expect(facts(capture).calls).toEqual([]), {
    rules: ['udp.port==40500,none'],
  });
});

it('is shown whole: in the list, the tree and by filters', async () => {
  await wrapped(V4, 'ip-behind-8', async (capture) => {
    const all = capture.store.frames.count;
    expect(await found(capture, 'udp-encap')).toBeGreaterThan(100);
    expect(await found(capture, 'udp-encap && sip')).toBe(await found(capture, 'sip'));
    expect(await found(capture, 'udp-encap.skipped == 8')).toBe(await found(capture, 'udp-encap'));
    const [call] = [...callRows(capture, { all: true })];
    const [rows] = [await packetRows(capture, { from: call.messages[0].packet - 1, limit: 1 }).next()];
    expect(rows.value?.[0]).toMatchObject({ protocol: 'sip', src: call.messages[0].src, dst: call.messages[0].dst });
    const detail = await packetDetail(capture, call.messages[0].packet);
    expect(detail?.nodes.map(({ name }) => name)).toEqual([
      'frame',
      'eth',
      'ip',
      'udp',
      'udp-encap',
      'ip',
      'udp',
      'sip',
    ]);
    expect(detail?.sources).toHaveLength(1);
    expect(highest(detail?.nodes ?? [])).toBe(detail?.sources[0].lengthBytes);
    expect(all).toBeGreaterThan(0);
  });
});

it('does not double a call that is captured on both sides', async () => {
  const plain = await look(V4, facts);
  await wrapped(
    V4,
    'ip-behind-8',
    (capture) => {
      const { calls, streams } = facts(capture);
      expect(calls).toHaveLength(1);
      expect(calls[0].state).toBe(plain.calls[0].state);
      expect(calls[0].messages.filter(({ capturedTwice }) => capturedTwice === true)).toHaveLength(
        plain.calls[0].messages.length,
      );
      expect(calls[0].messages.some(({ retransmission }) => retransmission)).toBe(false);
      expect(streams.map(({ packets }) => packets).toSorted((a, b) => a - b)).toEqual(
        [...plain.streams, ...plain.streams].map(({ packets }) => packets).toSorted((a, b) => a - b),
      );
      expect(streams.every(({ sameAs }) => sameAs !== null)).toBe(true);
    },
    { isBothSides: true },
  );
});
