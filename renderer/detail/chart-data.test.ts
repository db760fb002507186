import { describe, expect, it } from 'vitest';
import { bucketsFor, bucketTimes, nearestIndex, summaryOf, withGaps } from './chart-data.ts';
import { figuresOf } from './stream-figures.tsx';
import type { StreamListRow } from '../../shared/engine-api.ts';

describe('chart data', () => {
  it('sums up what is known', () => {
    expect(summaryOf([Number.NaN, 2, 4, Number.NaN, 9])).toEqual({ min: 2, mean: 5, max: 9 });
    expect(summaryOf([Number.NaN])).toBeNull();
    expect(withGaps(Float64Array.of(1, Number.NaN, 0))).toEqual([1, null, 0]);
  });
  it('puts a bucket where its middle is', () => {
    const none = Float64Array.of(0, 0, 0);
    const series = { stream: 's1', startTime: 100, bucketSeconds: 2, jitterMs: none };
    expect(bucketTimes({ ...series, deltaMs: none, lostPercent: none, bitrateKbps: none })).toEqual([1, 3, 5]);
  });
  it('takes few buckets for few packets and never too many', () => {
    expect([0, 1, 4, 5, 400, 1e6].map(bucketsFor)).toEqual([1, 1, 1, 2, 100, 2000]);
  });
  it('finds the nearest of any number with few questions', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => i * i);
    for (const wanted of [-5, 0, 0.4, 0.6, 2, 3, 500, 998001, 1e9]) {
      let asked = 0;
      const at = await nearestIndex(values.length, async (index) => (asked++, values[index]), wanted);
      const nearest = Math.min(...values.map((value) => Math.abs(value - wanted)));
      expect(Math.abs(values[at] - wanted)).toBe(nearest);
      expect(asked).toBeLessThan(14);
    }
    expect(await nearestIndex(0, async () => 0, 1)).toBe(-1);
  });
});

describe('figuresOf', () => {
  it("shows Wireshark's figure only where it is another", () => {
    const row = {
      packets: 306,
      expected: 311,
      lost: 11,
      lostPercent: 3.5,
      duplicates: 6,
      outOfOrder: 11,
      bytes: 48960,
      jitterMs: { mean: 9.861, max: 13.18 },
      maxDeltaMs: 53.6,
      skewMs: 32,
      durationSeconds: 6.177,
      wireshark: { lost: 5, maxDeltaMs: 53.6, meanJitterMs: 9.859, maxJitterMs: 13.17 },
    };
    const figures = figuresOf(row as unknown as StreamListRow);
    const theirs = figures.filter(({ wireshark }) => wireshark !== undefined);
    expect(theirs.map(({ name, value, wireshark }) => `${name} ${value} ${wireshark}`)).toEqual([
      'Lost 11 5',
      'Jitter, max 13.18 13.17',
    ]);
    expect(figures.find(({ name }) => name === 'Loss')).toMatchObject({ value: '3.5', tone: 'warn' });
  });
});
