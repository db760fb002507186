import { expect, test } from 'vitest';
import { PROFILE_NAMES, suiteByName, suiteByProfile, SUITES } from './suites.ts';

// Lengths as RFC 4568 section 6.2, RFC 6188 section 4 and RFC 7714 section 12 give them.
test.each([
  ['AES_CM_128_HMAC_SHA1_80', 'aes-cm', 16, 14, 10, 10],
  ['AES_CM_128_HMAC_SHA1_32', 'aes-cm', 16, 14, 4, 10],
  ['F8_128_HMAC_SHA1_80', 'aes-f8', 16, 14, 10, 10],
  ['AES_192_CM_HMAC_SHA1_32', 'aes-cm', 24, 14, 4, 10],
  ['AES_256_CM_HMAC_SHA1_80', 'aes-cm', 32, 14, 10, 10],
  ['AEAD_AES_128_GCM', 'aes-gcm', 16, 12, 16, 16],
  ['AEAD_AES_256_GCM', 'aes-gcm', 32, 12, 16, 16],
])('%s', (name, cipher, keyBytes, saltBytes, rtpTagBytes, rtcpTagBytes) => {
  expect(suiteByName(name)).toEqual({ name, cipher, keyBytes, saltBytes, rtpTagBytes, rtcpTagBytes });
});

test('every suite is found by its name, in any case', () => {
  for (const suite of SUITES) expect(suiteByName(` ${suite.name.toLowerCase()}`)).toBe(suite);
});

test.each([
  ['SRTP_AES128_CM_SHA1_80', 'AES_CM_128_HMAC_SHA1_80'],
  ['SRTP_AES128_CM_HMAC_SHA1_32', 'AES_CM_128_HMAC_SHA1_32'],
  ['aes-cm-256-hmac-sha1-80', 'AES_256_CM_HMAC_SHA1_80'],
  ['SRTP_AEAD_AES_256_GCM', 'AEAD_AES_256_GCM'],
  ['null_cipher_hmac_sha1_80', 'NULL_HMAC_SHA1_80'],
])('%s is %s', (written, name) => {
  expect(suiteByName(written)?.name).toBe(name);
});

test.each(['', 'AES', 'constructor', 'toString', '__proto__', 'AES_CM_128_HMAC_SHA1_81'])('%j is none', (name) => {
  expect(suiteByName(name)).toBeNull();
});

test('profiles of DTLS-SRTP', () => {
  const names = [1, 2, 5, 6, 7, 8].map((id) => suiteByProfile(id)?.name);
  expect(names).toEqual([
    'AES_CM_128_HMAC_SHA1_80',
    'AES_CM_128_HMAC_SHA1_32',
    'NULL_HMAC_SHA1_80',
    'NULL_HMAC_SHA1_32',
    'AEAD_AES_128_GCM',
    'AEAD_AES_256_GCM',
  ]);
  // ARIA has a name and cannot be opened; 3 was never assigned.
  expect([PROFILE_NAMES.get(0x0b), suiteByProfile(0x0b), PROFILE_NAMES.get(3), suiteByProfile(3)]).toEqual([
    'SRTP_ARIA_128_CTR_HMAC_SHA1_80',
    null,
    undefined,
    null,
  ]);
});
