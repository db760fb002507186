import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PageCache } from './page-cache.ts';
import type { Page, RowSource } from './row-source.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Answers when told to. */
class Slow implements RowSource<number> {
  readonly key = 'slow';
  total = 100_000;
  isGrowing = false;
  /** First rows of the pages asked for and not answered. */
  readonly open = new Map<number, { resolve: (page: Page<number>) => void; reject: (error: Error) => void }>();
  readonly asked: number[] = [];
  readonly cancelled: number[] = [];
  revision = 0;

  page = (from: number, _count: number, signal: AbortSignal): Promise<Page<number>> => {
    this.asked.push(from);
    signal.addEventListener('abort', () => {
      this.cancelled.push(from);
      this.open.delete(from);
    });
    return new Promise((resolve, reject) => {
      const answer = { resolve, reject };
      this.open.set(from, answer);
    });
  };
  place = (): Promise<number> => Promise.resolve(-1);

  async answer(from: number): Promise<void> {
    const { total, isGrowing, revision } = this;
    const rows = Array.from({ length: Math.min(128, total - from) }, (_, at) => from + at + revision * 1e6);
    this.open.get(from)?.resolve({ total, unfiltered: total, rows, isGrowing });
    this.open.delete(from);
    await vi.advanceTimersByTimeAsync(0);
  }
}

test('the page in sight first, then the neighbours', async () => {
  const source = new Slow();
  const onChange = vi.fn();
  const cache = new PageCache(source, onChange);
  cache.want(0, 39);
  expect(source.asked).toEqual([0]);
  expect(cache.row(5)).toBeUndefined();
  await source.answer(0);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(cache.row(5)).toBe(5);
  expect(cache.status.total).toBe(100_000);
  cache.want(0, 39);
  expect(source.asked).toEqual([0, 128]);
});

test('what is scrolled past is cancelled, and a drag asks only where it rests', async () => {
  const source = new Slow();
  const cache = new PageCache(source, () => {});
  cache.want(0, 39);
  await source.answer(0);
  cache.want(120, 160);
  expect(source.asked).toEqual([0, 128, 256]);
  for (let row = 10_000; row < 60_000; row += 5000) {
    cache.want(row, row + 39);
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(source.cancelled).toEqual([128, 256]);
  expect(source.asked).toEqual([0, 128, 256]);
  await vi.advanceTimersByTimeAsync(100);
  const page = Math.floor(55_000 / 128) * 128;
  expect(source.asked.slice(3)).toEqual([page, page + 128, page - 128]);
});

test('going up, the page above comes before the one below', async () => {
  const source = new Slow();
  const cache = new PageCache(source, () => {});
  cache.want(0, 39);
  await source.answer(0);
  cache.want(5 * 128, 5 * 128 + 39);
  await vi.advanceTimersByTimeAsync(100);
  source.asked.length = 0;
  cache.want(4 * 128, 4 * 128 + 39);
  await source.answer(4 * 128);
  await source.answer(5 * 128);
  expect(source.asked[0]).toBe(3 * 128);
});

test('rows stay in sight while they are asked for again, however often they change', async () => {
  const source = new Slow();
  source.total = 60;
  source.isGrowing = true;
  const cache = new PageCache(source, () => {});
  cache.want(0, 39);
  await source.answer(0);
  source.revision = 1;
  source.total = 90;
  cache.refresh();
  cache.refresh();
  expect(cache.row(5)).toBe(5);
  expect(source.open.size).toBe(1);
  cache.refresh();
  await source.answer(0);
  // It lands though it is out of date by now, and is asked for once more.
  expect(cache.row(5)).toBe(1_000_005);
  expect(cache.status).toMatchObject({ total: 90, isGrowing: true });
  expect(source.open.size).toBe(1);
});

test('memory stays bounded', async () => {
  const source = new Slow();
  const cache = new PageCache(source, () => {});
  cache.want(0, 39);
  await source.answer(0);
  for (let page = 0; page < 300; page++) {
    cache.want(page * 128, page * 128 + 39);
    for (const from of source.open.keys()) await source.answer(from);
  }
  const kept = Array.from({ length: 302 }, (_, page) => cache.row(page * 128)).filter((row) => row !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(cache.row(299 * 128)).toBe(299 * 128);
  expect(cache.row(0)).toBeUndefined();
});

test('a failure is said once, and not asked again until somebody wants it', async () => {
  const source = new Slow();
  const cache = new PageCache(source, () => {});
  cache.want(0, 39);
  source.open.get(0)?.reject(new Error('It broke.'));
  await vi.advanceTimersByTimeAsync(0);
  expect(cache.status.error).toBe('It broke.');
  cache.want(0, 39);
  expect(source.asked).toHaveLength(1);
  source.open.delete(0);
  cache.refresh();
  expect(source.asked).toHaveLength(2);
});

test('after closing nothing is told any more', async () => {
  const source = new Slow();
  const onChange = vi.fn();
  const cache = new PageCache(source, onChange);
  cache.want(0, 39);
  cache.close();
  await source.answer(0);
  expect(source.cancelled).toEqual([0]);
  expect(onChange).not.toHaveBeenCalled();
});
