import { expect, test } from 'vitest';
import { gainOf, type LaneSound } from './audio-graph.ts';

const lane = (change: Partial<LaneSound> = {}): LaneSound => ({
  isMuted: false,
  isSolo: false,
  gain: 1,
  ear: 'both',
  ...change,
});

test('a muted lane is silent, also alone', () => {
  expect(gainOf(lane({ isMuted: true, isSolo: true }), [lane({ isMuted: true, isSolo: true })])).toBe(0);
});

test('solo silences the others and leaves itself as loud as it was', () => {
  const solo = lane({ isSolo: true, gain: 1.5 });
  const other = lane();
  expect(gainOf(solo, [solo, other])).toBe(1.5);
  expect(gainOf(other, [solo, other])).toBe(0);
  expect(gainOf(other, [other, other])).toBe(1);
});
