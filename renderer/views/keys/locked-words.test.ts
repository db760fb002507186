import { expect, test } from 'vitest';
import type { StreamEncryption } from '../../../shared/api.ts';
import { isLocked, lockedSuite, lockedTitle } from './locked-words.ts';

function stream(change: Partial<StreamEncryption>): StreamEncryption {
  return {
    suite: null,
    keySource: null,
    decrypted: 0,
    authenticated: 0,
    failed: 0,
    replayed: 0,
    state: 'no-key',
    advice: null,
    ...change,
  };
}

const dtls = stream({ keySource: 'dtls', suite: 'AES_CM_128_HMAC_SHA1_80' });

test('what is the case, for one and for several', () => {
  expect(lockedTitle([dtls])).toBe('This stream has no key: add a key log.');
  expect(lockedTitle([dtls, dtls])).toBe('These 2 streams have no key: add a key log.');
  expect(lockedTitle([dtls, stream({})])).toBe('These 2 streams have no key: enter it, or add a key log.');
  expect(lockedTitle([stream({ state: 'failed' })])).toBe('No key at hand opens this stream.');
  expect(lockedTitle([stream({ state: 'suspected' })])).toContain('most likely encrypted');
});

test('how, where it is the same', () => {
  expect(lockedSuite([dtls, dtls])).toBe('DTLS-SRTP, AES_CM_128_HMAC_SHA1_80.');
  expect(lockedSuite([dtls, stream({})])).toBe('');
  expect(lockedSuite([stream({})])).toBe('');
});

test('an opened stream is not locked, one in clear neither', () => {
  expect(isLocked(dtls)).toBe(true);
  expect(isLocked(stream({ state: 'opened' }))).toBe(false);
  expect(isLocked(null)).toBe(false);
});
