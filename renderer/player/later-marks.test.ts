import { expect, test } from 'vitest';
import type { AudioPlan } from '../../shared/engine-api.ts';
import type { AudioQuality } from '../../shared/quality.ts';
import { clippingMarks, measuredIds } from './later-marks.ts';

const plan = {
  startTime: 100,
  sampleRate: 8000,
  lanes: [
    { call: 'c1', streams: ['s1'] },
    { call: 'c1', streams: ['s2'] },
    { call: null, streams: ['s5'] },
  ],
  // Of a plan only these are looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a whole plan would say nothing more
} as unknown as AudioPlan;

test('a call is measured once for both of its sides, a stream without one by itself', () => {
  expect(measuredIds(plan)).toEqual(['c1', 's5']);
});

test('clipping is marked on the lane of its stream, at its time of the capture', () => {
  const side = (stream: string, at: number) => ({ stream, clipping: { count: 1, places: [{ at, samples: 16 }] } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const measured = { startTime: 101.5, sides: [side('s2', 2), side('s9', 3)] } as unknown as AudioQuality;
  const marks = clippingMarks(plan, [measured, null]);
  expect(marks.map(({ length }) => length)).toEqual([0, 1, 0]);
  expect(marks[1][0]).toMatchObject({ kind: 'clipping', at: 3.5, seconds: 0.002, label: '16 samples at full scale' });
});
