import { describe, expect, test } from 'vitest';
import { ClockSkew } from './clock-skew.ts';
import { FixedBuffer } from './late-rule.ts';

/** Queueing delay that is never below 0, from a fixed seed. */
function noise(most: number): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) ** 3 * most;
  };
}

describe('clock skew', () => {
  test.each([0, 200, -150])('of %d ppm is found under jitter', (ppm) => {
    const skew = new ClockSkew();
    const jitter = noise(20);
    for (let i = 0; i < 3000; i++) skew.add((i * 20) / (1 + ppm / 1e6) + jitter(), i * 20);
    expect(skew.ppm).not.toBeNull();
    expect(Math.abs((skew.ppm ?? 0) - ppm)).toBeLessThan(5);
  });

  test('is not told of less than ten seconds', () => {
    const skew = new ClockSkew();
    for (let i = 0; i < 400; i++) skew.add(i * 20, i * 20);
    expect(skew.ppm).toBeNull();
  });

  test('is that of the longest stretch on one time base', () => {
    const skew = new ClockSkew();
    for (let i = 0; i < 600; i++) skew.add(i * 20, i * 20);
    for (let i = 600; i < 2600; i++) skew.add(i * 20.002, i * 20 + 90_000);
    expect(skew.ppm).toBeCloseTo(-100, 0);
  });
});

describe('a buffer of 60 ms', () => {
  const lates = (delays: readonly number[]): number[] => {
    const buffer = new FixedBuffer();
    return delays.flatMap((delay, i) => (buffer.isLate(i * 20 + delay, i * 20) ? [i] : []));
  };

  test('plays what is delayed by up to 60 ms more than the first packet', () => {
    expect(lates([5, 5, 65, 66, 5, 125])).toEqual([3, 5]);
  });

  test('plays what is sent early, in bundles', () => {
    // Thirteen packets at once every 260 ms: they wait.
    expect(lates(Array.from({ length: 130 }, (_, i) => -20 * (i % 13)))).toEqual([]);
  });

  test('begins anew after a second of nothing but late packets', () => {
    const late = lates(Array.from({ length: 200 }, (_, i) => (i < 10 ? 0 : 70)));
    expect(late).toEqual(Array.from({ length: 50 }, (_, i) => 10 + i));
  });

  test('begins anew on a new time base', () => {
    expect(lates([0, 0, 9000, 9000, 9070])).toEqual([4]);
    expect(lates([0, 0, -9000, -9000, -8930])).toEqual([4]);
  });
});
