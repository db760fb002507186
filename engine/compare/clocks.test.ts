import { describe, expect, it } from 'vitest';
import { clockLine } from './clocks.ts';

describe('clockLine', () => {
  it('finds offset and drift below delays that only ever add', () => {
    const time: number[] = [];
    const delay: number[] = [];
    for (let i = 0; i < 3000; i++) {
      const at = i * 20;
      // Every seventh packet is as fast as can be; the others wait.
      time.push(at);
      delay.push(2500 + at * 50e-6 + (i % 7 === 0 ? 0 : (i * 37) % 23));
    }
    const { offsetMs, slope } = clockLine(time, delay);
    expect(offsetMs).toBeCloseTo(2500, 6);
    expect(slope * 1e6).toBeCloseTo(50, 6);
  });

  it('claims no drift of a few seconds', () => {
    expect(clockLine([0, 20, 9000], [5, 3, 9])).toEqual({ offsetMs: 3, slope: 0 });
  });

  it('a clock behind gives a negative offset', () => {
    expect(clockLine([0, 6000, 12_000], [-100, -100, -99])).toEqual({ offsetMs: -100, slope: 0 });
  });

  it('nothing gives a line through nothing', () => {
    expect(clockLine([], [])).toEqual({ offsetMs: 0, slope: 0 });
  });
});
