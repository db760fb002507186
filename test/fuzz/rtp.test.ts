import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzRtp } from './rtp.fuzz.ts';

test('no damaged packet makes the RTP dissectors throw or show what is not there', () => {
  const random = new Random(1);
  expect(() => fuzzRtp(() => random.unit(), 2000)).not.toThrow();
});
