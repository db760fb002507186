import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { base64Of, hexOf, octetsOfBase64, octetsOfHex } from './octet-text.ts';

const samples = Array.from({ length: 70 }, (_, length) =>
  Uint8Array.from({ length }, (_octet, i) => (i * 73 + length * 31) & 0xff),
);

test('base64 both ways, as Node writes it', () => {
  for (const octets of samples) {
    const text = Buffer.from(octets).toString('base64');
    expect(base64Of(octets)).toBe(text);
    expect(octetsOfBase64(text)).toEqual(octets);
    expect(octetsOfBase64(text.replace(/=+$/, ''))).toEqual(octets);
  }
});

test('hexadecimal both ways, as Node writes it', () => {
  for (const octets of samples) {
    const text = Buffer.from(octets).toString('hex');
    expect(hexOf(octets)).toBe(text);
    expect(octetsOfHex(text.toUpperCase())).toEqual(octets);
  }
});

test('what is no such text is told', () => {
  expect(octetsOfBase64('A')).toBeNull();
  expect(octetsOfBase64('AB$=')).toBeNull();
  expect(octetsOfHex('abc')).toBeNull();
  expect(octetsOfHex('zz')).toBeNull();
});
