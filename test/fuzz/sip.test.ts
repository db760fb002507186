import { expect, test } from 'vitest';
import { fuzzSip } from './sip.fuzz.ts';

/** Numbers that look random and are the same in every run (Park and Miller). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

test('damaged SIP and SDP never throw, and stay inside the octets they were given', () => {
  expect(() => fuzzSip(sequence(20_261_121), 500)).not.toThrow();
});
