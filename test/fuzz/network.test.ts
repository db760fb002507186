import { expect, it } from 'vitest';
import { fuzzNetwork } from './network.fuzz.ts';

/** mulberry32: small, seeded, good enough to vary inputs. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

it('puts any order of fragments and segments together, and survives anything', () => {
  expect(() => fuzzNetwork(seeded(1), 3000)).not.toThrow();
});
