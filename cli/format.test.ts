import { describe, expect, it } from 'vitest';
import {
  clockFor,
  countOf,
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  formatNumber,
  formatPercent,
} from './format.ts';
import { shortUri } from './sip-text.ts';

describe('numbers and times', () => {
  it.each([
    [null, 0, '–'],
    [1.25, 1, '1.3'],
    [-0.0001, 2, '0.00'],
    [Number.NaN, 0, '–'],
  ])('number %s with %i places', (value, digits, text) => {
    expect(formatNumber(value, digits)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.001, '<0.01'],
    [0.02, '0.02'],
    [1.38, '1.4'],
    [99.99, '99.9'],
    [100, '100'],
    [null, '–'],
  ])('%s per cent: some loss is never none, some packets are never no packets', (value, text) => {
    expect(formatPercent(value)).toBe(text);
  });

  it.each([
    [0, '0 octets'],
    [1, '1 octet'],
    [999, '999 octets'],
    [1234, '1.2 kB'],
    [999_950, '1.0 MB'],
    [392_146_415, '392 MB'],
  ])('%i octets', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.0204, '0.020 s'],
    [59.96, '60.0 s'],
    [119.6, '2 min 00 s'],
    [3600, '1 h 00 min'],
    [90_061, '1 d 1 h'],
  ])('%f seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes local time, rounded to milliseconds with its carry', () => {
    const time = new Date(2026, 10, 21, 13, 5, 9, 42).getTime() / 1000;
    expect(formatClock(time)).toBe('13:05:09.042');
    expect(formatClock(new Date(2026, 0, 1, 23, 59, 58, 999).getTime() / 1000 + 0.0006)).toBe('23:59:59.000');
    expect(formatDate(time)).toBe('2026-11-21');
  });

  it('writes the day only where the capture goes past midnight', () => {
    const evening = new Date(2026, 10, 21, 23, 59, 0).getTime() / 1000;
    expect(clockFor(evening, evening + 10)(evening)).toBe('23:59:00.000');
    expect(clockFor(evening, evening + 120)(evening + 120)).toBe('11-22 00:01:00.000');
    expect(clockFor(evening, evening + 120)(null)).toBe('–');
  });

  it('counts things', () => {
    expect([countOf(1, 'packet'), countOf(0, 'packet'), countOf(1234567, 'packet')]).toEqual([
      '1 packet',
      '0 packets',
      '1,234,567 packets',
    ]);
  });
});

describe('short URIs', () => {
  it.each([
    ['sip:alice@example.com:5060;transport=tcp', 'alice@example.com'],
    ['sips:bob:secret@[2001:db8::1]:5061', 'bob@[2001:db8::1]'],
    ['sip:10.0.0.1:5062', '10.0.0.1'],
    ['tel:+4930123456;phone-context=x', '+4930123456'],
    ['SIP:a@b?Subject=x', 'a@b'],
    [null, '–'],
  ])('%s', (uri, text) => {
    expect(shortUri(uri)).toBe(text);
  });
});
