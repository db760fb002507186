import { expect, test } from 'vitest';
import { parseTime } from './parse-time.ts';

// 2026-11-20 14:30:02.118 UTC
const start = Date.UTC(2026, 10, 20, 14, 30, 2, 118) / 1000;

test('seconds count from the start of the capture', () => {
  expect(parseTime('+12.5', start, 'utc')).toBeCloseTo(start + 12.5, 6);
  expect(parseTime('0', start, 'utc')).toBe(start);
});

test('a time of day is that of the capture', () => {
  expect(parseTime('14:32:08.4', start, 'utc')).toBeCloseTo(Date.UTC(2026, 10, 20, 14, 32, 8, 400) / 1000, 3);
  expect(parseTime('14:30', start, 'utc')).toBe(Date.UTC(2026, 10, 20, 14, 30) / 1000);
});

test('a time of day before the start is on the next day', () => {
  expect(parseTime('02:00', start, 'utc')).toBe(Date.UTC(2026, 10, 21, 2) / 1000);
});

test('anything else is no time', () => {
  for (const text of ['', 'now', '25:00', '14:60', '14:30:61', '-3']) expect(parseTime(text, start, 'utc')).toBeNull();
});
