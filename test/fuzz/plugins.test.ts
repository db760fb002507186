import { afterAll, expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { endPlugins, fuzzPlugins } from './plugins.fuzz.ts';

afterAll(endPlugins);

test('no octets make a worked plugin fail or show what is not there', async () => {
  const random = new Random(1);
  await expect(fuzzPlugins(() => random.unit(), 500)).resolves.toBeUndefined();
});
