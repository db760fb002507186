import { expect, test } from 'vitest';
import { levelOf } from './level.ts';

test('levels of a sine, of silence and of one channel', () => {
  const sine = Int16Array.from({ length: 8000 }, (_, i) => Math.round(16384 * Math.sin((2 * Math.PI * i) / 80)));
  expect(levelOf(sine).peakDbfs).toBeCloseTo(-6.02, 2);
  expect(levelOf(sine).rmsDbfs).toBeCloseTo(-9.03, 2);
  expect(levelOf(new Int16Array(10))).toEqual({ peakDbfs: -Infinity, rmsDbfs: -Infinity });
  const stereo = Int16Array.of(0, -32768, 0, -32768);
  expect(levelOf(stereo, 0, 4, 2).peakDbfs).toBe(-Infinity);
  expect(levelOf(stereo, 1, 4, 2)).toEqual({ peakDbfs: 0, rmsDbfs: 0 });
});
