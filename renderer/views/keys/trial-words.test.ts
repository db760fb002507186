import { expect, test } from 'vitest';
import type { KeyTrial } from '../../../shared/engine-api.ts';
import { trialWords } from './trial-words.ts';

function trial(tried: number, authenticated: number, error: string | null = null): KeyTrial {
  const stream = { stream: 's1', ssrc: '0x1', src: '10.0.0.1:4000', dst: '10.0.0.2:4000' };
  const streams = [{ ...stream, tried, authenticated }];
  return { error, field: error === null ? null : 'key', streams, tried, authenticated };
}

test('what a trial came to', () => {
  expect(trialWords(trial(1556, 1556), true)).toEqual({
    text: '1\u202f556 of 1\u202f556 packets authenticate.',
    severity: 'ok',
  });
  expect(trialWords(trial(16, 1), true)).toEqual({ text: '1 of 16 packets authenticates.', severity: 'ok' });
  const others = trial(211, 211);
  others.streams.push({ ...others.streams[0], stream: 's2', tried: 16, authenticated: 0 });
  expect(trialWords({ ...others, tried: 227 }, true)?.text).toBe('211 of 211 packets authenticate.');
  expect(trialWords(trial(8, 0), true)).toEqual({
    text: 'Authentication failed on 8 packets tried.',
    severity: 'error',
  });
  expect(trialWords(trial(0, 0), true)?.severity).toBe('note');
  expect(trialWords(trial(0, 0), false)?.text).toContain('from now on');
  expect(trialWords(trial(0, 0, 'The key is neither base64 nor hexadecimal.'), true)).toBeNull();
});
