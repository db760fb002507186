import { describe, expect, it } from 'vitest';
import { extendSequence, extendTimestamp, sequenceStep, timestampStep } from './sequence.ts';

describe('serial number arithmetic', () => {
  it.each([
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, -1],
    [65_535, 0, 1],
    [0, 65_535, -1],
    [65_000, 200, 736],
    [0, 32_767, 32_767],
    // Half the range either way is undefined in RFC 1982; here it is the negative one.
    [0, 32_768, -32_768],
    [40_000, 7232, -32_768],
  ])('sequenceStep(%i, %i) is %i', (from, to, step) => {
    expect(sequenceStep(from, to)).toBe(step);
  });

  it.each([
    [0, 160, 160],
    [0xffffff60, 0, 160],
    [0, 0xffffff60, -160],
    [0x7fffffff, 0x80000000, 1],
    [0, 0x7fffffff, 0x7fffffff],
    [0, 0x80000000, -0x80000000],
  ])('timestampStep(%i, %i) is %i', (from, to, step) => {
    expect(timestampStep(from, to)).toBe(step);
  });

  it('extendSequence counts on over several wraps, and back over one', () => {
    let extended = 65_530;
    for (let i = 1; i <= 200_000; i++) {
      extended = extendSequence(extended, (65_530 + i) & 0xffff);
      if (extended !== 65_530 + i) break;
    }
    expect(extended).toBe(265_530);
    expect(extendSequence(65_536, 65_535)).toBe(65_535);
    expect(extendSequence(65_540, 65_530)).toBe(65_530);
    // Before the first number of all.
    expect(extendSequence(2, 65_534)).toBe(-2);
    expect(extendSequence(-2, 3)).toBe(3);
  });

  it('extendTimestamp does the same for 32 bits, far past 2^32', () => {
    const start = 3 * 2 ** 32 - 80;
    expect(extendTimestamp(start, 80)).toBe(3 * 2 ** 32 + 80);
    expect(extendTimestamp(3 * 2 ** 32 + 80, 0xffffffb0)).toBe(start);
    expect(extendTimestamp(0, 0xffffffff)).toBe(-1);
    expect(extendTimestamp(-1, 1)).toBe(1);
    expect(extendTimestamp(2 ** 31, 2 ** 31 + 5)).toBe(2 ** 31 + 5);
  });
});
