import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import type { GridColumn, GridSort } from './column.ts';
import { nameOf } from './column.ts';
import { type ColumnState, moveColumn, nextSort, type PlacedColumn, resizeColumn } from './column-state.ts';

const DRAG_PX = 4;

/** The header row: a click sorts, a drag moves the column, its right border changes the width, twice on it fits. */
export function GridHead<Row>({
  columns,
  placed,
  state,
  sort,
  canSort,
  onChange,
  onDraft,
  onFit,
  onMenu,
}: {
  columns: readonly GridColumn<Row>[];
  placed: readonly PlacedColumn<Row>[];
  state: ColumnState;
  sort: GridSort | null;
  canSort: boolean;
  onChange: (part: Partial<ColumnState>) => void;
  /** While a border is dragged (null: no more) the columns are shown so, without being kept. */
  onDraft: (state: ColumnState | null) => void;
  /** The width that shows all of the column's cells in sight. */
  onFit: (column: string) => number;
  onMenu: (at: { x: number; y: number }) => void;
}) {
  const head = useRef<HTMLDivElement>(null);
  /** Where the column being dragged would go: before this one (null: behind the last). */
  const [target, setTarget] = useState<{ before: string | null } | null>(null);
  const drag = useRef<{ id: string; x: number; isMoving: boolean } | null>(null);

  const targetAt = (x: number): string | null => {
    const cells = [...(head.current?.querySelectorAll<HTMLElement>('[role="columnheader"]') ?? [])];
    const next = cells.find((cell) => {
      const { left, width } = cell.getBoundingClientRect();
      return x < left + width / 2;
    });
    return next?.dataset.column ?? null;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>, id: string): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { id, x: event.clientX, isMoving: false };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const at = drag.current;
    if (at === null) return;
    if (!at.isMoving && Math.abs(event.clientX - at.x) < DRAG_PX) return;
    at.isMoving = true;
    setTarget({ before: targetAt(event.clientX) });
  };
  const onPointerUp = (event: PointerEvent, column: GridColumn<Row>): void => {
    const at = drag.current;
    drag.current = null;
    setTarget(null);
    if (at === null) return;
    if (at.isMoving) onChange({ order: moveColumn(columns, state, at.id, targetAt(event.clientX)).order });
    else if (column.sortBy !== undefined && canSort) onChange({ sort: nextSort(sort, column.sortBy) });
  };
  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    onMenu({ x: event.clientX, y: event.clientY });
  };

  return (
    <div className="g-head" role="row" aria-rowindex={1} ref={head} onContextMenu={onContextMenu}>
      {placed.map(({ column, width }, at) => {
        const isSorted = column.sortBy !== undefined && sort?.by === column.sortBy;
        const isTarget = target !== null && target.before === column.id;
        const isTargetEnd = target !== null && target.before === null && at === placed.length - 1;
        const classes = ['g-th', column.align === 'right' ? 'num' : ''];
        if (column.sortBy !== undefined && canSort) classes.push('is-sortable');
        if (isTarget) classes.push('is-target');
        if (isTargetEnd) classes.push('is-target-end');
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 1}
            aria-label={nameOf(column)}
            aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
            title={nameOf(column)}
            className={classes.filter(Boolean).join(' ')}
            data-column={column.id}
            style={{ width }}
            onPointerDown={(event) => onPointerDown(event, column.id)}
            onPointerMove={onPointerMove}
            onPointerUp={(event) => onPointerUp(event, column)}
            onPointerCancel={() => {
              drag.current = null;
              setTarget(null);
            }}
          >
            <span className="trunc">
              {column.title === '' ? <span className="hidden-text">{column.name}</span> : column.title}
              {column.unit !== undefined && column.unit !== '' && ` ${column.unit}`}
            </span>
            {isSorted && <span className="g-sort">{sort.descending ? '▼' : '▲'}</span>}
            <Border
              width={width}
              onDrag={(to) => onDraft(resizeColumn(state, column.id, to))}
              onDrop={(to) => {
                onDraft(null);
                onChange({ widths: resizeColumn(state, column.id, to).widths });
              }}
              onFit={() => onChange({ widths: resizeColumn(state, column.id, onFit(column.id)).widths })}
            />
          </div>
        );
      })}
    </div>
  );
}

/** The border between two columns. */
function Border({
  width,
  onDrag,
  onDrop,
  onFit,
}: {
  width: number;
  onDrag: (width: number) => void;
  onDrop: (width: number) => void;
  onFit: () => void;
}) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const end = (event: PointerEvent): void => {
    event.stopPropagation();
    const from = start.current;
    start.current = null;
    if (from !== null && event.clientX !== from.x) onDrop(from.width + event.clientX - from.x);
  };
  return (
    <span
      className="g-border"
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        const from = start.current;
        if (from !== null) onDrag(from.width + event.clientX - from.x);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={onFit}
    />
  );
}
