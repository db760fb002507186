import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzFilter } from './filter.fuzz.ts';

test('made-up filters are read or refused', () => {
  const random = new Random(20);
  expect(() => fuzzFilter(() => random.unit(), 3000)).not.toThrow();
});
