import { describe, expect, test } from 'vitest';
import { PEAK_CHUNK, PeakPyramid, peaksOfSamples } from './peaks.ts';

/** Two channels side by side, from a generator with a fixed seed; the second is quiet for its middle third. */
function noise(frames: number): Int16Array {
  const samples = new Int16Array(frames * 2);
  let state = 12345;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const frame = i >> 1;
    const isQuiet = i % 2 === 1 && frame > frames / 3 && frame < (2 * frames) / 3;
    samples[i] = isQuiet ? 0 : ((state >>> 16) - 32768) >> (frame % 5);
  }
  return samples;
}

/** Smallest, largest and RMS of channel `channel` over frames `from … to`, the plain way. */
function brute(samples: Int16Array, channel: number, from: number, to: number): [number, number, number] {
  let [min, max, squares] = [Infinity, -Infinity, 0];
  for (let frame = from; frame < to; frame++) {
    const value = samples[frame * 2 + channel] / 32768;
    min = Math.min(min, value);
    max = Math.max(max, value);
    squares += value * value;
  }
  return [min, max, Math.sqrt(squares / (to - from))];
}

const FRAMES = PEAK_CHUNK + 70_003;
const samples = noise(FRAMES);

function pyramid(channel: number, mostSpans?: number): PeakPyramid {
  const made = new PeakPyramid(FRAMES, mostSpans);
  // The last chunk first: they come in any order.
  for (const at of [PEAK_CHUNK, 0]) {
    made.add(samples, at * 2 + channel, 2, at, Math.min(PEAK_CHUNK, FRAMES - at));
  }
  return made;
}

describe('columns made of spans', () => {
  test.each([
    [0, 0, 1024, 4],
    [1, 4096, 4096 + 256 * 100, 100],
    [0, 0, 65536 * 5, 5],
    [1, PEAK_CHUNK - 4096, PEAK_CHUNK + 4096, 8],
  ])('channel %i, %i … %i in %i columns: exact where columns begin with a span', (channel, from, to, columns) => {
    const peaks = pyramid(channel).columns(from, to, columns);
    const width = (to - from) / columns;
    for (let column = 0; column < columns; column++) {
      const at = from + column * width;
      const [min, max, rms] = brute(samples, channel, at, at + width);
      expect(peaks?.min[column]).toBe(Math.fround(min));
      expect(peaks?.max[column]).toBe(Math.fround(max));
      expect(peaks?.rms[column]).toBeCloseTo(rms, 5);
    }
  });

  test('anywhere else a column holds at most a quarter of its width of its neighbour', () => {
    const [from, to, columns] = [1234.5, 300_001.25, 777];
    const peaks = pyramid(0).columns(from, to, columns);
    const width = (to - from) / columns;
    for (let column = 0; column < columns; column++) {
      const at = from + column * width;
      const [min, max] = brute(samples, 0, Math.ceil(at), Math.floor(at + width * 0.75));
      const [least, most] = brute(samples, 0, Math.floor(at - width / 4), Math.ceil(at + width));
      expect(peaks?.min[column]).toBeLessThanOrEqual(min);
      expect(peaks?.max[column]).toBeGreaterThanOrEqual(max);
      expect(peaks?.min[column]).toBeGreaterThanOrEqual(least);
      expect(peaks?.max[column]).toBeLessThanOrEqual(most);
    }
  });

  test('the whole in one column, the short end included', () => {
    const [min, max, rms] = brute(samples, 0, 0, FRAMES);
    for (const to of [FRAMES, 4 * PEAK_CHUNK]) {
      const peaks = pyramid(0).columns(0, to, 1);
      expect([peaks?.min[0], peaks?.max[0]]).toEqual([Math.fround(min), Math.fround(max)]);
      expect(peaks?.rms[0]).toBeCloseTo(rms, 5);
    }
  });

  test('nothing is drawn outside the audio, and too narrow columns need samples', () => {
    const peaks = pyramid(0).columns(-4096, 0, 4);
    expect([...(peaks?.max ?? [])]).toEqual([0, 0, 0, 0]);
    expect(pyramid(0).columns(0, 255, 1)).toBeNull();
    expect(pyramid(0, 100).narrowest).toBeGreaterThan(64);
  });
});

test('columns made of samples', () => {
  const peaks = peaksOfSamples(samples, 1, 2, 0, 10.5, 110.5, 10);
  for (let column = 0; column < 10; column++) {
    const [min, max, rms] = brute(samples, 1, 11 + column * 10, 21 + column * 10);
    expect([peaks.min[column], peaks.max[column]]).toEqual([Math.fround(min), Math.fround(max)]);
    expect(peaks.rms[column]).toBeCloseTo(rms, 6);
  }
  // Narrower than a sample: the sample it lies in. From the middle of the audio, and beyond its end.
  const close = peaksOfSamples(Int16Array.of(100, 200, 300), 0, 1, 50, 50, 54, 8);
  expect([...close.max].map((value) => value * 32768)).toEqual([100, 100, 200, 200, 300, 300, 0, 0]);
});

test('runs of quiet', () => {
  const runs = pyramid(1).quietRuns(0.001, 1000, 256);
  expect(runs.length).toBe(1);
  expect(Math.abs(runs[0].from - FRAMES / 3)).toBeLessThanOrEqual(256);
  expect(Math.abs(runs[0].to - (2 * FRAMES) / 3)).toBeLessThanOrEqual(256);
  expect(pyramid(0).quietRuns(0.001, 1000, 256)).toEqual([]);
});
