import { type BodyElements, GridBody } from './grid-body.ts';
import { PageCache, type PageCacheStatus } from './page-cache.ts';
import type { RowPainter } from './row-view.ts';
import type { RowSource } from './row-source.ts';
import {
  clipSelection,
  extendTo,
  isSelected,
  NO_SELECTION,
  selectAll,
  type Selection,
  selectOnly,
  toggleRow,
} from './selection.ts';

export interface GridListener<Row> {
  readonly idOf: (row: Row) => string | number;
  /** A person went to a row; not called for rows selected from elsewhere. */
  readonly onSelect: (row: Row) => void;
  readonly onOpen: (row: Row) => void;
  readonly onStatus: (status: PageCacheStatus) => void;
}

const NOTICED_MS = 200;

const EMPTY: PageCacheStatus = { total: null, unfiltered: 0, isGrowing: false, error: null };

/** What a grid does behind its frame: rows, selection, keyboard. Knows elements, not React. */
export class GridController<Row> {
  private readonly elements: BodyElements;
  private readonly body: GridBody<Row>;
  private readonly rowHeight: number;
  private readonly headHeight: number;
  private cache: PageCache<Row> | null = null;
  private source: RowSource<Row> | null = null;
  /** Another list whose first rows are under way. */
  private next: { cache: PageCache<Row>; selectedId: string | number | null } | null = null;
  private nextTimer: ReturnType<typeof setTimeout> | undefined;
  private listener: GridListener<Row>;
  /** The row that has to be the active one, by its id; its place may not be known yet. */
  private wantedId: string | number | null = null;
  private placing: AbortController | null = null;
  /** A person moved to a row that is still under way: they are told once it is there. */
  private isTellingLater = false;
  /** A row to bring into sight as soon as the list is known to be that long; -1: none. */
  private pendingReveal = -1;
  selection: Selection = NO_SELECTION;
  status: PageCacheStatus = EMPTY;

  constructor(
    elements: BodyElements,
    listener: GridListener<Row>,
    options: { id: string; rowHeight: number; headHeight: number },
  ) {
    this.elements = elements;
    this.listener = listener;
    this.rowHeight = options.rowHeight;
    this.headHeight = options.headHeight;
    const model = {
      row: (at: number) => this.cache?.row(at),
      isSelected: (at: number) => isSelected(this.selection, at),
      active: () => this.selection.active,
      onSight: (first: number, last: number) => this.cache?.want(first, last),
    };
    this.body = new GridBody(elements, model, options.id, options.rowHeight, options.headHeight > 0 ? 1 : 0);
  }

  setListener(listener: GridListener<Row>): void {
    this.listener = listener;
  }

  setPainter(painter: RowPainter<Row>): void {
    this.body.setPainter(painter);
  }

  /**
   * Shows the rows of a source: those of another list from its top, with the row of `selectedId` in sight. The rows at
   * hand stay until the others are there, unless that takes long enough to be noticed.
   */
  setSource(source: RowSource<Row>, selectedId: string | number | null): void {
    if (this.source?.key === source.key) return;
    this.source = source;
    this.stopPlacing();
    this.next?.cache.close();
    clearTimeout(this.nextTimer);
    const cache = new PageCache(source, () => {
      if (this.next?.cache === cache) this.takeNext();
      this.onPages();
    });
    this.next = { cache, selectedId };
    if (this.cache === null) this.takeNext();
    else this.nextTimer = setTimeout(() => this.takeNext(), NOTICED_MS);
    cache.want(0, this.body.rowsInSight);
  }

  private takeNext(): void {
    const { next } = this;
    if (next === null) return;
    clearTimeout(this.nextTimer);
    this.next = null;
    this.cache?.close();
    this.cache = next.cache;
    this.wantedId = null;
    this.pendingReveal = -1;
    this.selection = NO_SELECTION;
    this.body.scrollTo(0);
    this.setStatus(next.cache.status);
    this.follow(next.selectedId);
  }

  /** The rows may have changed. */
  refresh(): void {
    this.cache?.refresh();
    this.next?.cache.refresh();
    if (this.wantedId !== null && this.selection.active < 0) this.findWanted();
  }

  retry(): void {
    this.cache?.refresh();
    this.setStatus({ ...this.status, error: null });
  }

  /** A row was selected elsewhere: it becomes the active one and comes into sight. */
  follow(id: string | number | null): void {
    if (this.next !== null) {
      this.next.selectedId = id;
      return;
    }
    if (id === this.wantedId) return;
    this.wantedId = id;
    this.stopPlacing();
    if (id === null) this.select(NO_SELECTION);
    else this.findWanted();
  }

  /** The room or the number of rows changed. */
  layout(): void {
    const viewport = Math.max(0, this.elements.scroller.clientHeight - this.headHeight);
    this.elements.layer.style.height = `${viewport + this.headHeight}px`;
    // While nothing is known yet, rows that are under way are shown.
    const rows = this.status.total ?? Math.max(1, Math.floor(viewport / this.rowHeight));
    this.body.resize(this.status.error === null ? rows : (this.status.total ?? 0), viewport);
    this.revealPending();
    this.tellActive();
  }

  onScroll(): void {
    this.body.onScroll();
    this.tellActive();
  }

  onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.shiftKey) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : this.rowHeight;
    if (this.body.onWheel(event.deltaY * unit)) event.preventDefault();
  }

  onClick(event: MouseEvent): void {
    const at = this.body.rowOf(event.target);
    if (at < 0) return;
    if (event.shiftKey) this.goTo(extendTo(this.selection, at, event.ctrlKey || event.metaKey));
    else if (event.ctrlKey || event.metaKey) this.goTo(toggleRow(this.selection, at));
    else this.goTo(selectOnly(at));
  }

  onDoubleClick(event: MouseEvent): void {
    if (this.body.rowOf(event.target) >= 0) this.openActive();
  }

  /** The row under a context menu becomes the active one unless it is among the selected. */
  rowForMenu(target: EventTarget | null): number {
    const at = this.body.rowOf(target);
    if (at < 0) return this.selection.active;
    if (!isSelected(this.selection, at)) this.goTo(selectOnly(at));
    return at;
  }

  /** True where the key means something here. */
  onKey(event: KeyboardEvent): boolean {
    const { total } = this.status;
    if (event.altKey || total === null || total === 0) return false;
    const isControl = event.ctrlKey || event.metaKey;
    if (isControl && (event.key === 'a' || event.key === 'A')) {
      this.select(selectAll(this.selection, total));
      return true;
    }
    if (event.key === 'Enter' && !isControl) return this.openActive();
    const at = this.target(event.key, total - 1);
    if (at === null || (isControl && event.key.length === 1)) return false;
    this.goTo(event.shiftKey ? extendTo(this.selection, at) : selectOnly(at));
    return true;
  }

  /** To the row so many further on. */
  step(rows: number): void {
    const last = (this.status.total ?? 0) - 1;
    if (last < 0) return;
    const { active } = this.selection;
    this.goTo(selectOnly(active < 0 ? 0 : Math.min(last, Math.max(0, active + rows))));
  }

  /** The keyboard came here: some row has to have it. */
  onFocus(): void {
    if (this.selection.active >= 0 || (this.status.total ?? 0) === 0) return;
    const first = Math.ceil(this.body.top / this.rowHeight);
    this.select({ ...NO_SELECTION, active: first, anchor: first });
  }

  row(at: number): Row | undefined {
    return this.cache?.row(at);
  }

  elementOfRow(at: number): HTMLElement | null {
    return this.body.elementOfRow(at);
  }

  dispose(): void {
    clearTimeout(this.nextTimer);
    this.next?.cache.close();
    this.cache?.close();
    this.stopPlacing();
    this.body.dispose();
  }

  private target(key: string, last: number): number | null {
    const { active } = this.selection;
    const page = this.body.rowsInSight - 1 || 1;
    const from = (step: number): number => (active < 0 ? 0 : Math.min(last, Math.max(0, active + step)));
    switch (key) {
      case 'ArrowDown':
      case 'j':
        return from(1);
      case 'ArrowUp':
      case 'k':
        return from(-1);
      case 'PageDown':
        return from(page);
      case 'PageUp':
        return from(-page);
      case 'Home':
        return 0;
      case 'End':
        return last;
      default:
        return null;
    }
  }

  private openActive(): boolean {
    const row = this.cache?.row(this.selection.active);
    if (row === undefined) return false;
    this.listener.onOpen(row);
    return true;
  }

  private goTo(selection: Selection): void {
    this.stopPlacing();
    this.pendingReveal = -1;
    this.select(selection);
    this.body.reveal(selection.active, 'nearest');
    this.isTellingLater = true;
    this.tellSelected();
    this.tellActive();
  }

  private select(selection: Selection): void {
    this.selection = selection;
    this.body.paint();
    this.tellActive();
  }

  /** Tells who listens of the active row, now or when it is there. */
  private tellSelected(): void {
    const row = this.cache?.row(this.selection.active);
    if (!this.isTellingLater || row === undefined) return;
    this.isTellingLater = false;
    this.wantedId = this.listener.idOf(row);
    this.listener.onSelect(row);
  }

  private tellActive(): void {
    const id = this.body.idOfRow(this.selection.active);
    const { scroller } = this.elements;
    if (id === null) scroller.removeAttribute('aria-activedescendant');
    else if (scroller.getAttribute('aria-activedescendant') !== id) scroller.setAttribute('aria-activedescendant', id);
  }

  private findWanted(): void {
    const { source, wantedId } = this;
    if (source === null || wantedId === null || this.next !== null) return;
    this.stopPlacing();
    const abort = new AbortController();
    this.placing = abort;
    source.place(wantedId, abort.signal).then(
      (at) => {
        if (abort.signal.aborted) return;
        this.placing = null;
        this.isTellingLater = false;
        this.pendingReveal = at;
        this.select(at < 0 ? NO_SELECTION : selectOnly(at));
        this.revealPending();
      },
      // Where a row lies is not worth a message; it is found again when the rows change.
      () => {
        if (this.placing === abort) this.placing = null;
      },
    );
  }

  private stopPlacing(): void {
    this.placing?.abort();
    this.placing = null;
  }

  private revealPending(): void {
    const { total } = this.status;
    if (this.pendingReveal < 0 || total === null || this.pendingReveal >= total) return;
    // Behind another tab there is no middle to show it in.
    if (this.elements.scroller.clientHeight <= this.headHeight) return;
    this.body.reveal(this.pendingReveal, 'centre');
    this.pendingReveal = -1;
    this.tellActive();
  }

  private onPages(): void {
    const { cache } = this;
    if (cache === null) return;
    this.setStatus(cache.status);
    this.revealPending();
    this.tellSelected();
    this.checkActive();
  }

  private setStatus(status: PageCacheStatus): void {
    this.status = status;
    if (status.total !== null) {
      // A place that was looked up may lie behind what was known a moment ago.
      const total = Math.max(status.total, this.pendingReveal + 1);
      this.selection = clipSelection(this.selection, total);
    }
    this.layout();
    this.body.paint();
    this.listener.onStatus(status);
  }

  /** Rows that came in between moved the active one: it is looked up again. */
  private checkActive(): void {
    const row = this.cache?.row(this.selection.active);
    if (row === undefined || this.wantedId === null || this.pendingReveal >= 0 || this.isTellingLater) return;
    if (this.listener.idOf(row) !== this.wantedId && this.placing === null) this.findWanted();
  }
}
