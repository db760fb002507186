import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzAudio } from './audio.fuzz.ts';

test('no stream, however hostile, breaks the way to PCM', () => {
  const random = new Random(5);
  expect(() => fuzzAudio(() => random.unit(), 2000)).not.toThrow();
});
