/** Selected rows by their places, as ranges: all of three million rows are one range. */
export interface Range {
  readonly from: number;
  /** The last one. */
  readonly to: number;
}

export interface Selection {
  /** In order, not touching. */
  readonly ranges: readonly Range[];
  /** The row with the keyboard; -1: none. */
  readonly active: number;
  /** Where Shift extends from. */
  readonly anchor: number;
}

export const NO_SELECTION: Selection = { ranges: [], active: -1, anchor: -1 };

export function selectOnly(row: number): Selection {
  return row < 0 ? NO_SELECTION : { ranges: [{ from: row, to: row }], active: row, anchor: row };
}

export function selectAll(selection: Selection, total: number): Selection {
  if (total === 0) return NO_SELECTION;
  const active = Math.max(0, selection.active);
  return { ranges: [{ from: 0, to: total - 1 }], active, anchor: active };
}

/** Ctrl-click: this row in or out. */
export function toggleRow(selection: Selection, row: number): Selection {
  const ranges = isSelected(selection, row)
    ? withoutRow(selection.ranges, row)
    : withRange(selection.ranges, { from: row, to: row });
  return { ranges, active: row, anchor: row };
}

/** Shift-click: from the anchor to this row, in place of what was selected; with Ctrl beside it. */
export function extendTo(selection: Selection, row: number, isAdding = false): Selection {
  const anchor = selection.anchor < 0 ? row : selection.anchor;
  const range = { from: Math.min(anchor, row), to: Math.max(anchor, row) };
  return { ranges: isAdding ? withRange(selection.ranges, range) : [range], active: row, anchor };
}

export function isSelected({ ranges }: Selection, row: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (row < range.from) high = middle - 1;
    else if (row > range.to) low = middle + 1;
    else return true;
  }
  return false;
}

export function selectedCount({ ranges }: Selection): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Without what lies behind the last row. */
export function clipSelection(selection: Selection, total: number): Selection {
  if (total === 0) return NO_SELECTION;
  if (selection.active < total && (selection.ranges.at(-1)?.to ?? -1) < total && selection.anchor < total)
    return selection;
  const ranges = selection.ranges
    .filter(({ from }) => from < total)
    .map(({ from, to }) => ({ from, to: Math.min(to, total - 1) }));
  return { ranges, active: Math.min(selection.active, total - 1), anchor: Math.min(selection.anchor, total - 1) };
}

function withRange(ranges: readonly Range[], added: Range): Range[] {
  const before = ranges.filter(({ to }) => to < added.from - 1);
  const after = ranges.filter(({ from }) => from > added.to + 1);
  const touching = ranges.filter(({ from, to }) => to >= added.from - 1 && from <= added.to + 1);
  const from = Math.min(added.from, ...touching.map((range) => range.from));
  const to = Math.max(added.to, ...touching.map((range) => range.to));
  return [...before, { from, to }, ...after];
}

function withoutRow(ranges: readonly Range[], row: number): Range[] {
  return ranges.flatMap((range) => {
    if (row < range.from || row > range.to) return [range];
    const left = { from: range.from, to: row - 1 };
    const right = { from: row + 1, to: range.to };
    return [left, right].filter(({ from, to }) => from <= to);
  });
}
