import type { Page } from './page.ts';
import { fitText, padText, safeText, textWidth } from './safe-text.ts';
import type { Tone } from './style.ts';

export interface Column<R> {
  readonly header: string;
  readonly align?: 'left' | 'right';
  readonly value: (row: R) => string;
  readonly tone?: (row: R) => Tone;
  /** Gives way first where a terminal is too narrow, down to this many columns. */
  readonly shrinkTo?: number;
  /** Left out where no row has anything in it. Only for tables that fit into the sample. */
  readonly optional?: boolean;
}

/** Rows that decide how wide the columns are; a longer value further on pushes its line out. */
const SAMPLE_ROWS = 1000;
const GAP = '  ';
const EMPTY = new Set(['', '–']);

/** Writes a table as its rows come, and gives how many there were; a table without rows has no header either. */
export async function writeTable<R>(page: Page, columns: readonly Column<R>[], rows: Iterable<R>): Promise<number> {
  const all = rows[Symbol.iterator]();
  const sample: string[][] = [];
  const sampled: R[] = [];
  for (let next = all.next(); ; next = all.next()) {
    if (next.done === true) break;
    sampled.push(next.value);
    sample.push(columns.map((column) => safeText(column.value(next.value))));
    if (sample.length === SAMPLE_ROWS) break;
  }
  if (sample.length === 0) return 0;
  const layout = layOut(page, columns, sample);
  await page.line(headerLine(page, columns, layout));
  for (let i = 0; i < sample.length; i++) await page.line(rowLine(page, columns, layout, sampled[i], sample[i]));
  let count = sample.length;
  if (count < SAMPLE_ROWS) return count;
  for (let next = all.next(); next.done !== true; next = all.next()) {
    const row = next.value;
    const full = page.line(rowLine(page, columns, layout, row, columns.map((column) => safeText(column.value(row)))));
    if (full !== null) await full;
    count++;
  }
  return count;
}

/** The width of each column; 0 for one that is left out. */
type Layout = readonly number[];

function layOut<R>(page: Page, columns: readonly Column<R>[], sample: readonly string[][]): Layout {
  const widths = columns.map((column, i) => {
    if (column.optional === true && sample.every((cells) => EMPTY.has(cells[i]))) return 0;
    return sample.reduce((width, cells) => Math.max(width, textWidth(cells[i])), textWidth(column.header));
  });
  if (page.width === null) return widths;
  const gaps = GAP.length * (widths.filter((width) => width > 0).length - 1);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - page.width;
  // The widest of those that may give way loses one at a time, so that they end up alike.
  while (excess > 0) {
    let widest = -1;
    columns.forEach((column, i) => {
      if (column.shrinkTo === undefined || widths[i] <= column.shrinkTo) return;
      if (widest < 0 || widths[i] > widths[widest]) widest = i;
    });
    if (widest < 0) break;
    widths[widest]--;
    excess--;
  }
  return widths;
}

function headerLine<R>(page: Page, columns: readonly Column<R>[], layout: Layout): string {
  const cells = columns.map((column, i) => cell(column.header, layout[i], column, page));
  return page.paint(joinCells(cells, layout).trimEnd(), 'dim');
}

function rowLine<R>(page: Page, columns: readonly Column<R>[], layout: Layout, row: R, texts: readonly string[]): string {
  const last = layout.findLastIndex((width) => width > 0);
  const cells = texts.map((text, i) => {
    if (layout[i] === 0) return '';
    const column = columns[i];
    const padded = cell(text, layout[i], column, page);
    return page.paint(i === last ? padded.trimEnd() : padded, column.tone?.(row) ?? 'plain');
  });
  return joinCells(cells, layout);
}

function cell<R>(text: string, width: number, column: Column<R>, page: Page): string {
  return padText(page.width === null ? text : fitText(text, width), width, column.align ?? 'left');
}

function joinCells(cells: readonly string[], layout: Layout): string {
  return cells.filter((_, i) => layout[i] > 0).join(GAP);
}
