import { expect, test } from 'vitest';
import { lineFeedAt, viewOf } from './scan.ts';

test('finds the first line feed wherever it stands, among octets that nearly are one', () => {
  // 0x0b and 0x8a are what a careless bit trick takes for a line feed; 0x00 and 0xff are its edges.
  const others = [0x0b, 0x8a, 0x00, 0xff, 0x09, 0x41];
  for (let length = 0; length <= 13; length++) {
    for (let place = 0; place <= length; place++) {
      for (const other of others) {
        const bytes = new Uint8Array(length + 6).fill(other);
        if (place < length) bytes[3 + place] = 0x0a;
        if (place + 2 < length) bytes[3 + place + 2] = 0x0a;
        expect(lineFeedAt(viewOf(bytes), 3, 3 + length)).toBe(3 + place);
      }
    }
  }
});

test('does not look past the end', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 0x0a);
  expect(lineFeedAt(viewOf(bytes), 0, 5)).toBe(5);
  expect(lineFeedAt(viewOf(bytes), 0, 6)).toBe(5);
});

test('a view follows the array it is asked for, and its place in a larger buffer', () => {
  const buffer = Uint8Array.of(9, 9, 0x0a, 7, 0x0a);
  const part = buffer.subarray(3);
  expect(lineFeedAt(viewOf(part), 0, part.length)).toBe(1);
  expect(lineFeedAt(viewOf(buffer), 0, buffer.length)).toBe(2);
});
