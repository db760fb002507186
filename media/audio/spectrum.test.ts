import { expect, test } from 'vitest';
import { Spectrum, SPECTRUM_FLOOR_DB } from './spectrum.ts';

const dbOf = (octet: number): number => SPECTRUM_FLOOR_DB * (1 - octet / 255);

function spectrumOf(
  samples: Int16Array,
  rate: number,
  channel = 0,
  channels = 1,
): { column: Uint8Array; rows: number } {
  const spectrum = new Spectrum(rate);
  const column = new Uint8Array(spectrum.rows);
  spectrum.raise(samples, channel, channels, column, 0);
  return { column, rows: spectrum.rows };
}

const loudest = (column: Uint8Array): number => column.indexOf(Math.max(...column));

test.each([
  [8000, 256, 128],
  [16_000, 512, 256],
  [48_000, 2048, 256],
])('at %d Hz a window has %d samples and %d rows', (rate, size, rows) => {
  expect(new Spectrum(rate)).toMatchObject({ size, rows });
});

test.each([
  [8000, 1000, 1],
  [8000, 3500, 0.1],
  [48_000, 12_000, 0.01],
])('at %d Hz a sine of %d Hz is in its row, at its level', (rate, hertz, amplitude) => {
  const sine = Int16Array.from({ length: 2048 }, (_, i) =>
    Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );
  const { column, rows } = spectrumOf(sine, rate);
  expect(loudest(column)).toBe(Math.round((hertz / (rate / 2)) * rows));
  expect(dbOf(Math.max(...column))).toBeCloseTo(20 * Math.log10(amplitude), 0);
});

test('is what the definition of the Fourier transform says, bin by bin', () => {
  let seed = 1;
  const noise = Int16Array.from({ length: 256 }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return (seed / 2147483648 - 0.5) * 40_000;
  });
  const { column } = spectrumOf(noise, 8000);
  for (let bin = 0; bin < 128; bin++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 256; i++) {
      const value = noise[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 256));
      re += value * Math.cos((2 * Math.PI * bin * i) / 256);
      im -= value * Math.sin((2 * Math.PI * bin * i) / 256);
    }
    const db = 20 * Math.log10(Math.hypot(re, im) / (32_768 * 64));
    expect(Math.abs(dbOf(column[bin]) - db)).toBeLessThan(0.3);
  }
});

test('one channel of several; silence is the floor, and what was louder stays', () => {
  const tone = Int16Array.from({ length: 512 }, (_, i) => (i % 2 === 0 ? 0 : 20_000 * Math.sin(i / 3)));
  expect(Math.max(...spectrumOf(tone, 8000, 0, 2).column)).toBe(0);
  expect(Math.max(...spectrumOf(tone, 8000, 1, 2).column)).toBeGreaterThan(200);
  const spectrum = new Spectrum(8000);
  const column = new Uint8Array(128).fill(9);
  spectrum.raise(new Int16Array(10), 0, 1, column, 0);
  expect(new Set(column)).toEqual(new Set([9]));
});
