import { expect, test } from 'vitest';
import type { GridColumn } from './column.ts';
import { rowsOfRanges } from './copy-rows.ts';
import { csvField, rowsAsCsv, rowsAsJson, rowsAsText } from './copy-text.ts';
import type { RowSource } from './row-source.ts';

interface Word {
  readonly a: string;
  readonly b: string;
}
const columns: readonly GridColumn<Word>[] = [
  { id: 'a', title: 'A', unit: 'ms', width: 10, text: ({ a }) => a },
  { id: 'b', title: 'B, of all', width: 10, text: ({ b }, { before }) => `${before === undefined ? '' : '+'}${b}` },
];

// RFC 4180 section 2, rules 5 to 7: "b CRLF bb", "ccc" and "b""bb" are its own examples.
test('CSV quotes as RFC 4180 does', () => {
  expect(csvField('aaa')).toBe('aaa');
  expect(csvField('b\r\nbb')).toBe('"b\r\nbb"');
  expect(csvField('b"bb')).toBe('"b""bb"');
  expect(csvField('a,b')).toBe('"a,b"');
  expect(csvField('')).toBe('');
});

test('CSV has a header and ends every line', () => {
  expect(rowsAsCsv(columns, [{ a: '1', b: 'x,y' }])).toBe('A ms,"B, of all"\r\n1,"x,y"\r\n');
});

test('text has tabs between cells only', () => {
  const rows = [
    { a: 'one\ttwo', b: 'x\r\ny' },
    { a: 'z', b: 'w' },
  ];
  expect(rowsAsText(columns, rows)).toBe('one two\tx y\nz\t+w');
});

test('JSON is the rows themselves', () => {
  const rows = [{ a: '"', b: '\u0000' }];
  expect(JSON.parse(rowsAsJson(rows))).toEqual(rows);
});

function counted(length: number): { source: RowSource<number>; asked: [number, number][] } {
  const asked: [number, number][] = [];
  const source: RowSource<number> = {
    key: 'numbers',
    page: (from, count) => {
      asked.push([from, count]);
      const rows = Array.from({ length: Math.max(0, Math.min(count, length - from)) }, (_, at) => from + at);
      return Promise.resolve({ total: length, unfiltered: length, rows, isGrowing: false });
    },
    place: () => Promise.resolve(-1),
  };
  return { source, asked };
}

test('selected rows are fetched in pages, in order, no more than allowed', async () => {
  const { source, asked } = counted(10_000);
  const { signal } = new AbortController();
  const ranges = [
    { from: 3, to: 3 },
    { from: 10, to: 2509 },
  ];
  const rows = await rowsOfRanges(source, ranges, signal, 1200);
  expect(rows.slice(0, 3)).toEqual([3, 10, 11]);
  expect(rows).toHaveLength(1200);
  expect(asked).toEqual([
    [3, 1],
    [10, 1000],
    [1010, 199],
  ]);
});

test('a list that became shorter ends the copy', async () => {
  const { source } = counted(5);
  const rows = await rowsOfRanges(source, [{ from: 0, to: 99 }], new AbortController().signal);
  expect(rows).toEqual([0, 1, 2, 3, 4]);
});
