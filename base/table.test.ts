import { describe, expect, it } from 'vitest';
import { Table } from './table.ts';

const SPEC = { small: 'u8', middle: 'u16', large: 'u32', real: 'f64', name: 'text' } as const;

function fill(table: Table<typeof SPEC>, value: number): number {
  const row = table.add();
  const c = table.columns;
  for (const column of [c.small, c.middle, c.large, c.real, c.name]) column.set(row, value);
  return row;
}

function valuesOf(table: Table<typeof SPEC>, row: number): number[] {
  const c = table.columns;
  return [c.small, c.middle, c.large, c.real, c.name].map((column) => column.get(row));
}

describe('Table', () => {
  it('numbers rows from 0 and begins each with zeros', () => {
    const table = new Table(SPEC);
    expect([table.add(), table.add(), table.count]).toEqual([0, 1, 2]);
    expect(valuesOf(table, 1)).toEqual([0, 0, 0, 0, 0]);
  });

  it('has a column of the width its kind says', () => {
    const table = new Table(SPEC);
    table.add();
    const c = table.columns;
    for (const column of [c.small, c.middle, c.large, c.name]) column.set(0, 0x1_2345_6789);
    c.real.set(0, 1.5);
    // Typed arrays keep the low bits.
    expect(valuesOf(table, 0)).toEqual([0x89, 0x6789, 0x2345_6789, 1.5, 0x2345_6789]);
  });

  it('truncate drops rows, and rows added again are zeros', () => {
    const table = new Table(SPEC);
    for (let i = 1; i <= 5; i++) fill(table, i);
    table.truncate(2);
    expect(table.count).toBe(2);
    expect(valuesOf(table, 1)).toEqual([2, 2, 2, 2, 2]);
    expect(table.add()).toBe(2);
    expect(valuesOf(table, 2)).toEqual([0, 0, 0, 0, 0]);
    expect(valuesOf(table, 4)).toEqual([0, 0, 0, 0, 0]);
  });

  it('truncate over the end of a chunk leaves nothing behind', () => {
    const table = new Table({ value: 'u16' });
    for (let i = 0; i < 70_000; i++) table.columns.value.set(table.add(), 1);
    table.truncate(10);
    for (let i = 10; i < 70_000; i++) table.add();
    let left = 0;
    for (let row = 0; row < table.count; row++) left += table.columns.value.get(row);
    expect(left).toBe(10);
  });

  it('counts the memory of all its columns', () => {
    const table = new Table(SPEC);
    expect(table.lengthBytes).toBe(0);
    fill(table, 1);
    const c = table.columns;
    const sum = [c.small, c.middle, c.large, c.real, c.name].reduce((all, column) => all + column.lengthBytes, 0);
    expect(table.lengthBytes).toBe(sum);
    expect(sum).toBeGreaterThan(0);
  });
});
