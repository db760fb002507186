import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzStun } from './stun.fuzz.ts';

test('no damaged message makes the STUN dissector throw or show what is not there', () => {
  const random = new Random(1);
  expect(() => fuzzStun(() => random.unit(), 2000)).not.toThrow();
});
