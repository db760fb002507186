import { expect, test } from 'vitest';
import { type ManualKey, parseManualKey, parseManualKeyInput } from './manual-key.ts';

/** RFC 4568 section 9.2's example: 30 octets. */
const BASE64 = 'PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR';
const HEX = Buffer.from(BASE64, 'base64').toString('hex');
const suite = 'AES_CM_128_HMAC_SHA1_80';

function parsed(text: string): ManualKey {
  const key = parseManualKey(text);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

test('a key without a scope is for anybody', () => {
  const key = parsed(`${suite}:${BASE64}`);
  expect(key.scope).toEqual({ ssrc: null, endpoint: null, call: null });
  expect(key.suite.name).toBe(suite);
  expect(Buffer.from(key.masterKey).toString('hex')).toBe(HEX.slice(0, 32));
  expect(Buffer.from(key.masterSalt).toString('hex')).toBe(HEX.slice(32));
});

test('scopes: SSRC, address of either family, call', () => {
  expect(parsed(`0x1234ABCD=${suite}:${BASE64}`).scope.ssrc).toBe(0x1234abcd);
  expect(parsed(`305441741=${suite}:${BASE64}`).scope.ssrc).toBe(305_441_741);
  expect(parsed(`10.0.0.1:4000=${suite}:${BASE64}`).scope.endpoint).toBe('10.0.0.1:4000');
  expect(parsed(`[2001:DB8::1]:4000=${suite}:${BASE64}`).scope.endpoint).toBe('[2001:db8::1]:4000');
  expect(parsed(`call:c7=${suite}:${BASE64}`).scope.call).toBe('c7');
  expect(parsed(`call:a=b@host=${suite}:${BASE64}`).scope.call).toBe('a=b@host');
});

test('hexadecimal, other spellings of the suite, inline:', () => {
  const plain = parsed(`${suite}:${BASE64}`);
  expect(parsed(`${suite}:${HEX}`)).toEqual(plain);
  const input = { scope: '', suite: 'srtp_aes128_cm_sha1_80', key: `inline:${BASE64}`, salt: '' };
  expect(parseManualKeyInput(input)).toEqual(plain);
  expect(parseManualKeyInput({ ...input, key: HEX.replace(/../g, '$& ') })).toEqual(plain);
});

test('key and salt apart', () => {
  const apart = { scope: '', suite, key: HEX.slice(0, 32), salt: Buffer.from(HEX.slice(32), 'hex').toString('base64') };
  expect(parseManualKeyInput(apart)).toEqual(parsed(`${suite}:${BASE64}`));
});

test('what is wrong is said of the field', () => {
  const input = { scope: '', suite, key: BASE64, salt: '' };
  expect(parseManualKeyInput({ ...input, scope: 'two words' })).toMatchObject({ field: 'scope' });
  expect(parseManualKeyInput({ ...input, suite: 'AES' })).toMatchObject({ field: 'suite' });
  expect(parseManualKeyInput({ ...input, key: '$$' })).toMatchObject({ field: 'key' });
  const short = parseManualKeyInput({ ...input, key: BASE64.slice(0, 32) });
  expect(short).toMatchObject({ field: 'key', error: expect.stringContaining('30 octets') as unknown });
  expect(short).toMatchObject({ error: expect.stringContaining('these are 24') as unknown });
  expect(parseManualKeyInput({ ...input, key: HEX.slice(0, 32), salt: 'AAAA' })).toMatchObject({ field: 'salt' });
  expect(parseManualKey('nonsense')).toMatch(/^a key is written as/);
});
