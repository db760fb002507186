import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzSrtp } from './srtp.fuzz.ts';

test('no damaged packet makes SRTP throw or passes for an authentic one', () => {
  const random = new Random(1);
  expect(() => fuzzSrtp(() => random.unit(), 4000)).not.toThrow();
});
