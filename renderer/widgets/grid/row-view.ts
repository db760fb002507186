import { paintParts, paintText, type Templates } from './cell-paint.ts';
import type { CellContext } from './column.ts';
import type { PlacedColumn } from './column-state.ts';

/** Fills the row elements of a grid's body. */
export interface RowPainter<Row> {
  /** Changes whenever rows that were painted have to be painted again. */
  readonly version: object;
  /** Puts the empty cells into a new row element. */
  readonly build: (element: HTMLElement) => void;
  readonly paint: (element: HTMLElement, row: Row, context: CellContext<Row>) => void;
  /** Empties the cells: the row is under way. */
  readonly clear: (element: HTMLElement) => void;
}

/** A cell for each column. */
export function columnPainter<Row>(
  placed: readonly PlacedColumn<Row>[],
  templates: Templates,
  rowClass: (row: Row) => string,
): RowPainter<Row> {
  return {
    version: placed,
    build: (element) => {
      element.replaceChildren(...placed.map(({ column, width }, at) => buildCell(column, width, at)));
    },
    paint: (element, row, context) => {
      setClass(element, `g-row ${rowClass(row)}`);
      placed.forEach(({ column }, at) => {
        const cell = element.children[at] as HTMLElement;
        setClass(cell, `${cell.dataset.look} ${column.tone?.(row) ?? ''}`);
        if (column.parts === undefined) paintText(cell, column.text(row, context));
        else paintParts(cell, column.parts(row, context), templates);
      });
    },
    clear: (element) => {
      setClass(element, 'g-row is-under-way');
      for (const cell of element.children) cell.textContent = '';
    },
  };
}

function buildCell<Row>(column: PlacedColumn<Row>['column'], width: number, at: number): HTMLElement {
  const cell = document.createElement('div');
  const look = ['g-cell', column.align === 'right' ? 'num' : '', column.isMono === true ? 'm' : ''];
  if (column.parts !== undefined) look.push('g-parts');
  cell.dataset.look = look.filter(Boolean).join(' ');
  cell.className = cell.dataset.look;
  cell.dataset.column = column.id;
  cell.setAttribute('role', 'gridcell');
  cell.setAttribute('aria-colindex', String(at + 1));
  cell.style.width = `${width}px`;
  return cell;
}

function setClass(element: HTMLElement, name: string): void {
  if (element.className !== name) element.className = name;
}
