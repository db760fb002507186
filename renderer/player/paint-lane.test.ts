import { expect, test } from 'vitest';
import { columnsOf, type LanePeaks } from './paint-lane.ts';

const peaks: LanePeaks = {
  span: { from: 0, to: 4 },
  min: Float32Array.of(-0.1, -0.2, -0.3, -0.4),
  max: Float32Array.of(0.1, 0.2, 0.3, 0.4),
  rms: Float32Array.of(0.3, 0.4, 0, 0.5),
};
const rounded = (values: Float32Array): number[] => Array.from(values, (value) => Math.round(value * 1000) / 1000);

test('as many columns as pixels are drawn as they are', () => {
  const columns = columnsOf(peaks, { from: 0, to: 4 }, 4);
  expect(rounded(columns.max)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(rounded(columns.min)).toEqual([-0.1, -0.2, -0.3, -0.4]);
});

test('more columns than pixels: the extremes stay, RMS is that of both', () => {
  const columns = columnsOf(peaks, { from: 0, to: 4 }, 2);
  expect(rounded(columns.max)).toEqual([0.2, 0.4]);
  expect(rounded(columns.rms)).toEqual([0.354, 0.354]);
});

test('peaks of another window serve as far as they reach', () => {
  const columns = columnsOf(peaks, { from: 3, to: 5 }, 4);
  expect(rounded(columns.max)).toEqual([0.4, 0.4, Number.NaN, Number.NaN]);
});
