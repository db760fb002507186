/** Whatever the capture, the window gets its screens: every grid, the overview, packets, messages, calls and streams. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TableName } from '../../shared/engine-api.ts';
import { capturesIn, FOREIGN_CAPTURES, OWN_CAPTURES } from './capture-files.ts';
import { openWindow } from './service-window.ts';

const TABLES: readonly TableName[] = [
  'calls',
  'registrations',
  'streams',
  'packets',
  'problems',
  'digits',
  'sessions',
  'allocations',
];
const view = openWindow();
afterAll(() => view.close());

async function lookAt(path: string): Promise<void> {
  const { engine } = view;
  try {
    await view.open(path);
  } catch (error) {
    expect(error).toMatchObject({ code: 'not-a-capture' });
    expect((await engine.call('capture.failure', {}))?.message).toMatch(/\.$/);
    return;
  }
  const overview = await engine.call('overview.get', {});
  expect(overview.verdict).toMatch(/\.$/);
  const { packets } = overview.counts;
  for (const table of TABLES) {
    const page = await view.page(table, { count: 100 });
    expect(page.total).toBe(overview.counts[table]);
    expect(page.rows).toHaveLength(Math.min(100, page.total));
  }
  for (const { title, message, packets: evidence } of overview.problems) {
    expect(title.split(/\s+/).length, title).toBeLessThan(8);
    expect(message).toMatch(/^\S.*\.$/);
    expect(evidence.length, message).toBeGreaterThan(packets === 0 ? -1 : 0);
    expect(evidence.every((packet) => packet >= 1 && packet <= packets)).toBe(true);
  }
  for (const packet of new Set([1, Math.ceil(packets / 2), packets])) {
    if (packet < 1 || packet > packets) continue;
    expect((await engine.call('packet.get', { packet })).nodes.length).toBeGreaterThan(0);
    await engine.call('packet.messages', { packet });
  }
  for (const { id } of (await view.page('calls', { count: 3 })).rows) {
    await engine.call('call.get', { call: id });
    expect((await engine.call('call.ladder', { call: id })).call).toBe(id);
    expect((await view.page('packets', { call: id, count: 10 })).total).toBeGreaterThan(0);
  }
  for (const { id, number, kind, packetCount } of (await view.page('sessions', { count: 10 })).rows) {
    const { session, allocations } = await engine.call('ice.get', { id });
    const row = session ?? allocations[0];
    expect(row.id).toBe(id);
    for (const packet of row.evidence) expect(packet >= 1 && packet <= packets, `${id} names #${packet}`).toBe(true);
    // Nothing failed without a proof.
    expect(row.verdict).not.toBe('');
    if (row.outcome === 'failed') expect(row.evidence.length, row.verdict).toBeGreaterThan(0);
    const filter = `${kind === 'ice-session' ? 'ice' : 'turn'}.id == ${number}`;
    expect((await view.page('packets', { filter, count: 1 })).total).toBe(packetCount);
    expect((await engine.call('ice.ladder', { id })).call).toBe(id);
  }
  for (const { id, packets: own, lost, carriedIn } of (await view.page('streams', { count: 3 })).rows) {
    const series = await engine.call('stream.series', { stream: id, buckets: 100 });
    expect(series.lostPercent.some((percent) => percent > 0)).toBe(lost > 0);
    expect((await engine.call('stream.packets', { stream: id, from: 0, count: 10 })).total).toBe(own);
    // A TCP segment can hold several packets of a relayed stream.
    const least = carriedIn === 'udp' ? own : 1;
    expect((await view.page('packets', { stream: id, count: 1 })).total).toBeGreaterThanOrEqual(least);
  }
}

describe.each([
  ['own', OWN_CAPTURES],
  ['foreign', FOREIGN_CAPTURES],
])('%s captures', (_name, folder) => {
  const captures = capturesIn(folder);
  it.skipIf(captures.length === 0)('show in the window', async () => {
    for (const name of captures) {
      await lookAt(join(folder, name)).catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      });
    }
  });
});
