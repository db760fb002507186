import { expect, it } from 'vitest';
import { emptySpans } from '../../base/octet-spans.ts';
import { MemorySource } from '../readers/test-source.ts';
import { FileWindows } from './file-windows.ts';

const FILE = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8) * 17 + (i >> 16)) & 0xff);

/** Loads spans of `[offset, length]`, and gives what is there of each: its octets, or null. */
async function load(windows: FileWindows, wanted: readonly (readonly [number, number])[]) {
  const spans = emptySpans(wanted.length);
  wanted.forEach(([, length], i) => (spans.length[i] = length));
  await windows.load(
    Float64Array.from(wanted, ([offset]) => offset),
    spans,
    wanted.length,
  );
  const found = wanted.map((_, i) => {
    const [at, length] = [spans.at[i], spans.length[i]];
    return length < 0 ? null : spans.bytes[i].subarray(at, at + length);
  });
  return { found, spans };
}

it('has spans in any order, near and far, and none of what is not wanted or beyond the end', async () => {
  const windows = new FileWindows(new MemorySource(FILE));
  const wanted = [
    [2_000_000, 50],
    [10, 20],
    [0, 5],
    [1_999_000, 70],
    [700_000, -1],
    [2_999_990, 10],
    [2_999_991, 10],
    [900_000, 0],
  ] as const;
  for (let time = 0; time < 2; time++) {
    const { found } = await load(windows, wanted);
    expect(found.map((octets) => octets && [...octets])).toEqual(
      wanted.map(([offset, length], i) =>
        i === 4 || i === 6 ? null : [...FILE.subarray(offset, offset + Math.max(0, length))],
      ),
    );
  }
});

it('reads two runs through the same part of the file once, and says what lies together', async () => {
  const source = new MemorySource(FILE);
  const windows = new FileWindows(source);
  // As the packets of two streams: first all of one, then all of the other.
  for (let second = 0; second < 40; second++) {
    const start = 1000 + 20_000 * second;
    const runs = [0, 200].flatMap((after) =>
      Array.from({ length: 45 }, (_, i) => [start + after + 400 * i, 160] as const),
    );
    const { found, spans } = await load(windows, runs);
    expect(
      found.every((octets, i) => octets !== null && octets.every((octet, k) => octet === FILE[runs[i][0] + k])),
    ).toBe(true);
    const { together } = spans;
    expect(together?.bytes === spans.bytes[0]).toBe(true);
    expect([together?.from, together?.to]).toEqual([spans.at[0], spans.at[89] + 160]);
  }
  expect(source.reads).toBeLessThan(5);
});

it('does not wait for what is at hand', async () => {
  const windows = new FileWindows(new MemorySource(FILE));
  await load(windows, [[100, 1000]]);
  const spans = emptySpans(1);
  spans.length[0] = 10;
  expect(windows.load(Float64Array.of(200), spans, 1)).toBeUndefined();
  expect([...spans.bytes[0].subarray(spans.at[0], spans.at[0] + 10)]).toEqual([...FILE.subarray(200, 210)]);
});
