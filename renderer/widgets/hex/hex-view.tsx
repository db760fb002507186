import './hex.css';
import { type KeyboardEvent, type MouseEvent, memo, useId, useLayoutEffect, useRef } from 'react';
import { isMenuKey } from '../tree/tree.tsx';
import { revealRow, useScroll, visibleRows } from '../use-scroll.ts';
import { asciiOf, hexMove, hexOf, OCTETS_PER_ROW, offsetText } from './hex-format.ts';

const ROW_PX = 16;
const OCTET_PX = 16;
/** Between the eighth and the ninth octet. */
const MIDDLE_PX = 6;

/** Octets `[at, at + length)`. */
export interface OctetRange {
  readonly at: number;
  readonly length: number;
}

export interface HexViewProps {
  readonly label: string;
  readonly bytes: Uint8Array;
  /** What is selected, what holds it, and what the pointer is on elsewhere. */
  readonly selected: OctetRange | null;
  readonly parent: OctetRange | null;
  readonly hovered: OctetRange | null;
  /** The octet that the keyboard is on. */
  readonly cursor: number;
  /** Grows when the selection has to be brought into view. */
  readonly revealed: number;
  /** An octet was clicked or walked to; `extend` keeps the other end of what is selected. */
  readonly onOctet: (at: number, extend: boolean) => void;
  readonly onMenu?: (x: number, y: number) => void;
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** Offsets, octets and characters, 16 a row; only rows in view are in the document. */
export function HexView(props: HexViewProps) {
  const { label, bytes, selected, parent, hovered, cursor, revealed, onOctet, onMenu, onKey } = props;
  const element = useRef<HTMLDivElement>(null);
  const isDragging = useRef(false);
  const id = useId();
  const scroll = useScroll(element);
  const rowCount = Math.ceil(bytes.length / OCTETS_PER_ROW);
  const [from, to] = visibleRows(scroll, ROW_PX, rowCount);

  const latest = useRef(selected);
  latest.current = selected;
  useLayoutEffect(() => {
    const range = latest.current;
    if (element.current === null || range === null || range.length === 0) return;
    // The end first: of a long range its start is what is wanted.
    revealRow(element.current, Math.floor((range.at + range.length - 1) / OCTETS_PER_ROW), ROW_PX);
    revealRow(element.current, Math.floor(range.at / OCTETS_PER_ROW), ROW_PX);
  }, [revealed]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (onMenu !== undefined && isMenuKey(event)) {
      const box = element.current?.getBoundingClientRect();
      event.preventDefault();
      if (box !== undefined) onMenu(box.left + 48, box.top + 16);
      return;
    }
    const pageRows = Math.max(1, Math.floor(scroll.height / ROW_PX) - 1);
    const next = event.altKey
      ? null
      : hexMove(event.key, cursor, bytes.length, pageRows, event.ctrlKey || event.metaKey);
    if (next === null) {
      onKey?.(event);
      return;
    }
    event.preventDefault();
    onOctet(next, event.shiftKey);
    if (element.current !== null) revealRow(element.current, Math.floor(next / OCTETS_PER_ROW), ROW_PX);
  };

  const onMouseDown = (event: MouseEvent): void => {
    const at = octetAt(event);
    if (at === null || event.button !== 0) return;
    // The browser's own selection of text would lie over ours.
    event.preventDefault();
    element.current?.focus();
    isDragging.current = true;
    onOctet(at, event.shiftKey);
  };
  const onMouseMove = (event: MouseEvent): void => {
    if (!isDragging.current) return;
    if (event.buttons === 0) isDragging.current = false;
    const at = octetAt(event);
    if (isDragging.current && at !== null && at !== cursor) onOctet(at, true);
  };
  const onContextMenu = (event: MouseEvent): void => {
    const at = octetAt(event);
    if (onMenu === undefined) return;
    event.preventDefault();
    const isInside = at !== null && selected !== null && at >= selected.at && at < selected.at + selected.length;
    if (at !== null && !isInside) onOctet(at, false);
    onMenu(event.clientX, event.clientY);
  };

  const cursorRow = Math.floor(cursor / OCTETS_PER_ROW);
  const isCursorDrawn = bytes.length > 0 && cursorRow >= from && cursorRow < to;
  return (
    <div
      ref={element}
      className="hex mono"
      role="grid"
      aria-label={label}
      aria-readonly="true"
      aria-rowcount={rowCount}
      aria-colcount={OCTETS_PER_ROW + 1}
      aria-activedescendant={isCursorDrawn ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onMouseMove={onMouseMove}
      onMouseUp={() => {
        isDragging.current = false;
      }}
      onContextMenu={onContextMenu}
    >
      <div role="rowgroup" className="hex-space" style={{ height: rowCount * ROW_PX }}>
        {Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
          const row = from + offset;
          const within = (range: OctetRange | null): string => cut(range, row);
          return (
            <HexRow
              key={row}
              id={id}
              row={row}
              bytes={bytes}
              selected={within(selected)}
              parent={within(parent)}
              hovered={within(hovered)}
              cursor={cursorRow === row ? cursor % OCTETS_PER_ROW : -1}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The octet under the pointer; null for none. */
function octetAt(event: MouseEvent): number | null {
  const cell = (event.target as Element).closest<HTMLElement>('[data-at]');
  return cell === null ? null : Number(cell.dataset.at);
}

/** The part of a range that lies in a row as `from-to`; '' for none. A string, so that a row is drawn anew only when its own part changes. */
function cut(range: OctetRange | null, row: number): string {
  if (range === null) return '';
  const from = Math.max(range.at - row * OCTETS_PER_ROW, 0);
  const to = Math.min(range.at + range.length - row * OCTETS_PER_ROW, OCTETS_PER_ROW);
  return from < to ? `${from}-${to}` : '';
}

function isIn(part: string, column: number): boolean {
  if (part === '') return false;
  const [from, to] = part.split('-');
  return column >= Number(from) && column < Number(to);
}

interface HexRowProps {
  readonly id: string;
  readonly row: number;
  readonly bytes: Uint8Array;
  readonly selected: string;
  readonly parent: string;
  readonly hovered: string;
  readonly cursor: number;
}

const HexRow = memo(function HexRow({ id, row, bytes, selected, parent, hovered, cursor }: HexRowProps) {
  const start = row * OCTETS_PER_ROW;
  const octets = bytes.subarray(start, start + OCTETS_PER_ROW);
  const offset = offsetText(start, bytes.length);
  // The last row's text stands below that of the others.
  const missing = (OCTETS_PER_ROW - octets.length) * OCTET_PX + (octets.length < 8 ? MIDDLE_PX : 0);
  const classOf = (column: number): string | undefined => {
    if (isIn(selected, column)) return 'hex-sel';
    if (isIn(hovered, column)) return 'hex-over';
    return isIn(parent, column) ? 'hex-par' : undefined;
  };
  return (
    <div className="hex-row" role="row" aria-rowindex={row + 1} style={{ top: row * ROW_PX }}>
      <span className="hex-at" role="rowheader" style={{ width: offset.length * 7 + 4 }}>
        {offset}
      </span>
      {Array.from(octets, (octet, column) => (
        <i
          key={column}
          id={`${id}-${start + column}`}
          data-at={start + column}
          role="gridcell"
          aria-colindex={column + 2}
          aria-selected={isIn(selected, column)}
          className={`${classOf(column) ?? ''}${column === cursor ? ' hex-cur' : ''}`}
        >
          {hexOf(octet)}
        </i>
      ))}
      <span className="hex-text" aria-hidden="true" style={{ marginLeft: 8 + missing }}>
        {Array.from(octets, (octet, column) => (
          <b key={column} data-at={start + column} className={classOf(column)}>
            {asciiOf(octet)}
          </b>
        ))}
      </span>
    </div>
  );
});
