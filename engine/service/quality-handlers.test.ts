/** Quality over the channel that the window has. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';

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

test('a stream has figures and columns over time', async () => {
  const { engine } = await opened('loss-jitter.pcap');
  const { figures, series } = await engine.call('quality.stream', { stream: 's2' });
  // The relay's log: 11 of 311 dropped.
  expect(figures.loss).toMatchObject({ expected: 311, lost: 11 });
  expect(series.stream).toBe('s2');
  const { length } = series.lostPercent;
  expect(length).toBe(Math.ceil(figures.durationSeconds / series.bucketSeconds));
  for (const column of [series.latePercent, series.jitterMs, series.r, series.mos]) expect(column).toHaveLength(length);
  expect(series.model).toBe('G.107');
  expect(Math.min(...series.mos)).toBeLessThan(4);
  expect(series.reported.time).toHaveLength(figures.reported?.reports ?? 0);
});

test('the lists have the opinion, and sort by it', async () => {
  const view = await opened('loss-jitter.pcap');
  const { rows } = await view.page('calls');
  const { figures } = await view.engine.call('quality.stream', { stream: 's2' });
  expect([rows[0].a.mos, rows[0].b.mos]).toContain(figures.rating?.value);
  const overview = await view.engine.call('overview.get', {});
  expect(overview.quality.by).toBe('mos');
  expect(overview.quality.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

test('audio is measured by call and by stream', async () => {
  const { engine } = await opened('g711a-call.pcap');
  const ofCall = await engine.call('quality.audio', { id: 'c1' });
  // sox: RMS lev dB -25.31 and -25.24, Pk lev dB -6.16 of both channels of its WAV.
  expect(ofCall.sides.map(({ meanDbov }) => meanDbov?.toFixed(2))).toEqual(['-25.31', '-25.24']);
  expect(ofCall.sides.map(({ peakDbov }) => peakDbov?.toFixed(2))).toEqual(['-6.16', '-6.16']);
  const ofStream = await engine.call('quality.audio', { id: 's1' });
  expect(ofStream.sides.map(({ stream }) => stream)).toEqual(['s1', 's2']);
});

test('what is not there is not found, and what is cancelled ends', async () => {
  const { engine } = await opened('g711a-call.pcap');
  await expect(engine.call('quality.stream', { stream: 's9' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(engine.call('quality.audio', { id: 'c9' })).rejects.toMatchObject({ code: 'not-found' });
  const abort = new AbortController();
  const call = engine.call('quality.audio', { id: 'c1' }, { signal: abort.signal });
  abort.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});
