import { expect, it } from 'vitest';
import { fuzzReaders, readEveryCut } from './readers.fuzz.ts';

/** A generator with a seed, so that a failure comes again (xorshift32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}

it('reads small captures cut at every length', async () => {
  await expect(readEveryCut()).resolves.toBeUndefined();
});

it('reads broken captures', async () => {
  await expect(fuzzReaders(seeded(20260101), 3000)).resolves.toBeUndefined();
});
