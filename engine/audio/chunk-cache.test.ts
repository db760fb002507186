import { describe, expect, test } from 'vitest';
import { ChunkCache } from './chunk-cache.ts';

const chunk = (samples: number): Int16Array => new Int16Array(samples);

describe('decoded samples that are kept', () => {
  test('what was used longest ago goes first, and a look is a use', () => {
    const cache = new ChunkCache(300);
    for (const key of ['a', 'b', 'c']) cache.set(key, chunk(50));
    expect(cache.get('a')?.length).toBe(50);
    cache.set('d', chunk(50));
    expect(['a', 'b', 'c', 'd'].map((key) => cache.has(key))).toEqual([true, false, true, true]);
    expect(cache.get('b')).toBeNull();
  });

  test('the same key again is counted once', () => {
    const cache = new ChunkCache(300);
    cache.set('a', chunk(50));
    for (let round = 0; round < 10; round++) cache.set('b', chunk(100));
    expect([cache.has('a'), cache.has('b')]).toEqual([true, true]);
  });

  test('the newest stays though it is over the cap alone', () => {
    const cache = new ChunkCache(100);
    cache.set('a', chunk(10));
    cache.set('b', chunk(1000));
    expect([cache.has('a'), cache.has('b')]).toEqual([false, true]);
    cache.set('c', chunk(1));
    expect([cache.has('b'), cache.has('c')]).toEqual([false, true]);
  });
});
