/**
 * Chromium lays out lengths as 1/64 px in 32 bits: nothing can be longer than 33,554,428 px, which is 1.5 million rows of
 * 22 px. A scroll bar of that length at most stands for any number of rows.
 */
export const LONGEST_SCROLL = 30_000_000;

/** How a scroll bar's place and the place in the rows belong together; all in px. */
export interface ScrollMap {
  /** Length of all rows. */
  readonly contentLength: number;
  /** What the scroll bar is made to believe. */
  readonly scrollLength: number;
  /** The furthest that the rows' and the scroll bar's top can go. */
  readonly maxTop: number;
  readonly maxScroll: number;
  /** A px of the scroll bar is a px of the rows. */
  readonly isExact: boolean;
}

export function scrollMap(rows: number, rowHeight: number, viewport: number, longest = LONGEST_SCROLL): ScrollMap {
  const contentLength = rows * rowHeight;
  const scrollLength = Math.min(contentLength, longest);
  return {
    contentLength,
    scrollLength,
    maxTop: Math.max(0, contentLength - viewport),
    maxScroll: Math.max(0, scrollLength - viewport),
    isExact: contentLength <= longest,
  };
}

/** The rows' top for the scroll bar's. */
export function topOf(map: ScrollMap, scroll: number): number {
  if (map.isExact) return clampTop(map, scroll);
  return map.maxScroll === 0 ? 0 : clampTop(map, Math.round((scroll / map.maxScroll) * map.maxTop));
}

/** The scroll bar's top for the rows'. */
export function scrollOf(map: ScrollMap, top: number): number {
  if (map.isExact) return clampTop(map, top);
  return map.maxTop === 0 ? 0 : Math.round((clampTop(map, top) / map.maxTop) * map.maxScroll);
}

export function clampTop(map: ScrollMap, top: number): number {
  return Math.min(map.maxTop, Math.max(0, top));
}

/** The top that shows a row: none of it changes where the row is in sight. */
export function topShowing(
  map: ScrollMap,
  top: number,
  row: number,
  rowHeight: number,
  viewport: number,
  where: 'nearest' | 'centre',
): number {
  const start = row * rowHeight;
  if (start >= top && start + rowHeight <= top + viewport) return top;
  if (where === 'centre') return clampTop(map, Math.round(start - (viewport - rowHeight) / 2));
  return clampTop(map, start < top ? start : start + rowHeight - viewport);
}
