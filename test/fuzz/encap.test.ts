import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzEncapsulation } from './encap.fuzz.ts';

test('no payloads and no rules make the search for encapsulations throw or find what cannot be', () => {
  const random = new Random(1);
  expect(() => fuzzEncapsulation(() => random.unit(), 2000)).not.toThrow();
});
