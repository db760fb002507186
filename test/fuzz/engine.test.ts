import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzEngine } from './engine.fuzz.ts';

test('no damaged capture makes the engine throw, or say what is not there', async () => {
  const random = new Random(11);
  await expect(fuzzEngine(() => random.unit(), 400)).resolves.toBeUndefined();
});
