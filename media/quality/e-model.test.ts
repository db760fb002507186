import { describe, expect, test } from 'vitest';
import {
  burstRatioToUse,
  effectiveImpairment,
  mosOfRating,
  narrowbandDefaults,
  pureDelayImpairment,
  rate,
} from './e-model.ts';

const PERFECT = { model: 'G.107', ie: 0, bpl: 25.1, lossPercent: 0, burstRatio: 1, delayMs: null } as const;

describe('the default connection', () => {
  test('has the parts and the rating that G.107 section 7.7 gives', () => {
    const { ro, is, id } = narrowbandDefaults(0);
    expect(ro).toBeCloseTo(94.77, 2);
    expect(is).toBeCloseTo(1.41, 2);
    expect(id).toBeCloseTo(0.15, 2);
    const { r, mos } = rate(PERFECT);
    expect(r).toBeCloseTo(93.2, 1);
    expect(mos).toBeCloseTo(4.41, 2);
  });

  test('of the wideband model is rated 129, its best opinion', () => {
    const { r, mos } = rate({ ...PERFECT, model: 'G.107.1' });
    expect(r).toBe(129);
    expect(mos).toBe(4.5);
  });
});

test.each([
  [90, 4.34],
  [80, 4.03],
  [70, 3.6],
  [60, 3.1],
  [50, 2.58],
  [0, 1],
  [-20, 1],
  [100, 4.5],
  [120, 4.5],
])('R %d is MOS %d (G.107 table B.1)', (r, mos) => {
  expect(Math.abs(mosOfRating(r, 'G.107') - mos)).toBeLessThan(0.01);
});

test('no opinion is below 1', () => {
  for (let r = -10; r < 110; r += 0.25) {
    expect(mosOfRating(r, 'G.107')).toBeGreaterThanOrEqual(1);
    expect(mosOfRating(r, 'G.107')).toBeLessThanOrEqual(4.5);
  }
});

// Tables I.2 and I.3 of G.113 appendix I (09/1999): subjective tests that the formula was fitted to, within 2 points.
test.each([
  ['G.729A + VAD', 11, 19, 2, 19],
  ['G.729A + VAD', 11, 19, 8, 36],
  ['G.729A + VAD', 11, 19, 16, 49],
  ['GSM-EFR', 5, 10, 5, 33],
  ['G.711 with concealment', 0, 25.1, 10, 25],
])('%s: Ie,eff at %d %% loss', (_name, ie, bpl, loss, published) => {
  expect(Math.abs(effectiveImpairment(ie, bpl, loss, 1) - published)).toBeLessThan(2.3);
});

test('loss in bursts impairs more: 2 % from a Gilbert channel with BurstR 2', () => {
  expect(effectiveImpairment(0, 4.3, 2, 2)).toBeCloseTo(35.8, 1);
  expect(effectiveImpairment(0, 4.3, 2, 1)).toBeCloseTo(30.2, 1);
  expect(effectiveImpairment(0, 25.1, 2, 2)).toBeCloseTo(7.3, 1);
});

describe('delay', () => {
  test('alone costs nothing up to 100 ms, then by equation 7-28', () => {
    expect(pureDelayImpairment(100)).toBe(0);
    // X = 1: 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
    expect(pureDelayImpairment(200)).toBeCloseTo(3.044, 3);
    expect(pureDelayImpairment(400)).toBeGreaterThan(pureDelayImpairment(200));
  });

  test('with the talker echo of a good telephone: 150 ms cost 3.8 points', () => {
    expect(narrowbandDefaults(150).id).toBeCloseTo(3.8, 1);
  });

  test('G.729A with 2 % loss and 150 ms is rated 70.5, MOS 3.62', () => {
    const { r, mos } = rate({ model: 'G.107', ie: 11, bpl: 19, lossPercent: 2, burstRatio: 1, delayMs: 150 });
    expect(Math.abs(r - 70.5)).toBeLessThan(0.1);
    expect(mos).toBeCloseTo(3.62, 2);
  });
});

// Ie,wb of G.113 table IV.1, by equations 7-1, A-1 and A-2 of G.107.1.
test.each([
  [1, 4.494],
  [8, 4.4206],
  [13, 4.3371],
  [41, 3.5123],
])('wideband: Ie %d is MOS %d', (ie, mos) => {
  expect(rate({ ...PERFECT, model: 'G.107.1', ie, bpl: null }).mos).toBeCloseTo(mos, 3);
});

test('a rating does not leave its scale', () => {
  expect(rate({ ...PERFECT, bpl: 4.3, lossPercent: 100, delayMs: 2000 })).toMatchObject({ r: 0, mos: 1 });
});

test('the burst ratio is used as far as it was checked', () => {
  expect(burstRatioToUse(1.7, 25.1, 5)).toBe(1.7);
  expect(burstRatioToUse(4, 25.1, 5)).toBe(2);
  expect(burstRatioToUse(4, 25.1, 1)).toBe(4);
  expect(burstRatioToUse(4, 10, 5)).toBe(1);
  expect(burstRatioToUse(0.5, 25.1, 5)).toBe(1);
  expect(burstRatioToUse(Number.NaN, 25.1, 5)).toBe(1);
});
