/** Rows as text for the clipboard. */
import type { GridColumn } from './column.ts';
import { nameOf } from './column.ts';

/** A line a row, cells parted by tabs; tabs and line ends inside a cell become spaces. */
export function rowsAsText<Row>(columns: readonly GridColumn<Row>[], rows: readonly Row[]): string {
  return cellsOf(columns, rows)
    .map((cells) => cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
}

/** RFC 4180: a header, then the rows, each ended by CR LF; what holds a comma, a quote or a line end is quoted. */
export function rowsAsCsv<Row>(columns: readonly GridColumn<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(nameOf), ...cellsOf(columns, rows)];
  return lines.map((cells) => `${cells.map(csvField).join(',')}\r\n`).join('');
}

export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function rowsAsJson(rows: readonly unknown[]): string {
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function cellsOf<Row>(columns: readonly GridColumn<Row>[], rows: readonly Row[]): string[][] {
  return rows.map((row, at) => columns.map((column) => column.text(row, { before: rows[at - 1] })));
}
