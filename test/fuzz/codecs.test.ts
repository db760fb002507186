import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzCodecs } from './codecs.fuzz.ts';

test('no payload, however hostile, breaks a decoder', async () => {
  const random = new Random(5);
  await expect(fuzzCodecs(() => random.unit(), 2000)).resolves.toBeUndefined();
});
