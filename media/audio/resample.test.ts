import { expect, test } from 'vitest';
import { Resampler } from './resample.ts';

const AMPLITUDE = 20_000;

/** A tone of `hz` converted, `count` samples from `outAt` on. */
function convertTone(hz: number, inRate: number, outRate: number, outAt: number, count: number): Int32Array {
  const resampler = new Resampler(inRate, outRate);
  const from = resampler.inputFrom(outAt);
  const to = resampler.inputTo(outAt + count);
  const input = Int16Array.from({ length: to - from }, (_, i) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * (from + i)) / inRate)),
  );
  const sum = new Int32Array(count);
  resampler.addTo(sum, input, from, outAt, count);
  return sum;
}

/** Decibels by which the tone stands above everything that is not the tone it should be. */
function signalToNoise(hz: number, inRate: number, outRate: number): number {
  const out = convertTone(hz, inRate, outRate, 12_345, 8000);
  let signal = 0;
  let noise = 0;
  out.forEach((sample, i) => {
    const ideal = AMPLITUDE * Math.sin((2 * Math.PI * hz * (12_345 + i)) / outRate);
    signal += ideal * ideal;
    noise += (sample - ideal) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

test('equal rates pass every sample', () => {
  const sum = new Int32Array(3);
  new Resampler(8000, 8000).addTo(sum, Int16Array.of(9, -32768, 32767, 5), 99, 100, 3);
  expect([...sum]).toEqual([-32768, 32767, 5]);
});

test('a tone in the speech band stays the tone it is, in place and level', () => {
  for (const [inRate, outRate] of [
    [8000, 16000],
    [8000, 48000],
    [16000, 48000],
    [8000, 44100],
    [11025, 48000],
  ]) {
    for (const hz of [300, 1000, 2500, 3200]) {
      expect(signalToNoise(hz, inRate, outRate), `${hz} Hz, ${inRate} to ${outRate}`).toBeGreaterThan(60);
    }
  }
});

test('going down, what the lower rate cannot hold is gone', () => {
  expect(signalToNoise(1000, 48000, 8000)).toBeGreaterThan(60);
  for (const hz of [4500, 7000, 20_000]) {
    const loudest = convertTone(hz, 48000, 8000, 500, 4000).reduce((most, sample) => Math.max(most, Math.abs(sample)));
    expect(20 * Math.log10(loudest / AMPLITUDE)).toBeLessThan(-60);
  }
});

test('rates with nothing in common are converted by the nearest phase', () => {
  expect(signalToNoise(1000, 8000, 47_999)).toBeGreaterThan(55);
});

test('a constant stays that constant', () => {
  const resampler = new Resampler(8000, 44100);
  const from = resampler.inputFrom(0);
  const input = new Int16Array(resampler.inputTo(1000) - from).fill(-12_345);
  const sum = new Int32Array(1000);
  resampler.addTo(sum, input, from, 0, 1000);
  expect(new Set(sum)).toEqual(new Set([-12_345]));
});
