import { expect, it } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { convertEveryCut, fuzzContainers } from './containers.fuzz.ts';

it('reads small files of every kind cut at every length', async () => {
  await expect(convertEveryCut()).resolves.toBeUndefined();
});

it('reads broken files', async () => {
  const random = new Random(20260102);
  await expect(fuzzContainers(() => random.unit(), 3000)).resolves.toBeUndefined();
});
