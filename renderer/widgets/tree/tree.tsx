import './tree.css';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Icon } from '../icon.tsx';
import { revealRow, useScroll, visibleRows } from '../use-scroll.ts';
import type { TreeRow } from './flatten.ts';
import { treeMove } from './tree-keys.ts';

const ROW_PX = 20;

export interface TreeProps<Item> {
  readonly label: string;
  readonly rows: readonly TreeRow<Item>[];
  /** Path of the selected row; null for none. */
  readonly selected: string | null;
  /** Grows when the selected row has to be brought into view; walking by keyboard does so by itself. */
  readonly revealed: number;
  /** What stands on a line. */
  readonly render: (item: Item, row: TreeRow<Item>) => ReactNode;
  /** Further class names of a line. */
  readonly classOf?: (item: Item, row: TreeRow<Item>) => string;
  readonly onSelect: (path: string) => void;
  readonly onToggle: (paths: readonly string[], isOpen: boolean) => void;
  readonly onHover?: (path: string | null) => void;
  /** Context menu of the selected row, by mouse or keyboard, at a place of the window. */
  readonly onMenu?: (path: string, x: number, y: number) => void;
  /** Keys the tree has no use for. */
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** A tree of lines, each 20 px; only those in view are in the document. One tab stop; keys as ARIA's tree pattern. */
export function Tree<Item>(props: TreeProps<Item>) {
  const { label, rows, selected, revealed, render, classOf, onSelect, onToggle, onHover, onMenu, onKey } = props;
  const element = useRef<HTMLDivElement>(null);
  const id = useId();
  const scroll = useScroll(element);
  const [from, to] = visibleRows(scroll, ROW_PX, rows.length);
  const selectedRow = selected === null ? -1 : rows.findIndex(({ path }) => path === selected);
  // Whoever asks for a row to be seen has just opened what lies above it, so the row is known in this very drawing.
  const latest = useRef(selectedRow);
  latest.current = selectedRow;
  useLayoutEffect(() => {
    if (element.current !== null && latest.current >= 0) revealRow(element.current, latest.current, ROW_PX);
  }, [revealed]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const pageRows = Math.max(1, Math.floor(scroll.height / ROW_PX) - 1);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const move = isPlain ? treeMove(event.key, rows, selectedRow, pageRows) : null;
    if (onMenu !== undefined && selectedRow >= 0 && isMenuKey(event)) {
      const box = element.current?.getBoundingClientRect();
      if (box === undefined || element.current === null) return;
      event.preventDefault();
      const y = box.top + (selectedRow + 1) * ROW_PX - element.current.scrollTop;
      onMenu(rows[selectedRow].path, box.left + 32, Math.min(y, box.bottom));
    } else if (move !== null) {
      event.preventDefault();
      if (move.kind === 'select') {
        onSelect(rows[move.row].path);
        if (element.current !== null) revealRow(element.current, move.row, ROW_PX);
      } else if (move.kind === 'open-siblings') {
        const { parent } = rows[move.row];
        const siblings = rows.filter((row) => row.parent === parent && row.hasChildren);
        onToggle(
          siblings.map(({ path }) => path),
          true,
        );
      } else onToggle([rows[move.row].path], move.kind === 'open');
    } else onKey?.(event);
  };

  const rowAt = (event: MouseEvent): TreeRow<Item> | undefined => {
    const line = (event.target as Element).closest<HTMLElement>('[data-row]');
    return line === null ? undefined : rows[Number(line.dataset.row)];
  };
  const onClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (row === undefined) return;
    onSelect(row.path);
    if ((event.target as Element).closest('.tree-twist') !== null && row.hasChildren) onToggle([row.path], !row.isOpen);
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    const isTwist = (event.target as Element).closest('.tree-twist') !== null;
    if (row?.hasChildren === true && !isTwist) onToggle([row.path], !row.isOpen);
  };
  const onContextMenu = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (row === undefined || onMenu === undefined) return;
    event.preventDefault();
    onSelect(row.path);
    onMenu(row.path, event.clientX, event.clientY);
  };

  return (
    <div
      ref={element}
      className="tree mono"
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={selectedRow >= from && selectedRow < to ? `${id}-${selectedRow}` : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onContextMenu={onContextMenu}
      onMouseOver={onHover === undefined ? undefined : (event) => onHover(rowAt(event)?.path ?? null)}
      onMouseLeave={onHover === undefined ? undefined : () => onHover(null)}
    >
      <div role="presentation" className="tree-space" style={{ height: rows.length * ROW_PX }}>
        {rows.slice(from, to).map((row, offset) => {
          const index = from + offset;
          const isSelected = index === selectedRow;
          return (
            <div
              key={row.path}
              id={`${id}-${index}`}
              data-row={index}
              role="treeitem"
              className={`tree-row${isSelected ? ' sel' : ''} ${classOf?.(row.item, row) ?? ''}`}
              style={{ top: index * ROW_PX, paddingLeft: 10 + row.depth * 14 }}
              aria-level={row.depth + 1}
              aria-posinset={row.position}
              aria-setsize={row.setSize}
              aria-selected={isSelected}
              aria-expanded={row.hasChildren ? row.isOpen : undefined}
            >
              <span className="tree-twist">
                {row.hasChildren && (
                  <span className={row.isOpen ? 'tree-open' : 'tree-shut'}>
                    <Icon name="forward" small />
                  </span>
                )}
              </span>
              {render(row.item, row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The keys that open a context menu. */
export function isMenuKey(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
}
