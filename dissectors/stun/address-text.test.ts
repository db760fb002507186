import { expect, test } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { formatEndpoint, formatIPv6 } from '../../engine/store/addresses.ts';
import { AddressText } from './address-text.ts';

function textOf(hex: string): string {
  const text = new AddressText();
  text.append(new Octets(octetsOfHex(hex.replace(/\s/g, '')) ?? new Uint8Array(0)), 0, -1);
  return text.toString();
}

test.each([
  ['0001 0fa0 0a000001', '10.0.0.1:4000'],
  ['0001 0000 ffffffff', '255.255.255.255:0'],
  ['0002 ffff 20010db8000000000000000000000001', '[2001:db8::1]:65535'],
  ['0002 0001 00000000000000000000000000000000', '[::]:1'],
  ['0002 0001 00000000000000000000ffff0a000001', '[::ffff:10.0.0.1]:1'],
  ['0002 0001 20010000000000010000000000000001', '[2001:0:0:1::1]:1'],
])('%s is %s', (hex, text) => {
  expect(textOf(hex)).toBe(text);
});

test('writes IPv6 as the engine does, whichever groups are zero', () => {
  for (let zeros = 0; zeros < 256; zeros++) {
    const bytes = new Uint8Array(20);
    bytes.set([0, 2, 0x12, 0x34]);
    for (let group = 0; group < 8; group++) {
      if ((zeros & (1 << group)) === 0) bytes.set([group * 16, group + 1], 4 + 2 * group);
    }
    const text = new AddressText();
    text.append(new Octets(bytes), 0, -1);
    expect(text.toString()).toBe(formatEndpoint(formatIPv6(bytes, 4), 0x1234));
  }
});

test('joins several by a space, and leaves out what there is no room for', () => {
  const bytes = new Octets(octetsOfHex('00010fa00a000001') ?? new Uint8Array(0));
  const text = new AddressText();
  const strings = new StringTable();
  text.append(bytes, 0, -1);
  text.append(bytes, 0, -1);
  expect(strings.text(text.intern(strings))).toBe('10.0.0.1:4000 10.0.0.1:4000');
  for (let i = 0; i < 1000; i++) text.append(bytes, 0, -1);
  expect(text.toString()).toMatch(/^(10\.0\.0\.1:4000 ){50,}10\.0\.0\.1:4000$/);
  expect(text.clear().intern(strings)).toBe(0);
});
