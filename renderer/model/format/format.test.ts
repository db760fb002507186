import { expect, test } from 'vitest';
import { countOf, formatBytes, formatCount, formatNumber, formatPercent } from './numbers.ts';
import { formatClock, formatDate, formatDuration, formatSeconds, formatTime, timeUnit } from './times.ts';

test('numbers have fixed decimals, and unknown is a dash', () => {
  expect(formatNumber(1.25, 1)).toBe('1.3');
  expect(formatNumber(1.005, 2)).toBe('1.01');
  expect(formatNumber(3, 2)).toBe('3.00');
  expect(formatNumber(-0.01, 1)).toBe('0.0');
  expect(formatNumber(-1.26, 1)).toBe('-1.3');
  expect(formatNumber(1e-9, 2)).toBe('0.00');
  expect([null, Number.NaN, Infinity].map((value) => formatNumber(value, 1))).toEqual(['—', '—', '—']);
});

test('thousands are parted by a narrow no-break space', () => {
  expect(formatCount(48213)).toBe('48\u202f213');
  expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
  expect(formatCount(999)).toBe('999');
  expect(formatCount(-1000)).toBe('-1\u202f000');
  expect(countOf(1, 'packet')).toBe('1 packet');
  expect(countOf(2, 'entry', 'entries')).toBe('2 entries');
});

test('a loss is never rounded away', () => {
  expect([0, 0.001, 0.05, 3.14, 99.99, 100, null].map(formatPercent)).toEqual([
    '0.0',
    '<0.1',
    '0.1',
    '3.1',
    '>99.9',
    '100',
    '—',
  ]);
});

test('sizes in powers of ten', () => {
  expect([1, 940, 1000, 31_800_000, 99_960_000, 999_600_000, 2_100_000_000].map(formatBytes)).toEqual([
    '1 byte',
    '940 bytes',
    '1.0 kB',
    '31.8 MB',
    '100 MB',
    '1.0 GB',
    '2.1 GB',
  ]);
});

test('clock times are rounded as a whole', () => {
  const time = Date.UTC(2026, 10, 21, 14, 59, 59) / 1000;
  expect(formatClock(time + 0.446, 'utc')).toBe('14:59:59.446');
  expect(formatClock(time + 0.9996, 'utc')).toBe('15:00:00.000');
  expect(formatClock(time + 0.446207, 'utc', 6)).toBe('14:59:59.446\u202f207');
  expect(formatClock(time + 0.4, 'utc', 0)).toBe('14:59:59');
  expect(formatClock(null, 'utc')).toBe('—');
  expect(formatClock(1e300, 'utc')).toBe('—');
  expect(formatDate(time, 'utc')).toBe('2026-11-21');
});

test('every millisecond of a second comes back as it was', () => {
  const time = 1_795_225_453;
  for (let ms = 0; ms < 1000; ms++) {
    const iso = new Date(time * 1000 + ms).toISOString();
    expect(formatClock(time + ms / 1000, 'utc')).toBe(iso.slice(11, 23));
  }
});

test('spans keep their decimals and sign', () => {
  expect(formatSeconds(48.208961, 6)).toBe('48.208\u202f961');
  expect(formatSeconds(0.9999, 3)).toBe('1.000');
  expect(formatSeconds(-0.0021, 3)).toBe('-0.002');
  expect(formatSeconds(-0.0001, 3)).toBe('0.000');
});

test('a row is timed against the clock, the start or the row before', () => {
  const zone = 'utc';
  expect(formatTime(100.5, 100, { format: 'absolute', zone, start: 90 })).toBe('00:01:40.500');
  expect(formatTime(100.5, 100, { format: 'since-start', zone, start: 90 })).toBe('10.500');
  expect(formatTime(100.5, 100, { format: 'since-previous', zone, start: 90 })).toBe('0.500');
  expect(formatTime(100.5, null, { format: 'since-previous', zone, start: 90 })).toBe('—');
  expect(timeUnit({ format: 'since-start', zone, start: null })).toBe('s');
});

test('durations by their size', () => {
  expect([1.5, 12.34, 59.97, 125, 7380].map(formatDuration)).toEqual([
    '1.500 s',
    '12.3 s',
    '1 min 00 s',
    '2 min 05 s',
    '2 h 03 min',
  ]);
});
