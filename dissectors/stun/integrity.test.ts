import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hexOf, octetsOfHex } from '../../base/octet-text.ts';
import { Octets } from '../../base/octets.ts';
import { dissectOnce } from '../testing/fake-context.ts';
import { integrityInput, integrityValue, longTermKeyText } from './integrity.ts';
import { type StunSampleName, stunSamples } from './samples.ts';
import { stun } from './stun.ts';

function sample(name: StunSampleName): Uint8Array {
  return octetsOfHex(stunSamples[name].replace(/\s/g, '')) ?? new Uint8Array(0);
}

const SHORT_TERM = 'VOkJxbRl1RmTxUk/WvJxBt';
const LONG_TERM = longTermKeyText('マトリックス', 'example.org', 'TheMatrIX');

test.each([
  ['request', SHORT_TERM],
  ['responseIPv4', SHORT_TERM],
  ['responseIPv6', SHORT_TERM],
  ['longTerm', createHash('md5').update(LONG_TERM).digest()],
] as const)('MESSAGE-INTEGRITY of %s (RFC 5769)', (name, key) => {
  const bytes = sample(name);
  const at = Number(dissectOnce(stun, bytes).rows[0]?.integrityAt);
  const message = new Octets(bytes);
  const hmac = createHmac('sha1', key).update(integrityInput(message, at)).digest();
  expect(hexOf(hmac)).toBe(hexOf(integrityValue(message, at)));
});

test('MESSAGE-INTEGRITY-SHA256 (RFC 8489, appendix B.1)', () => {
  const bytes = sample('longTermSha256');
  const at = Number(dissectOnce(stun, bytes).rows[0]?.integritySha256At);
  const message = new Octets(bytes);
  const key = createHash('sha256').update(LONG_TERM).digest();
  const input = integrityInput(message, at);
  expect(hexOf(input.subarray(0, 4))).toBe('00010088');
  // The example was made with the length of the whole message.
  input[3] = 0x9c;
  const hmac = createHmac('sha256', key).update(input).digest();
  expect(hexOf(hmac)).toBe(hexOf(integrityValue(message, at)));
});

test('the same inside a frame, the message being two octets in', () => {
  const plain = sample('request');
  const framed = Uint8Array.from([0, plain.length, ...plain]);
  const at = Number(dissectOnce(stun, framed, { transport: 'tcp' }).rows[0]?.integrityAt);
  expect(at).toBe(78);
  expect(integrityInput(new Octets(framed, 2), at - 2)).toEqual(integrityInput(new Octets(plain), 76));
});

test('RFC 3489 fills what is hashed to blocks of 64', () => {
  const head = '00010018 0f0e0d0c b7e7a701bc34d686fa87dfae';
  const bytes = octetsOfHex(`${head} 00080014 ${'00'.repeat(20)}`.replace(/\s/g, '')) ?? new Uint8Array(0);
  const input = integrityInput(new Octets(bytes), 20);
  expect(hexOf(input)).toBe(`${head.replace(/\s/g, '')}${'00'.repeat(44)}`);
});

test('an attribute that is not there gives nothing', () => {
  expect(integrityInput(new Octets(sample('request')), 0).length).toBe(0);
  expect(integrityInput(new Octets(sample('request')), 106).length).toBe(0);
});
