import './grid.css';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useApp } from '../../model/store.ts';
import { Icon } from '../icon.tsx';
import { Menu, type MenuEntry } from '../menu/menu.tsx';
import { SeverityGlyph } from '../severity.tsx';
import { type GridColumn, nameOf } from './column.ts';
import { type ColumnState, layoutColumns } from './column-state.ts';
import { GridController } from './grid-controller.ts';
import { GridHead } from './grid-head.tsx';
import { columnEntries, type MenuCell, rowEntries } from './grid-menus.ts';
import { forgetGrid, rememberGrid } from './grid-commands.ts';
import type { PageCacheStatus } from './page-cache.ts';
import type { RowSource } from './row-source.ts';
import { columnPainter, type RowPainter } from './row-view.ts';
import { selectedCount } from './selection.ts';
import { GridTemplates, useTemplates } from './templates.tsx';
import { useCopy } from './use-copy.ts';
import { useColumnState } from './use-column-state.ts';

const ROW = 22;
/** Room at the right end of the header. */
const COLUMNS_BUTTON = 20;

export interface GridProps<Row> {
  /** Names the grid in the settings and its elements: `calls`. */
  readonly id: string;
  /** What the rows are: `Calls`. */
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly source: RowSource<Row>;
  readonly idOf: (row: Row) => string | number;
  /** The row that is selected, wherever that was done; null: none. */
  readonly selected: string | number | null;
  /** A person went to a row of this grid. */
  readonly onSelect?: (row: Row) => void;
  /** Enter, or a double click. */
  readonly onOpen?: (row: Row) => void;
  /** False while rows come in an order of their own. */
  readonly canSort?: boolean;
  /** px. */
  readonly rowHeight?: number;
  readonly hasHead?: boolean;
  readonly rowClass?: (row: Row) => string;
  /** Rows that are no rows of cells. Has to be the same object from one drawing to the next. */
  readonly painter?: RowPainter<Row>;
  /** Shown where there is no row. */
  readonly empty: ReactNode;
  readonly onStatus?: (status: PageCacheStatus) => void;
  /** A display filter that picks these rows. */
  readonly filterOf?: (rows: readonly Row[]) => string | null;
  /** Narrows the filter; without it cells offer none. */
  readonly onFilter?: (condition: string, isNegated: boolean) => void;
  /** What else a row's menu offers; `beside` is the other row where exactly two are selected and at hand. */
  readonly rowMenu?: (row: Row, beside: Row | undefined) => readonly MenuEntry[];
}

const noClass = (): string => '';
const START: PageCacheStatus = { total: null, unfiltered: 0, isGrowing: false, error: null };

/** A table of any number of rows: see notes on GridBody for how. One tab stop; arrows, j and k move in it. */
export function Grid<Row>(props: GridProps<Row>) {
  const { id, label, columns, source, selected, canSort = true, rowHeight = ROW, hasHead = true } = props;
  const { rowClass = noClass, painter: ownPainter } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const [controller, setController] = useState<GridController<Row> | null>(null);
  const [width, setWidth] = useState(0);
  const [barWidth, setBarWidth] = useState(0);
  const [status, setStatus] = useState(START);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [draft, setDraft] = useState<ColumnState | null>(null);
  const [kept, change] = useColumnState(id);
  const state = draft ?? kept;
  const revision = useApp((app) => app.revision);
  const { templates, box: templateBox } = useTemplates();
  const latest = useRef(props);
  latest.current = props;

  const placed = useMemo(
    () => (hasHead ? layoutColumns(columns, state, Math.max(0, width - COLUMNS_BUTTON)) : []),
    [hasHead, columns, state, width],
  );
  const hasRoomForWord = placed.at(-1)?.column.isFlexible === true;
  const shownColumns = useMemo(
    () => (hasHead ? placed.map(({ column }) => column) : columns),
    [hasHead, placed, columns],
  );

  useLayoutEffect(() => {
    const elements = {
      scroller: scroller.current as HTMLElement,
      layer: layer.current as HTMLElement,
      rows: rows.current as HTMLElement,
      spacer: spacer.current as HTMLElement,
    };
    const listener = {
      idOf: (row: Row) => latest.current.idOf(row),
      onSelect: (row: Row) => latest.current.onSelect?.(row),
      onOpen: (row: Row) => latest.current.onOpen?.(row),
      onStatus: (next: PageCacheStatus) => {
        setStatus(next);
        latest.current.onStatus?.(next);
      },
    };
    const made = new GridController<Row>(elements, listener, { id, rowHeight, headHeight: hasHead ? ROW : 0 });
    setController(made);
    const onWheel = (event: WheelEvent): void => made.onWheel(event);
    const onScroll = (): void => made.onScroll();
    // React's own would be passive: the wheel could not be kept from the scroll bar.
    elements.scroller.addEventListener('wheel', onWheel, { passive: false });
    elements.scroller.addEventListener('scroll', onScroll);
    const measure = (): void => {
      const { clientWidth, offsetWidth } = elements.scroller;
      setWidth(clientWidth);
      setBarWidth(offsetWidth - clientWidth);
    };
    const observer = new ResizeObserver(() => {
      measure();
      made.layout();
    });
    observer.observe(elements.scroller);
    measure();
    return () => {
      observer.disconnect();
      elements.scroller.removeEventListener('wheel', onWheel);
      elements.scroller.removeEventListener('scroll', onScroll);
      forgetGrid(made);
      made.dispose();
    };
  }, [id, rowHeight, hasHead]);

  useLayoutEffect(() => {
    controller?.setPainter(ownPainter ?? columnPainter(placed, templates, rowClass));
  }, [controller, ownPainter, placed, templates, rowClass]);
  useEffect(() => {
    controller?.layout();
    controller?.setSource(source, latest.current.selected);
  }, [controller, source]);
  useEffect(() => controller?.follow(selected), [controller, selected]);
  const lastRevision = useRef(revision);
  useEffect(() => {
    if (lastRevision.current !== revision) controller?.refresh();
    lastRevision.current = revision;
  }, [controller, revision]);

  const { copyText, copyRows } = useCopy(controller, source, shownColumns, props.filterOf);

  const openRowMenu = (target: EventTarget, at: { x: number; y: number }): void => {
    if (controller === null) return;
    const place = controller.rowForMenu(target);
    const row = controller.row(place);
    if (row === undefined) return;
    const cells = shownColumns.map((column) => cellOf(column, row, controller.row(place - 1)));
    const cell = cells[columnAt(target, shownColumns)] ?? null;
    const actions = {
      copyText,
      copyRows,
      hasRowFilter: props.filterOf !== undefined,
      filterBy: props.onFilter ?? null,
    };
    const more = props.rowMenu?.(row, otherOfTwo(controller, place)) ?? [];
    const entries = [
      ...more,
      ...(more.length > 0 ? [{ kind: 'separator' } as const] : []),
      ...rowEntries(cell, cells, actions),
    ];
    setMenu({ at, entries });
  };
  const openColumnMenu = (at: { x: number; y: number }): void => setMenu({ at, entries: null });

  const isEmpty = status.total === 0 && status.error === null;
  return (
    <div className="g">
      <div
        className="g-scroll"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable
        aria-rowcount={status.total === null || status.isGrowing ? -1 : status.total + (hasHead ? 1 : 0)}
        aria-colcount={Math.max(1, placed.length)}
        aria-busy={status.total === null && status.error === null}
        onClick={(event) => controller?.onClick(event.nativeEvent)}
        onDoubleClick={(event) => controller?.onDoubleClick(event.nativeEvent)}
        onFocus={(event) => {
          rememberGrid(controller);
          // A click makes its own choice of row.
          if (event.target.matches(':focus-visible')) controller?.onFocus();
        }}
        onContextMenu={(event) => {
          if (event.target instanceof Element && event.target.closest('.g-head') !== null) return;
          event.preventDefault();
          openRowMenu(event.target, menuPlace(event, controller));
        }}
        onKeyDown={(event) => {
          const isControl = event.ctrlKey || event.metaKey;
          if (isControl && event.key === 'c' && window.getSelection()?.isCollapsed !== false) copyRows('text');
          else if (controller?.onKey(event.nativeEvent) !== true) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div className="g-layer" ref={layer} role="presentation">
          {hasHead && (
            <div role="rowgroup">
              <GridHead
                columns={columns}
                placed={placed}
                state={state}
                sort={canSort ? state.sort : null}
                canSort={canSort}
                onChange={change}
                onDraft={setDraft}
                onFit={(column) => fitWidth(rows.current, column)}
                onMenu={openColumnMenu}
              />
            </div>
          )}
          <div className="g-rows" ref={rows} role="rowgroup" />
        </div>
        <div className="g-spacer" ref={spacer} />
      </div>
      {hasHead && (
        <button
          type="button"
          className="btn g g-columns"
          aria-haspopup="menu"
          aria-label="Columns"
          title="Columns"
          style={{ right: barWidth }}
          onClick={({ currentTarget }) => {
            const { right, bottom } = currentTarget.getBoundingClientRect();
            openColumnMenu({ x: right, y: bottom });
          }}
        >
          <Icon name="columns" small />
          {hasRoomForWord && 'Columns'}
        </button>
      )}
      {isEmpty && <div className="g-state">{props.empty}</div>}
      {status.error !== null && <Failed message={status.error} onRetry={() => controller?.retry()} />}
      {menu !== null && (
        <Menu
          label={menu.entries === null ? 'Columns' : 'Row'}
          at={menu.at}
          entries={menu.entries ?? columnEntries(columns, state, change)}
          onClose={() => setMenu(null)}
        />
      )}
      <GridTemplates box={templateBox} />
    </div>
  );
}

interface OpenMenu {
  readonly at: { readonly x: number; readonly y: number };
  /** null: the columns' menu, which follows what is chosen in it. */
  readonly entries: readonly MenuEntry[] | null;
}

function Failed({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div className="g-state" role="alert">
      <SeverityGlyph severity="error" label="" />
      <p>The rows could not be fetched. {message}</p>
      <button type="button" className="btn" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

/** The row that is selected beside the one at a place; undefined where there are none or more. */
function otherOfTwo<Row>(controller: GridController<Row>, place: number): Row | undefined {
  const { selection } = controller;
  if (selectedCount(selection) !== 2) return undefined;
  const other = selection.ranges.flatMap(({ from, to }) => [from, to]).find((at) => at !== place);
  return other === undefined ? undefined : controller.row(other);
}

function cellOf<Row>(column: GridColumn<Row>, row: Row, before: Row | undefined): MenuCell {
  return { name: nameOf(column), text: column.text(row, { before }), value: column.value?.(row) ?? null };
}

/** The place of the column whose cell an element lies in; -1 where it lies in none. */
function columnAt<Row>(target: EventTarget, columns: readonly GridColumn<Row>[]): number {
  const id = target instanceof Element ? target.closest<HTMLElement>('[data-column]')?.dataset.column : undefined;
  return columns.findIndex((column) => column.id === id);
}

/** Where the menu goes: at the pointer, or under the active row when a key asked for it. */
function menuPlace<Row>(
  event: { clientX: number; clientY: number; button: number; target: EventTarget },
  controller: GridController<Row> | null,
) {
  const isByKey = event.target instanceof Element && event.target.getAttribute('role') === 'grid';
  const active = isByKey ? controller?.elementOfRow(controller.selection.active) : null;
  if (active == null) return { x: event.clientX, y: event.clientY };
  const { left, bottom } = active.getBoundingClientRect();
  return { x: left + ROW, y: bottom };
}

/** The width that shows the longest cell in sight, and the header. */
function fitWidth(rows: HTMLElement | null, column: string): number {
  const range = document.createRange();
  const selector = `[data-column="${CSS.escape(column)}"]`;
  const cells = rows?.parentElement?.querySelectorAll<HTMLElement>(selector) ?? [];
  let widest = 0;
  for (const cell of cells) {
    const { paddingLeft, paddingRight } = getComputedStyle(cell);
    const content = cell.querySelector('.trunc') ?? cell;
    range.selectNodeContents(content);
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
    // Room for the sort mark.
    const mark = cell.getAttribute('role') === 'columnheader' ? 14 : 0;
    widest = Math.max(widest, range.getBoundingClientRect().width + padding + mark);
  }
  return Math.ceil(widest) + 1;
}
