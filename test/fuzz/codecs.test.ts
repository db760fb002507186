import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzCodecs, fuzzRuns } from './codecs.fuzz.ts';

test('no payload, however hostile, breaks a decoder', async () => {
  const random = new Random(5);
  await expect(fuzzCodecs(() => random.unit(), 2000)).resolves.toBeUndefined();
});

test('nor what is decoded in runs, in a thread beside', async () => {
  const random = new Random(6);
  await expect(fuzzRuns(() => random.unit(), 60)).resolves.toBeUndefined();
});
