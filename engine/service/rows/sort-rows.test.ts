import { describe, expect, it } from 'vitest';
import { ranksOf, sortRows, UNKNOWN_KEY } from './sort-rows.ts';

const rowsFor = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i * 3 + 1);

/** What is known first, in order; the same keys in the order of the rows. */
function expected(rows: Uint32Array, keys: readonly number[], descending: boolean): number[] {
  const isKnown = (key: number): boolean => !Number.isNaN(key) && key !== UNKNOWN_KEY;
  return Array.from(rows.keys())
    .toSorted((a, b) => {
      const [x, y] = [keys[a], keys[b]];
      if (!isKnown(x) || !isKnown(y)) return Number(!isKnown(x)) - Number(!isKnown(y)) || a - b;
      return (descending ? y - x : x - y) || a - b;
    })
    .map((i) => rows[i]);
}

const KEYS: readonly (readonly [string, readonly number[]])[] = [
  ['nothing', []],
  ['one', [5]],
  ['ascending', [1, 2, 2, 2, 3, 1000]],
  ['descending', [9, 8, 8, 1, -4]],
  ['negative, small and large', [0.5, -0.5, -1e-300, 1e-300, -1e300, 1e300, 0, -0, 3, -3, Infinity, -Infinity]],
  ['not known', [Number.NaN, 3, Number.NaN, 1, 2, Number.NaN]],
  ['all the same', [7, 7, 7, 7]],
  ['many', Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 1000) / 8 - 60)],
  ['many that differ in their last bits', Array.from({ length: 300 }, (_, i) => 1 + ((i * 31) % 300) * Number.EPSILON)],
];

describe.each([false, true])('descending %s', (descending) => {
  it.each(KEYS)('numbers: %s', async (_name, keys) => {
    const rows = rowsFor(keys.length);
    const sorted = await sortRows(rows, Float64Array.from(keys), descending);
    expect(Array.from(sorted)).toEqual(expected(rows, keys, descending));
  });

  it('ranks, of which some are not known', async () => {
    const keys = [5, UNKNOWN_KEY, 70_000, 5, 0, 4_000_000_000, UNKNOWN_KEY, 1 << 22];
    const rows = rowsFor(keys.length);
    const sorted = await sortRows(rows, Uint32Array.from(keys), descending);
    expect(Array.from(sorted)).toEqual(expected(rows, keys, descending));
    const inOrder = [1, 2, 2, UNKNOWN_KEY];
    expect(Array.from(await sortRows(rowsFor(4), Uint32Array.from(inOrder), descending))).toEqual(
      expected(rowsFor(4), inOrder, descending),
    );
  });
});

it('can be cancelled', async () => {
  const keys = Float64Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 100_003);
  const abort = new AbortController();
  const sorting = sortRows(rowsFor(keys.length), keys, false, abort.signal);
  abort.abort();
  await expect(sorting).rejects.toMatchObject({ name: 'AbortError' });
});

it('texts stand in the order of the numbers in them, case aside', () => {
  const texts = ['10.0.0.10:5060', '10.0.0.2:5060', null, 'bob', 'Alice', 'alice', '10.0.0.2:80'];
  const ranks = ranksOf(texts);
  const order = texts
    .map((text, i) => ({ text, rank: ranks[i] }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ text }) => text);
  expect(order).toEqual(['10.0.0.2:80', '10.0.0.2:5060', '10.0.0.10:5060', 'Alice', 'alice', 'bob', null]);
  expect(ranks[4]).toBe(ranks[5]);
});
