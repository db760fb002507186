import { expect, test } from 'vitest';
import { DESIGNED, windowStateFrom } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };

test('a window comes back where it was', () => {
  const kept = { x: 100, y: 50, width: 1200, height: 800, isMaximized: false };
  expect(windowStateFrom(kept, [screen])).toEqual(kept);
});

test('a window on a monitor that is gone keeps its size alone', () => {
  const kept = { x: 2500, y: 50, width: 1200, height: 800, isMaximized: true };
  expect(windowStateFrom(kept, [screen])).toEqual({ width: 1200, height: 800, isMaximized: true });
  expect(windowStateFrom({ ...kept, x: 100, y: -300 }, [screen])).not.toHaveProperty('x');
});

test('anything else is the designed size', () => {
  for (const kept of [undefined, null, 'x', { x: 1 }, { x: 0, y: 0, width: '9', height: 1, isMaximized: false }]) {
    expect(windowStateFrom(kept, [screen])).toEqual(DESIGNED);
  }
});

test('a window is never too small to use', () => {
  const state = windowStateFrom({ x: 0, y: 0, width: 10, height: 10, isMaximized: false }, [screen]);
  expect(state).toMatchObject({ width: 960, height: 600 });
});
