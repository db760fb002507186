import type { Page } from './page.ts';
import { blanks, fitText, isPlain, padText, safeText, textWidth } from './safe-text.ts';
import type { Tone } from './style.ts';

export interface Column<R> {
  readonly header: string;
  readonly align?: 'left' | 'right';
  readonly value: (row: R) => string;
  readonly tone?: (row: R) => Tone;
  /** Gives way first where a terminal is too narrow, down to this many columns. */
  readonly shrinkTo?: number;
  /** Left out where a terminal is too narrow even so: those with the lowest number first. */
  readonly rank?: number;
  /** Left out where no row has anything in it. Only for tables that fit into the sample. */
  readonly optional?: boolean;
}

/** Rows that decide how wide the columns are; a longer value further on pushes its line out. */
const SAMPLE_ROWS = 1000;
const GAP = '  ';
const EMPTY = new Set(['', '–']);

/** Writes a table as its rows come, and gives how many there were; a table without rows has no header either. */
export async function writeTable<R>(page: Page, columns: readonly Column<R>[], rows: Iterable<R>): Promise<number> {
  const table = new TableWriter(page, columns);
  for (const row of rows) {
    const full = table.add(row);
    if (full !== null) await full;
  }
  return table.finish();
}

/** A table whose rows come one by one: the first decide the layout and wait until it is known. */
export class TableWriter<R> {
  private readonly page: Page;
  private readonly columns: readonly Column<R>[];
  private readonly sample: { readonly row: R; readonly cells: string[] }[] = [];
  private layout: Layout | null = null;
  /** Headers of columns that the terminal has no room for. */
  private readonly omitted: string[] = [];
  private count = 0;
  /** Of the row that is being written. */
  private readonly cells: string[] = [];

  constructor(page: Page, columns: readonly Column<R>[]) {
    this.page = page;
    this.columns = columns;
  }

  /** Takes a row; where it gives a promise, that has to be awaited before the next. */
  add(row: R): Promise<void> | null {
    this.count++;
    const { page, columns, layout } = this;
    if (layout === null) {
      this.sample.push({ row, cells: columns.map((column) => safeText(column.value(row))) });
      return this.sample.length < SAMPLE_ROWS ? null : this.begin();
    }
    const { cells } = this;
    for (let i = 0; i < columns.length; i++) cells[i] = layout[i] === 0 ? '' : columns[i].value(row);
    if (page.isPlain) {
      const line = plainLine(columns, layout, cells);
      if (isPlain(line)) return page.line(line);
    }
    return page.line(rowLine(page, columns, layout, row, cells.map(safeText)));
  }

  /** Writes what still waits, and gives how many rows there were. */
  async finish(): Promise<number> {
    if (this.layout === null && this.count > 0) await this.begin();
    if (this.omitted.length > 0) {
      const names = this.omitted.join(', ');
      await this.page.line(this.page.paint(`No room here for: ${names}. A wider terminal or a pipe shows all.`, 'dim'));
    }
    return this.count;
  }

  private async begin(): Promise<void> {
    const { page, columns, sample } = this;
    const layout = layOut(
      page,
      columns,
      sample.map(({ cells }) => cells),
      this.omitted,
    );
    this.layout = layout;
    await page.line(headerLine(page, columns, layout));
    for (const { row, cells } of sample) await page.line(rowLine(page, columns, layout, row, cells));
    sample.length = 0;
  }
}

/** The width of each column; 0 for one that is left out. */
type Layout = readonly number[];

function layOut<R>(page: Page, columns: readonly Column<R>[], sample: readonly string[][], omitted: string[]): Layout {
  const natural = columns.map((column, i) => {
    if (column.optional === true && sample.every((cells) => EMPTY.has(cells[i]))) return 0;
    return sample.reduce((width, cells) => Math.max(width, textWidth(cells[i])), textWidth(column.header));
  });
  if (page.width === null) return natural;
  for (;;) {
    const widths = [...natural];
    shrink(page.width, columns, widths);
    if (excessOf(page.width, widths) <= 0) return widths;
    const ranked = columns.map(({ rank }, i) => ({ i, rank: rank ?? Infinity })).filter(({ i }) => natural[i] > 0);
    const first = ranked.reduce((least, each) => (each.rank < least.rank ? each : least));
    if (first.rank === Infinity) return widths;
    natural[first.i] = 0;
    omitted.push(columns[first.i].header);
  }
}

function excessOf(width: number, widths: readonly number[]): number {
  const shown = widths.filter((each) => each > 0);
  return shown.reduce((sum, each) => sum + each, GAP.length * (shown.length - 1)) - width;
}

/** The widest of the columns that may give way loses one at a time, so that they end up alike. */
function shrink<R>(width: number, columns: readonly Column<R>[], widths: number[]): void {
  for (let excess = excessOf(width, widths); excess > 0; excess--) {
    let widest = -1;
    columns.forEach((column, i) => {
      if (column.shrinkTo === undefined || widths[i] <= Math.max(column.shrinkTo, textWidth(column.header))) return;
      if (widest < 0 || widths[i] > widths[widest]) widest = i;
    });
    if (widest < 0) return;
    widths[widest]--;
  }
}

function headerLine<R>(page: Page, columns: readonly Column<R>[], layout: Layout): string {
  const cells = columns.map((column, i) => cell(column.header, layout[i], column, page));
  return page.paint(
    cells
      .filter((_, i) => layout[i] > 0)
      .join(GAP)
      .trimEnd(),
    'dim',
  );
}

function rowLine<R>(
  page: Page,
  columns: readonly Column<R>[],
  layout: Layout,
  row: R,
  texts: readonly string[],
): string {
  // Nothing trails: the last cell that holds something ends the line.
  let last = texts.length - 1;
  while (last >= 0 && (texts[last] === '' || layout[last] === 0)) last--;
  let line = '';
  for (let i = 0; i <= last; i++) {
    if (layout[i] === 0) continue;
    const column = columns[i];
    const padded = cell(texts[i], layout[i], column, page);
    if (line !== '') line += GAP;
    line += page.paint(i === last ? padded.trimEnd() : padded, column.tone?.(row) ?? 'plain');
  }
  return line;
}

/** What `rowLine` gives where nothing is cut or set off, and every character is known to be harmless and one column wide. */
function plainLine<R>(columns: readonly Column<R>[], layout: Layout, cells: readonly string[]): string {
  let last = cells.length - 1;
  while (last >= 0 && cells[last] === '') last--;
  let line = '';
  for (let i = 0; i <= last; i++) {
    const width = layout[i];
    if (width === 0) continue;
    const text = cells[i];
    if (line !== '') line += GAP;
    const blank = blanks(width - text.length);
    const padded = columns[i].align === 'right' ? blank + text : text + blank;
    line += i === last ? padded.trimEnd() : padded;
  }
  return line;
}

function cell<R>(text: string, width: number, column: Column<R>, page: Page): string {
  return padText(page.width === null ? text : fitText(text, width), width, column.align ?? 'left');
}
