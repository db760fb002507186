import { describe, expect, it } from 'vitest';
import { type Column, F64Column, U8Column, U16Column, U32Column } from './columns.ts';

const KINDS: readonly (readonly [string, () => Column, number, number])[] = [
  // name, maker, largest value, octets a row
  ['U8Column', () => new U8Column(), 0xff, 1],
  ['U16Column', () => new U16Column(), 0xffff, 2],
  ['U32Column', () => new U32Column(), 0xffffffff, 4],
  ['F64Column', () => new F64Column(), Number.MAX_SAFE_INTEGER, 8],
];

/** By octets of a value. */
const arrays: Readonly<Record<number, (count: number) => Uint8Array | Uint16Array | Uint32Array | Float64Array>> = {
  1: (count) => new Uint8Array(count),
  2: (count) => new Uint16Array(count),
  4: (count) => new Uint32Array(count),
  8: (count) => new Float64Array(count),
};

describe.each(KINDS)('%s', (_name, make, largest, octets) => {
  it('gives back what was set, and 0 elsewhere', () => {
    const column = make();
    expect(column.get(0)).toBe(0);
    column.set(0, largest);
    column.set(1, 1);
    column.set(100_000, 7);
    expect([0, 1, 2, 99_999, 100_000, 100_001, 5_000_000].map((row) => column.get(row))).toEqual([
      largest,
      1,
      0,
      0,
      7,
      0,
      0,
    ]);
  });

  it('keeps every row over the ends of its chunks', () => {
    const column = make();
    const rows = 200_003;
    for (let row = 0; row < rows; row++) column.set(row, (row * 7) & 0xff);
    let wrong = 0;
    for (let row = 0; row < rows; row++) if (column.get(row) !== ((row * 7) & 0xff)) wrong++;
    expect(wrong).toBe(0);
  });

  it('takes no memory for zeros, and bounded memory for one value far away', () => {
    const column = make();
    for (const row of [0, 1, 70_000, 1_000_000]) column.set(row, 0);
    expect(column.lengthBytes).toBe(0);
    column.set(1_000_000, 1);
    expect(column.lengthBytes).toBeGreaterThanOrEqual(octets);
    expect(column.lengthBytes).toBeLessThanOrEqual(octets * 65_536);
    expect(column.get(999_999)).toBe(0);
  });

  it('does not share what is written with other columns', () => {
    const [one, other] = [make(), make()];
    one.set(5, 0);
    other.set(5, 0);
    one.set(5, 9);
    expect(other.get(5)).toBe(0);
    other.set(40_000, 0);
    expect([one.get(5), other.get(5)]).toEqual([9, 0]);
  });

  it('gives rows one after the other, and rows in any order, zeros where nothing was set', () => {
    const column = make();
    const value = (row: number): number => (row >= 32_000 && row < 70_000 ? row % 251 : 0);
    for (let row = 32_000; row < 70_000; row++) column.set(row, value(row));
    const run = arrays[octets](50_000);
    column.read(30_000, 45_000, run);
    expect(run.findIndex((each, i) => each !== (i < 45_000 ? value(30_000 + i) : 0))).toBe(-1);
    const rows = Uint32Array.of(1, 69_999, 32_768, 32_767, 65_536, 32_768, 900_000, 40_000);
    const some = arrays[octets](rows.length).fill(9);
    column.gather(rows, some, 1, 7);
    expect([...some]).toEqual([9, ...[...rows].slice(1, 7).map(value), 9]);
  });

  it('takes runs of values, over the ends of its chunks and over what was there', () => {
    const column = make();
    const values = Uint32Array.from({ length: 100_000 }, (_, i) => (i * 13) & 0xff);
    expect(column.get(20_000)).toBe(0);
    column.set(25_000, 77);
    column.set(120_011, 78);
    column.copyFrom(20_001, values, 5, 100_000 - 5);
    let wrong = 0;
    for (let i = 5; i < 100_000; i++) if (column.get(20_001 - 5 + i) !== values[i]) wrong++;
    expect(wrong).toBe(0);
    expect([column.get(20_000), column.get(20_001 + 99_995), column.get(120_011)]).toEqual([0, 0, 78]);
    column.copyFrom(20_001, values, 0, 0);
    expect(column.get(20_001)).toBe(values[5]);
  });

  it('a value can go back to 0', () => {
    const column = make();
    column.set(3, largest);
    column.set(3, 0);
    expect(column.get(3)).toBe(0);
  });
});

describe('F64Column', () => {
  it('keeps fractions and offsets past 2^32', () => {
    const column = new F64Column();
    column.set(0, 0.1);
    column.set(1, 2 ** 40 + 1);
    expect([column.get(0), column.get(1)]).toEqual([0.1, 1_099_511_627_777]);
  });
});
