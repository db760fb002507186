import { expect, test } from 'vitest';
import { SUITES } from '../../../media/srtp/suites.ts';
import { lengthsText, SUITE_CHOICES } from './srtp-suites.ts';

test('the suites of the dialog are those of the engine', () => {
  const engine = SUITES.map(({ name, keyBytes, saltBytes }) => ({ name, keyBytes, saltBytes }));
  expect(SUITE_CHOICES).toEqual(engine);
});

// RFC 4568 section 6.1: 30 octets, 40 characters of base64. RFC 7714 section 14.2: 44 octets.
test('what to type', () => {
  const textOf = (name: string): string => lengthsText(SUITE_CHOICES.filter((suite) => suite.name === name)[0]);
  expect(textOf('AES_CM_128_HMAC_SHA1_80')).toBe(
    '16 octets of key and 14 of salt: together 40 characters of base64 or 60 of hexadecimal.',
  );
  expect(textOf('AEAD_AES_256_GCM')).toContain('together 60 characters of base64 or 88 of hexadecimal');
});
