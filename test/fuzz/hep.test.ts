import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzHep } from './hep.fuzz.ts';

test('no damaged message makes the HEP dissector throw or show what is not there', () => {
  const random = new Random(1);
  expect(() => fuzzHep(() => random.unit(), 2000)).not.toThrow();
});
