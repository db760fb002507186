import { expect, test } from 'vitest';
import { rampOf } from './paint-spectrogram.ts';

const colourOf = (ramp: Uint32Array, level: number): number[] => [
  ...new Uint8Array(ramp.buffer).subarray(level * 4, level * 4 + 4),
];

test('colours go from stop to stop, and stay before the first and after the last', () => {
  const ramp = rampOf([
    [40, '#000000'],
    [140, '#64c800'],
    [240, '#ffffff'],
  ]);
  expect(colourOf(ramp, 0)).toEqual([0, 0, 0, 255]);
  expect(colourOf(ramp, 40)).toEqual([0, 0, 0, 255]);
  expect(colourOf(ramp, 90)).toEqual([50, 100, 0, 255]);
  expect(colourOf(ramp, 140)).toEqual([100, 200, 0, 255]);
  expect(colourOf(ramp, 240)).toEqual([255, 255, 255, 255]);
  expect(colourOf(ramp, 255)).toEqual([255, 255, 255, 255]);
});
