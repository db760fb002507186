import type { Page, RowSource } from './row-source.ts';
import type { Range } from './selection.ts';

/** More rows than this are not put on the clipboard. */
export const MOST_ROWS_COPIED = 100_000;
const ROWS_PER_QUESTION = 1000;

/** The selected rows, fetched in pages; the first hundred thousand. */
export async function rowsOfRanges<Row>(
  source: RowSource<Row>,
  ranges: readonly Range[],
  signal: AbortSignal,
  most = MOST_ROWS_COPIED,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { from, to } of ranges) {
    for (let at = from; at <= to && rows.length < most; ) {
      const count = Math.min(ROWS_PER_QUESTION, to - at + 1, most - rows.length);
      const page: Page<Row> = await source.page(at, count, signal);
      // Fewer rows than there were: the list became shorter.
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
      at += page.rows.length;
    }
  }
  return rows;
}

/** Puts text on the clipboard; rejects where that is not allowed. */
export async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyByEvent(text)) throw new Error('The clipboard cannot be written to.');
  }
}

/** The older way, which works without the permission that the newer one asks for. */
function copyByEvent(text: string): boolean {
  let isDone = false;
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    isDone = true;
  };
  document.addEventListener('copy', onCopy);
  document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return isDone;
}
