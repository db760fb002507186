import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzEsp } from './esp.fuzz.ts';

test('no damage to ESP breaks anything where keys open it', async () => {
  const random = new Random(23);
  await expect(fuzzEsp(() => random.unit(), 200)).resolves.toBeUndefined();
});
