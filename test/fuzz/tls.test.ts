import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzTls } from './tls.fuzz.ts';

test('no damaged record makes TLS or DTLS throw or show what is not there', () => {
  const random = new Random(1);
  expect(() => fuzzTls(() => random.unit(), 1000)).not.toThrow();
});
