import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { formatEndpoint, formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from './addresses.ts';

function canonical(text: string): string | null {
  const bytes = parseIPv6(text);
  return bytes === null ? null : formatIPv6(bytes, 0);
}

describe('IPv6 text', () => {
  // RFC 5952 sections 2 and 4: the spellings it gives, and the one it wants.
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    // 4.2.1 as short as possible, 4.2.2 not for one group alone, 4.2.3 the longest run, the first of two.
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa'],
    // Section 5: what is known to hold an IPv4 address shows it.
    ['::ffff:c000:0201', '::ffff:192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7::8:9',
    'g::',
    '12345::',
  ])('%j is no address', (text) => {
    expect(isIPv6(text)).toBe(false);
    expect(parseIPv6(text)).toBeNull();
  });

  it('reads back what it writes, for addresses with zeros anywhere', () => {
    for (let mask = 0; mask < 256; mask++) {
      const bytes = new Uint8Array(20);
      for (let group = 0; group < 8; group++) if ((mask & (1 << group)) !== 0) bytes[2 + 2 * group + 1] = group + 1;
      const text = formatIPv6(bytes, 2);
      expect(isIPv6(text)).toBe(true);
      expect(parseIPv6(text)).toEqual(bytes.slice(2, 18));
    }
  });
});

describe('IPv4 text', () => {
  it.each([
    [0, '0.0.0.0'],
    [0x0a00_0001, '10.0.0.1'],
    [0xc000_02ff, '192.0.2.255'],
    [0xffff_ffff, '255.255.255.255'],
  ])('%i is %s, both ways', (address, text) => {
    expect(formatIPv4(address)).toBe(text);
    expect(parseIPv4(text)).toBe(address);
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.-4', '1.2.3.4 ', 'a.b.c.d', '1..2.3', '0x1.2.3.4'])(
    '%j is no address',
    (text) => {
      expect(isIPv4(text)).toBe(false);
      expect(parseIPv4(text)).toBe(-1);
    },
  );
});

describe('formatEndpoint', () => {
  it('puts brackets around IPv6 (RFC 3986 3.2.2)', () => {
    expect(formatEndpoint('10.0.0.1', 5060)).toBe('10.0.0.1:5060');
    expect(formatEndpoint('2001:db8::1', 5060)).toBe('[2001:db8::1]:5060');
  });
});
