import { expect, test } from 'vitest';
import { BurstGap, type BurstGapFigures } from './burst-gap.ts';

/** `.` is a packet received, `x` one that was not; `12.` is twelve. */
function figuresOf(trace: string): BurstGapFigures {
  const take = new BurstGap();
  for (const [, count, kind] of trace.matchAll(/(\d*)([.x])/g)) {
    for (let i = 0; i < Number(count || 1); i++) {
      if (kind === 'x') take.missed();
      else take.received();
    }
  }
  return take.figures();
}

test('nothing missed is one gap', () => {
  expect(figuresOf('100.')).toEqual({
    bursts: 0,
    burstDensityPercent: null,
    gapDensityPercent: 0,
    burstPackets: null,
    gapPackets: 100,
    longestRun: 0,
    burstRatio: null,
  });
});

test('losses with sixteen received between them are isolated, with fifteen they are a burst', () => {
  expect(figuresOf('20.x16.x20.')).toMatchObject({ bursts: 0, gapDensityPercent: 200 / 58, gapPackets: 58 });
  const burst = figuresOf('20.x15.x20.');
  expect(burst).toMatchObject({ bursts: 1, burstPackets: 17, gapPackets: 20, gapDensityPercent: 0 });
  expect(burst.burstDensityPercent).toBeCloseTo(200 / 17, 9);
});

test('two bursts and an isolated loss between them, worked out by hand', () => {
  // 10 | xx.x (4, 3 missed) | 40 with one isolated (20 . x 19 .) | xxxx (4) | 30
  const figures = figuresOf('10.xx.x20.x19.xxxx30.');
  expect(figures).toMatchObject({ bursts: 2, burstPackets: 4, longestRun: 4 });
  expect(figures.burstDensityPercent).toBeCloseTo((7 * 100) / 8, 9);
  expect(figures.gapPackets).toBeCloseTo((10 + 40 + 30) / 3, 9);
  expect(figures.gapDensityPercent).toBeCloseTo(100 / 80, 9);
  // Runs of 2, 1, 1, 4: mean 2; 8 of 88 missed.
  expect(figures.burstRatio).toBeCloseTo(2 * (1 - 8 / 88), 9);
});

test('a burst at either end leaves no gap there', () => {
  expect(figuresOf('xx30.xx')).toMatchObject({ bursts: 2, burstPackets: 2, gapPackets: 30 });
  expect(figuresOf('xxx')).toMatchObject({
    bursts: 1,
    gapPackets: null,
    gapDensityPercent: null,
    burstDensityPercent: 100,
  });
});

test('a run told at once is the same as packet by packet', () => {
  const take = new BurstGap();
  for (let i = 0; i < 10; i++) take.received();
  take.missed(5);
  for (let i = 0; i < 10; i++) take.received();
  expect(take.figures()).toEqual(figuresOf('10.5x10.'));
});

test('random loss has a burst ratio near 1', () => {
  const take = new BurstGap();
  let state = 12_345;
  for (let i = 0; i < 200_000; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (state / 2 ** 32 < 0.05) take.missed();
    else take.received();
  }
  expect(take.figures().burstRatio).toBeCloseTo(1, 1);
});
