import { expect, test } from 'vitest';
import { levelsOf, reportedOf } from './over-time.ts';

test('levels are dBov: 0 of a square wave of full scale, -6 at half of it', () => {
  const { times, values } = levelsOf(Float32Array.of(1, 0.5, 0, Number.NaN), 4, 10);
  expect(times).toEqual([10.5, 11.5, 12.5, 13.5]);
  expect(Array.from(values, (value) => Math.round(value * 100) / 100)).toEqual([0, -6.02, -80, Number.NaN]);
});

test('reports are a line from two on, without those that do not say it', () => {
  const time = Float64Array.of(100, 105, 110);
  expect(reportedOf(time, Float64Array.of(1, Number.NaN, 3), 100)).toEqual({
    times: [0, 10],
    values: Float64Array.of(1, 3),
  });
  expect(reportedOf(time, Float64Array.of(Number.NaN, Number.NaN, 3), 100)).toBeNull();
});
