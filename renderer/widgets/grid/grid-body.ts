import type { CellContext } from './column.ts';
import type { RowPainter } from './row-view.ts';
import { clampTop, type ScrollMap, scrollMap, scrollOf, topOf, topShowing } from './scroll-map.ts';

export interface BodyElements {
  /** What scrolls; it has the scroll bar and the focus. */
  readonly scroller: HTMLElement;
  /** As high as what is in sight; stays where it is. */
  readonly layer: HTMLElement;
  /** Rows are put in here. */
  readonly rows: HTMLElement;
  /** As long as the scroll bar has to believe. */
  readonly spacer: HTMLElement;
}

/** What the body shows; asked for while painting. */
export interface BodyModel<Row> {
  readonly row: (at: number) => Row | undefined;
  readonly isSelected: (at: number) => boolean;
  readonly active: () => number;
  /** Rows `first` to `last` are in sight. */
  readonly onSight: (first: number, last: number) => void;
}

interface Slot<Row> {
  readonly element: HTMLElement;
  at: number;
  row: Row | undefined;
  before: Row | undefined;
  version: object | null;
  /** `selected`, `active`, as the element says it; '' before the first painting. */
  mark: string;
}

/** Row elements are moved in steps of this many rows, so that no offset grows beyond what is laid out exactly. */
const REBASE_ROWS = 50_000;
const TIDY_MS = 200;

/**
 * The rows in sight: a fixed set of elements in a ring, row `n` in the one at `n` modulo their number. They lie in a
 * layer that does not scroll with the scroll bar: what the scroll bar says is worked out here, so the number of rows is
 * not bounded by what can be laid out, and nothing blank is ever in sight.
 */
export class GridBody<Row> {
  private readonly elements: BodyElements;
  private readonly model: BodyModel<Row>;
  private readonly id: string;
  private readonly rowHeight: number;
  private readonly headRows: number;
  private painter: RowPainter<Row> | null = null;
  private slots: Slot<Row>[] = [];
  private total = 0;
  private viewport = 0;
  private map: ScrollMap;
  private base = 0;
  private tidyTimer: ReturnType<typeof setTimeout> | undefined;
  /** First px of the rows that is in sight. */
  top = 0;

  /** `headRows` stand above the first row: 1 or 0. */
  constructor(elements: BodyElements, model: BodyModel<Row>, id: string, rowHeight: number, headRows: number) {
    this.headRows = headRows;
    this.elements = elements;
    this.model = model;
    this.id = id;
    this.rowHeight = rowHeight;
    this.map = scrollMap(0, rowHeight, 0);
  }

  /** Rows wholly in sight. */
  get rowsInSight(): number {
    return Math.max(1, Math.floor(this.viewport / this.rowHeight));
  }

  setPainter(painter: RowPainter<Row>): void {
    this.painter = painter;
    for (const slot of this.slots) this.build(slot);
    this.paint();
  }

  /** `total` rows in a viewport of so many px; the top stays where it can. */
  resize(total: number, viewport: number): void {
    if (total === this.total && viewport === this.viewport) return;
    this.total = total;
    this.viewport = viewport;
    this.map = scrollMap(total, this.rowHeight, viewport);
    const { spacer } = this.elements;
    const length = Math.max(0, this.map.scrollLength - viewport);
    spacer.style.height = `${length}px`;
    this.fillRing(Math.min(total, Math.ceil(viewport / this.rowHeight) + 1));
    this.scrollTo(this.top);
  }

  /** The scroll bar moved, by hand or because it was told to. */
  onScroll(): void {
    const { scrollTop, clientHeight } = this.elements.scroller;
    // Put aside by whoever holds the grid: where it was scrolled to is known here.
    if (clientHeight === 0) return;
    // Told to: the top is known to the px, which the scroll bar need not be.
    if (Math.abs(scrollTop - scrollOf(this.map, this.top)) <= 1) return;
    this.top = topOf(this.map, scrollTop);
    this.paint();
  }

  /** A turn of the wheel where a px of the scroll bar is several of the rows; true where it was dealt with here. */
  onWheel(deltaPx: number): boolean {
    if (this.map.isExact || deltaPx === 0) return false;
    this.scrollTo(this.top + deltaPx);
    return true;
  }

  scrollTo(top: number): void {
    this.top = clampTop(this.map, top);
    const { scroller } = this.elements;
    const scroll = scrollOf(this.map, this.top);
    if (Math.abs(scroller.scrollTop - scroll) > 0.5) scroller.scrollTop = scroll;
    this.paint();
  }

  reveal(row: number, where: 'nearest' | 'centre'): void {
    this.scrollTo(topShowing(this.map, this.top, row, this.rowHeight, this.viewport, where));
  }

  /** The id of a row's element; null where it is not in sight. */
  idOfRow(at: number): string | null {
    return this.slotOf(at)?.element.id ?? null;
  }

  elementOfRow(at: number): HTMLElement | null {
    return this.slotOf(at)?.element ?? null;
  }

  /** The place of the row an element lies in; -1 outside rows. */
  rowOf(node: EventTarget | null): number {
    const element = node instanceof Element ? node.closest<HTMLElement>('.g-row') : null;
    return this.slots.find((slot) => slot.element === element)?.at ?? -1;
  }

  /** Brings what is in sight up to date; what has not changed is not touched. */
  paint(): void {
    const { painter, rowHeight, slots } = this;
    if (painter === null) return;
    const first = Math.min(Math.floor(this.top / rowHeight), Math.max(0, this.total - 1));
    const end = Math.min(this.total, first + slots.length);
    if (Math.abs(first - this.base) > REBASE_ROWS) this.rebase(first);
    this.elements.rows.style.transform = `translateY(${Math.round(this.base * rowHeight - this.top)}px)`;
    let moved = 0;
    for (let at = first; at < end; at++) {
      const slot = slots[at % slots.length];
      if (slot.at !== at) {
        this.place(slot, at);
        moved++;
      }
      this.paintSlot(slot, painter);
    }
    if (end - first < slots.length) this.hideRest(first, end);
    if (moved > 0) this.tidyLater();
    this.model.onSight(first, Math.max(first, end - 1));
  }

  dispose(): void {
    clearTimeout(this.tidyTimer);
    this.elements.rows.replaceChildren();
  }

  private slotOf(at: number): Slot<Row> | undefined {
    const slot = this.slots.length === 0 ? undefined : this.slots[at % this.slots.length];
    return slot?.at === at ? slot : undefined;
  }

  private fillRing(count: number): void {
    if (count === this.slots.length) return;
    while (this.slots.length > count) this.slots.pop()?.element.remove();
    for (const slot of this.slots) slot.at = -1;
    while (this.slots.length < count) {
      const element = document.createElement('div');
      element.id = `${this.id}-row-${this.slots.length}`;
      element.setAttribute('role', 'row');
      element.style.height = `${this.rowHeight}px`;
      const slot: Slot<Row> = { element, at: -1, row: undefined, before: undefined, version: null, mark: '' };
      this.slots.push(slot);
      this.build(slot);
      this.elements.rows.append(element);
    }
  }

  private build(slot: Slot<Row>): void {
    slot.element.className = 'g-row';
    this.painter?.build(slot.element);
    slot.version = null;
  }

  private place(slot: Slot<Row>, at: number): void {
    const { element } = slot;
    slot.at = at;
    element.hidden = false;
    element.style.transform = `translateY(${(at - this.base) * this.rowHeight}px)`;
    element.setAttribute('aria-rowindex', String(at + 1 + this.headRows));
  }

  private paintSlot(slot: Slot<Row>, painter: RowPainter<Row>): void {
    const { element, at } = slot;
    const row = this.model.row(at);
    const before = at > 0 ? this.model.row(at - 1) : undefined;
    if (slot.version !== painter.version || slot.row !== row || slot.before !== before) {
      slot.version = painter.version;
      slot.row = row;
      slot.before = before;
      const context: CellContext<Row> = { before };
      if (row === undefined) painter.clear(element);
      else painter.paint(element, row, context);
      slot.mark = '';
    }
    this.mark(slot);
  }

  private mark(slot: Slot<Row>): void {
    const { element, at } = slot;
    const isSelected = this.model.isSelected(at);
    const isActive = this.model.active() === at;
    const mark = `${isSelected} ${isActive}`;
    if (mark === slot.mark) return;
    slot.mark = mark;
    element.setAttribute('aria-selected', String(isSelected));
    element.classList.toggle('is-selected', isSelected);
    element.classList.toggle('is-active', isActive);
  }

  private hideRest(first: number, end: number): void {
    for (const slot of this.slots) {
      if (slot.at >= first && slot.at < end) continue;
      slot.at = -1;
      slot.element.hidden = true;
    }
  }

  private rebase(first: number): void {
    this.base = first;
    for (const slot of this.slots) slot.at = -1;
  }

  /** Once the rows rest, they go into the order they are seen in, for those who read the page in its order. */
  private tidyLater(): void {
    clearTimeout(this.tidyTimer);
    this.tidyTimer = setTimeout(() => {
      const { rows } = this.elements;
      const sorted = this.slots.toSorted((a, b) => a.at - b.at).map(({ element }) => element);
      sorted.forEach((element, at) => {
        if (rows.children[at] !== element) rows.insertBefore(element, rows.children[at] ?? null);
      });
    }, TIDY_MS);
  }
}
