import { expect, test } from 'vitest';
import { clampTop, LONGEST_SCROLL, scrollMap, scrollOf, topOf, topShowing } from './scroll-map.ts';

const ROW = 22;
const VIEW = 880;

test('the scroll bar never becomes longer than Chromium lays out', () => {
  // 2^31 / 64 px.
  expect(LONGEST_SCROLL).toBeLessThan(33_554_428);
  expect(scrollMap(100_000_000, ROW, VIEW).scrollLength).toBe(LONGEST_SCROLL);
});

test('a short list moves a px for a px', () => {
  const map = scrollMap(1000, ROW, VIEW);
  expect(map.isExact).toBe(true);
  expect(topOf(map, 1234)).toBe(1234);
  expect(scrollOf(map, 1234)).toBe(1234);
  expect(topOf(map, 1e9)).toBe(1000 * ROW - VIEW);
});

test('both ends of a long list are reached exactly', () => {
  const rows = 3_200_000;
  const map = scrollMap(rows, ROW, VIEW);
  expect(topOf(map, 0)).toBe(0);
  expect(topOf(map, map.maxScroll)).toBe(rows * ROW - VIEW);
  expect(scrollOf(map, map.maxTop)).toBe(map.maxScroll);
});

test('what the scroll bar is told to, it says again, to less than a px of its own', () => {
  const map = scrollMap(3_200_000, ROW, VIEW);
  for (let row = 0; row < 3_200_000; row += 9973) {
    const scroll = scrollOf(map, row * ROW);
    expect(Math.abs(scrollOf(map, topOf(map, scroll)) - scroll)).toBeLessThanOrEqual(1);
    // A px of the bar stands for less than three of the rows.
    expect(Math.abs(topOf(map, scroll) - clampTop(map, row * ROW))).toBeLessThan(3);
  }
});

test('an empty list and one shorter than the view stay at 0', () => {
  for (const rows of [0, 1, 40]) {
    const map = scrollMap(rows, ROW, VIEW);
    expect(topOf(map, 500)).toBe(0);
    expect(scrollOf(map, 500)).toBe(0);
  }
});

test('a row comes into sight by as little as is needed, or in the middle', () => {
  const map = scrollMap(1000, ROW, VIEW);
  expect(topShowing(map, 220, 10, ROW, VIEW, 'nearest')).toBe(220);
  expect(topShowing(map, 220, 9, ROW, VIEW, 'nearest')).toBe(198);
  expect(topShowing(map, 220, 50, ROW, VIEW, 'nearest')).toBe(50 * ROW + ROW - VIEW);
  expect(topShowing(map, 0, 500, ROW, VIEW, 'centre')).toBe(500 * ROW - (VIEW - ROW) / 2);
  expect(topShowing(map, 5000, 0, ROW, VIEW, 'centre')).toBe(0);
});
