import type { RowSource } from './row-source.ts';

const ROWS_PER_PAGE = 128;
const PAGES_KEPT = 96;
const PAGES_UNDER_WAY = 3;
/** While somebody drags the scroll bar every frame shows other pages: only where it rests a while are they asked for. */
const REST_MS = 40;

interface CachedPage<Row> {
  rows: readonly Row[];
  /** Of the cache when it was asked for: an older one is shown until the new one is there. */
  generation: number;
}

export interface PageCacheStatus {
  /** null until the first page is there. */
  readonly total: number | null;
  readonly unfiltered: number;
  readonly isGrowing: boolean;
  readonly error: string | null;
}

/** Pages of a row source: those in sight and the next, the least recently seen forgotten, those scrolled past cancelled. */
export class PageCache<Row> {
  private readonly source: RowSource<Row>;
  private readonly onChange: () => void;
  private readonly pages = new Map<number, CachedPage<Row>>();
  private readonly underWay = new Map<number, AbortController>();
  private generation = 0;
  /** Pages wanted, most urgent first. */
  private wanted: readonly number[] = [0];
  private firstInSight = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  status: PageCacheStatus = { total: null, unfiltered: 0, isGrowing: false, error: null };

  constructor(source: RowSource<Row>, onChange: () => void) {
    this.source = source;
    this.onChange = onChange;
  }

  row(at: number): Row | undefined {
    return this.pages.get(Math.floor(at / ROWS_PER_PAGE))?.rows[at % ROWS_PER_PAGE];
  }

  /** Rows `first` to `last` are in sight. */
  want(first: number, last: number): void {
    const firstPage = Math.floor(Math.max(0, first) / ROWS_PER_PAGE);
    const lastPage = Math.max(firstPage, Math.floor(Math.max(0, last) / ROWS_PER_PAGE));
    const isJump = Math.abs(firstPage - this.firstInSight) > 2;
    const isUp = firstPage < this.firstInSight;
    this.firstInSight = firstPage;
    const pages: number[] = [];
    for (let page = firstPage; page <= lastPage; page++) pages.push(page);
    pages.push(...(isUp ? [firstPage - 1, lastPage + 1] : [lastPage + 1, firstPage - 1]));
    this.wanted = pages.filter((page) => this.exists(page));
    for (const [page, abort] of this.underWay) {
      if (this.wanted.includes(page)) continue;
      abort.abort();
      this.underWay.delete(page);
    }
    if (isJump) this.rest();
    else if (this.timer === undefined) this.pump();
  }

  /** The rows may have changed: what is in sight is asked for again and shown as it is until then. */
  refresh(): void {
    this.generation++;
    // What is under way may land: cancelled again and again while a capture is read, nothing ever would.
    this.status = { ...this.status, error: null };
    this.pump();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const abort of this.underWay.values()) abort.abort();
    this.underWay.clear();
  }

  private exists(page: number): boolean {
    if (page < 0) return false;
    const { total } = this.status;
    return total === null ? page === this.firstInSight : page === 0 || page * ROWS_PER_PAGE < total;
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, REST_MS);
  }

  private pump(): void {
    if (this.isClosed || this.status.error !== null) return;
    for (const page of this.wanted) {
      const cached = this.pages.get(page);
      if (cached !== undefined) {
        // Seen last: forgotten last.
        this.pages.delete(page);
        this.pages.set(page, cached);
      }
      const isGood = cached?.generation === this.generation;
      if (!isGood && !this.underWay.has(page) && this.underWay.size < PAGES_UNDER_WAY) this.fetch(page);
    }
    this.forgetOld();
  }

  private fetch(page: number): void {
    const abort = new AbortController();
    const { generation } = this;
    this.underWay.set(page, abort);
    this.source.page(page * ROWS_PER_PAGE, ROWS_PER_PAGE, abort.signal).then(
      ({ total, unfiltered, rows, isGrowing }) => {
        if (this.underWay.get(page) !== abort) return;
        this.underWay.delete(page);
        this.pages.set(page, { rows, generation });
        this.status = { total, unfiltered, isGrowing, error: null };
        this.settle();
      },
      (error: unknown) => {
        if (this.underWay.get(page) !== abort) return;
        this.underWay.delete(page);
        this.status = { ...this.status, error: error instanceof Error ? error.message : String(error) };
        this.settle();
      },
    );
  }

  private settle(): void {
    if (this.isClosed) return;
    this.onChange();
    this.pump();
  }

  private forgetOld(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= PAGES_KEPT) return;
      this.pages.delete(page);
    }
  }
}
