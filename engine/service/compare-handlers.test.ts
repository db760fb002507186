/** Comparing over the channel that the window has. What was lost is what the relay's own log says it dropped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';
import type { CompareProgress } from '../../shared/compare.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
});

async function opened(name: string): Promise<TestWindow> {
  const made = openWindow();
  windows.push(made);
  await made.open(join(OWN_CAPTURES, name));
  return made;
}

interface Lane {
  readonly ssrc: string;
  readonly packets: readonly (readonly [sequence: number, fate: string, ms: number])[];
}
const lanes: readonly Lane[] = Object.values(
  JSON.parse(readFileSync(join(OWN_CAPTURES, 'loss-jitter.json'), 'utf8')).lanes,
);

function droppedOf(ssrc: string): number[] {
  const lane = lanes.find((each) => each.ssrc === ssrc);
  return lane?.packets.filter(([, fate]) => fate === 'dropped').map(([sequence]) => sequence) ?? [];
}

const WITHIN = { other: null, streams: null };
const CALLEE = join(OWN_CAPTURES, 'loss-jitter.pcap');

test('both sides of a relay: rows, differences by kind and page, and over time', async () => {
  const { engine } = await opened('relay-both-legs.pcap');
  const rows = await engine.call('compare.find', WITHIN);
  expect(rows.map(({ id }) => id)).toEqual(['x1', 'x2']);
  for (const { id, a, lostBetween, reordered } of rows) {
    expect(a).toMatchObject({ capture: 'relay-both-legs.pcap', isOther: false });
    const lost = await engine.call('compare.differences', { id, kind: 'lost', from: 0, count: 100 });
    expect(lost.rows.map(({ sequence }) => sequence & 0xffff)).toEqual(droppedOf(a.ssrc));
    expect(lost.counts).toMatchObject({ lost: lostBetween, reordered, missed: 0 });
    const all = await engine.call('compare.differences', { id, kind: null, from: 0, count: 1000 });
    expect(all.total).toBe(Object.values(all.counts).reduce((sum, count) => sum + count, 0));
    const sequences = all.rows.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((x, y) => x - y));
    const page = await engine.call('compare.differences', { id, kind: null, from: 3, count: 2 });
    expect(page.rows).toEqual(all.rows.slice(3, 5));
    const series = await engine.call('compare.series', { id });
    const first = await engine.call('packet.get', {
      packet: Math.min(...all.rows.map(({ packetA }) => packetA ?? 1e9)),
    });
    expect(series.startTime).toBeLessThanOrEqual(first.row.time);
    expect(series.lost.reduce((sum, count) => sum + count, 0)).toBe(lostBetween);
  }
});

test('a second capture is read beside the open one, says how far it is, and goes with it', async () => {
  const window = await opened('loss-jitter-caller.pcap');
  const { engine } = window;
  const stages = new Set<CompareProgress['stage']>();
  const onProgress = ({ stage }: CompareProgress): unknown => stages.add(stage);
  const rows = await engine.call('compare.find', { other: CALLEE, streams: null }, { onProgress });
  expect([...stages]).toEqual(['reading', 'comparing']);
  expect(rows).toHaveLength(2);
  for (const { a, b, delay, lostBetween } of rows) {
    for (const { capture, isOther } of [a, b]) expect(isOther).toBe(capture === 'loss-jitter.pcap');
    expect(a.isOther).toBe(!b.isOther);
    expect(lostBetween).toBe(droppedOf(a.ssrc).length);
    expect(delay?.kind).toBe('relative');
  }
  // The open capture is still the one that is asked.
  expect((await engine.call('stream.get', { stream: 's1' })).src).toBe('10.77.0.1:40022');
  await window.open(CALLEE);
  await expect(engine.call('compare.series', { id: 'x1' })).rejects.toMatchObject({ code: 'not-found' });
});

test('two streams by name; streams that are not the same are none', async () => {
  const { engine } = await opened('relay-both-legs.pcap');
  const two = await engine.call('compare.find', { other: null, streams: ['s3', 's1'] });
  // What passed first is A, whichever was named first.
  expect(two.map(({ a, b }) => [a.stream, b.stream])).toEqual([['s1', 's3']]);
  expect(await engine.call('compare.find', { other: null, streams: ['s1', 's2'] })).toEqual([]);
  await expect(engine.call('compare.differences', { id: 'x1', kind: null, from: 0, count: 1 })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(engine.call('compare.find', { other: null, streams: ['s1', 's99'] })).rejects.toThrow(
    'The capture has no stream s99.',
  );
});

test('a second file that is none is one sentence, and cancelling leaves nothing behind', async () => {
  const { engine } = await opened('loss-jitter-caller.pcap');
  const missing = join(OWN_CAPTURES, 'no-such.pcap');
  await expect(engine.call('compare.find', { other: missing, streams: null })).rejects.toThrow(
    /^no-such\.pcap cannot be read: [^.]+\.$/,
  );
  const text = join(OWN_CAPTURES, 'loss-jitter.json');
  await expect(engine.call('compare.find', { other: text, streams: null })).rejects.toThrow(
    'loss-jitter.json is not a capture: it is a JSON document.',
  );
  const abort = new AbortController();
  const search = engine.call(
    'compare.find',
    { other: CALLEE, streams: null },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(search).rejects.toMatchObject({ name: 'AbortError' });
  await expect(engine.call('compare.series', { id: 'x1' })).rejects.toMatchObject({ code: 'not-found' });
});

test('a second search ends the first', async () => {
  const { engine } = await opened('loss-jitter-caller.pcap');
  const first = engine.call('compare.find', { other: CALLEE, streams: null });
  const second = engine.call('compare.find', { other: CALLEE, streams: ['s1', 's2'] });
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect(await second).toHaveLength(1);
});

test('keys of the session open the second capture too', async () => {
  const { engine } = await opened('srtp-dtls-speech.pcap');
  const same = { other: join(OWN_CAPTURES, 'srtp-dtls-speech.pcap'), streams: null };
  const sealed = await engine.call('compare.find', same);
  expect(sealed.map(({ a, b }) => [a.encrypted, b.encrypted])).toEqual([
    ['sealed', 'sealed'],
    ['sealed', 'sealed'],
  ]);
  const text = readFileSync(join(OWN_CAPTURES, 'srtp-dtls-speech.keys'), 'utf8');
  await engine.call('secrets.add', { keyLogs: [{ name: 'call.keys', text }], srtpKeys: [] });
  const open = await engine.call('compare.find', same);
  expect(open.map(({ a, b }) => [a.encrypted, b.encrypted])).toEqual([
    ['opened', 'opened'],
    ['opened', 'opened'],
  ]);
});
