import { expect, test } from 'vitest';
import { Bridge } from './bridge.ts';

/** A sine of `hz` at 8 kHz. */
function sine(hz: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / 8000)));
}

test.each([100, 125, 160, 200, 400])('a tone of %i Hz goes on without a break', (hz) => {
  const whole = sine(hz, 800);
  const bridge = new Bridge(8000);
  // In packets of 20 ms, the last of which is missing.
  for (let at = 0; at < 480; at += 160) bridge.hear(whole, at, 160);
  const gap = new Int16Array(80);
  bridge.span(gap, 0, 80);
  // Within 10 ms the level is whole: the repeated period is the tone itself, where samples make up its period.
  for (let i = 0; i < 80; i++) expect(Math.abs(gap[i] - whole[480 + i])).toBeLessThan(700);
});

test('it is blended with what follows, and nothing is left of it after 4 ms', () => {
  const bridge = new Bridge(8000);
  bridge.hear(new Int16Array(400).fill(9000), 0, 400);
  bridge.span(new Int16Array(160), 0, 160);
  const after = new Int16Array(160);
  bridge.blend(after, 0, 160);
  // 20 ms into the gap the level is 0.8.
  expect(after[0]).toBeGreaterThan(6500);
  expect(after[31]).toBeLessThan(300);
  expect(after.subarray(32).every((sample) => sample === 0)).toBe(true);
  const again = new Int16Array(160);
  bridge.blend(again, 0, 160);
  expect(again.every((sample) => sample === 0)).toBe(true);
});

test('where little or nothing was heard before, the gap is silent', () => {
  for (const heard of [0, 1, 50]) {
    const bridge = new Bridge(8000);
    bridge.hear(sine(200, 400), 0, heard);
    const gap = new Int16Array(80).fill(1);
    bridge.span(gap, 0, 80);
    expect(gap.every((sample) => sample === 0)).toBe(true);
  }
});
