import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzSecure } from './secure.fuzz.ts';

test('no damage to encrypted connections breaks anything where their secrets are known', async () => {
  const random = new Random(21);
  await expect(fuzzSecure(() => random.unit(), 300)).resolves.toBeUndefined();
});
