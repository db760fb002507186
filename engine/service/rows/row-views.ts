import { Turns } from '../../filter/turns.ts';
import type { RowsPage, RowsQuery, TableName, TableRows } from '../../../shared/engine-api.ts';
import type { CaptureIndex } from '../../query/capture-index.ts';
import { checkRowFilter, rowsPassing } from './row-filter.ts';
import { CodedError, noCapture } from '../coded-error.ts';
import type { OpenedCapture } from '../opened-capture.ts';
import { callsTable, registrationsTable, streamsTable } from './entry-tables.ts';
import { digitsTable, problemsTable } from './finding-tables.ts';
import { allocationsTable, sessionsTable } from './ice-tables.ts';
import { keysTable } from './keys-table.ts';
import { packetsTable } from './packets-table.ts';
import { inBoth, lowerBound, type RowTable, upTo } from './row-table.ts';
import { SharedWork } from './shared-work.ts';
import { sortRows } from './sort-rows.ts';

const TABLES: { readonly [Name in TableName]: RowTable<TableRows[Name]> } = {
  calls: callsTable,
  registrations: registrationsTable,
  streams: streamsTable,
  packets: packetsTable,
  problems: problemsTable,
  digits: digitsTable,
  keys: keysTable,
  sessions: sessionsTable,
  allocations: allocationsTable,
};

/** Most rows of a page. */
const PAGE_ROWS = 1000;
/** Views are kept while all together they hold no more row numbers than this (a number takes four octets). */
const NUMBERS_KEPT = 24_000_000;
const VIEWS_KEPT = 64;
/** While a capture grows, a view is used for this long, or for ten times as long as it took. */
const VIEW_MS = 500;

interface View {
  /** Row numbers in the order of the view; null where they are all of the table in its own order. */
  readonly rows: Uint32Array | null;
  readonly index: CaptureIndex;
}

interface KnownView {
  readonly work: SharedWork<View>;
  readonly startedMs: number;
  tookMs: number;
  length: number;
  /** Made of a capture that was still being read. */
  readonly isOfPart: boolean;
}

/** What a query shows: filtered and sorted once, then read in pages. */
export class RowViews {
  private readonly opened: OpenedCapture;
  /** By query, the one used last at the end. */
  private readonly known = new Map<string, KnownView>();

  constructor(opened: OpenedCapture) {
    this.opened = opened;
  }

  async page(query: RowsQuery, from: number, count: number, signal: AbortSignal): Promise<RowsPage> {
    const table = tableOf(query);
    const { index, rows } = await this.view(query, signal);
    const unfiltered = table.count(index);
    const total = rows === null ? unfiltered : rows.length;
    const first = Math.max(0, Math.min(total, Math.floor(from) || 0));
    const end = Math.min(total, first + Math.max(0, Math.min(PAGE_ROWS, Math.floor(count) || 0)));
    const numbers =
      rows === null ? Uint32Array.from({ length: end - first }, (_, i) => first + i) : rows.subarray(first, end);
    const page = await table.page(index, numbers);
    return { total, unfiltered, from: first, rows: page, isGrowing: this.opened.isReading };
  }

  /** The place of a row, -1 where the query does not show it; with `near` the place of the next one that it shows. */
  async place(query: RowsQuery, id: string | number, near: boolean, signal: AbortSignal): Promise<number> {
    const table = tableOf(query);
    const { index, rows } = await this.view(query, signal);
    const number = table.find(index, id);
    if (number < 0) return -1;
    if (rows === null) return number;
    const place = query.sort === null ? placeIn(rows, number) : rows.indexOf(number);
    return place >= 0 || !near ? place : placeAfter(rows, number);
  }

  private async view(query: RowsQuery, signal: AbortSignal): Promise<View> {
    const key = keyOf(query);
    let known = this.known.get(key);
    if (known === undefined || known.work.isCancelled || this.isOutdated(known)) {
      known = this.start(key, (own) => this.make(query, own));
    }
    this.known.delete(key);
    this.known.set(key, known);
    return known.work.wait(signal);
  }

  private start(key: string, make: (signal: AbortSignal) => Promise<View>): KnownView {
    const view: KnownView = {
      work: new SharedWork(make),
      startedMs: performance.now(),
      tookMs: 0,
      length: 0,
      isOfPart: this.opened.isReading,
    };
    view.work.result.then(
      ({ rows }) => {
        view.tookMs = performance.now() - view.startedMs;
        view.length = rows?.length ?? 0;
        this.forgetOldest();
      },
      () => {
        if (this.known.get(key) === view) this.known.delete(key);
      },
    );
    return view;
  }

  private isOutdated({ work, isOfPart, startedMs, tookMs }: KnownView): boolean {
    if (!isOfPart || !work.isSettled) return false;
    return !this.opened.isReading || performance.now() - startedMs > Math.max(VIEW_MS, tookMs * 10);
  }

  private forgetOldest(): void {
    let numbers = 0;
    for (const { length } of this.known.values()) numbers += length;
    for (const [key, view] of this.known) {
      if (numbers <= NUMBERS_KEPT && this.known.size <= VIEWS_KEPT) return;
      if (!view.work.isSettled) continue;
      numbers -= view.length;
      this.known.delete(key);
    }
  }

  private async make(query: RowsQuery, signal: AbortSignal): Promise<View> {
    const { sort } = query;
    const both = AbortSignal.any([signal, this.opened.abort.signal]);
    if (sort === null) return this.select(query, both);
    const table = tableOf(query);
    const { index, rows } = await this.view({ ...query, sort: null }, both);
    const numbers = rows ?? upTo(table.count(index));
    const keys = await table.keys(index, sort.by, numbers, new Turns(both));
    return { index, rows: await sortRows(numbers, keys, sort.descending, both) };
  }

  /** Filtered and scoped, in the table's own order. */
  private async select(query: RowsQuery, signal: AbortSignal): Promise<View> {
    const { index } = this.opened;
    if (index === null) throw noCapture();
    const table = tableOf(query);
    const { call = null, stream = null } = query;
    const passed = await passing(index, table, query.filter, signal);
    const filtered = passed === null ? null : table.filtered(index, passed);
    const scoped = call === null && stream === null ? table.all(index) : table.scoped(index, call, stream);
    if (filtered === null) return { index, rows: scoped };
    return { index, rows: scoped === null ? filtered : inBoth(scoped, filtered) };
  }
}

async function passing(
  index: CaptureIndex,
  table: RowTable,
  text: string,
  signal: AbortSignal,
): Promise<Uint32Array | null> {
  const { capture } = index;
  const checked = checkRowFilter(text, table.filterTable, capture.store.dissectors);
  if (!checked.ok) throw new CodedError('filter', checked.error.message);
  return rowsPassing(capture, checked.filter, table.filterTable, signal);
}

/** Throws where the window names a table that there is not. */
function tableOf({ table }: RowsQuery): RowTable {
  if (!Object.hasOwn(TABLES, table)) throw new CodedError('no-such-table', `There is no table ${table}.`);
  return TABLES[table];
}

/** Whose filter a table has. */
export function filterTableOf(table: TableName): RowTable['filterTable'] {
  return tableOf({ table, filter: '', sort: null }).filterTable;
}

function keyOf({ table, filter, call = null, stream = null, sort }: RowsQuery): string {
  return JSON.stringify([table, filter.trim(), call, stream, sort?.by ?? null, sort?.descending ?? false]);
}

function placeIn(ascending: Uint32Array, number: number): number {
  const place = lowerBound(ascending, number);
  return ascending[place] === number ? place : -1;
}

/** The place of the smallest row number above `number`; -1 where there is none. */
function placeAfter(rows: Uint32Array, number: number): number {
  let best = -1;
  for (let place = 0; place < rows.length; place++) {
    if (rows[place] > number && (best < 0 || rows[place] < rows[best])) best = place;
  }
  return best;
}
