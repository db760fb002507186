import { expect, test } from 'vitest';
import type { AudioLane } from '../../shared/engine-api.ts';
import { hitMark } from './hit-mark.ts';
import type { ShownMark } from './marks.ts';
import type { PlayerState } from './player-state.ts';

function mark(kind: ShownMark['kind'], at: number, seconds = 0): ShownMark {
  return { kind, at, seconds, label: kind, count: 1, packet: 1 };
}

/** 10 s … 20 s on 1000 px: 100 px a second. */
function hit(marks: ShownMark[], x: number, hidden: ShownMark['kind'][] = []): ShownMark | null {
  // Of the player's state only these are looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a whole state would say nothing more
  const lane = { channel: 0, marks } as unknown as AudioLane;
  const shown = { window: { from: 10, to: 20 }, hidden: new Set(hidden), plan: { lanes: [lane] }, found: {} };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return hitMark(shown as unknown as PlayerState, x, 0, 1000);
}

test('a mark is hit on it and up to five pixels beside it', () => {
  const loss = mark('loss', 12, 0.5);
  expect([194, 195, 200, 250, 255, 256].map((x) => hit([loss], x) !== null)).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(hit([mark('loss', 9.98)], 0)).not.toBeNull();
});

test('the nearest is meant, and what lies under the pointer before what is near', () => {
  const [first, second] = [mark('digit', 12), mark('digit', 12.06)];
  expect(hit([first, second], 202)).toBe(first);
  expect(hit([first, second], 204)).toBe(second);
  expect(hit([mark('loss', 11, 0.98), second], 205)).toBe(second);
});

test('what is hidden and silences are not hit', () => {
  expect(hit([mark('late', 12)], 200, ['late'])).toBeNull();
  expect(hit([mark('silence', 11, 3)], 200)).toBeNull();
  expect(hit([], 200)).toBeNull();
});
