import { useCallback, useEffect, useRef } from 'react';
import { isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { update } from '../../model/store.ts';
import type { GridColumn } from './column.ts';
import { MOST_ROWS_COPIED, rowsOfRanges, writeClipboard } from './copy-rows.ts';
import { rowsAsCsv, rowsAsJson, rowsAsText } from './copy-text.ts';
import type { GridController } from './grid-controller.ts';
import type { RowSource } from './row-source.ts';
import { selectedCount } from './selection.ts';

export type CopyKind = 'text' | 'csv' | 'json' | 'filter';

/** Puts text or the selected rows on the clipboard and says so. A copy under way ends where another begins. */
export function useCopy<Row>(
  controller: GridController<Row> | null,
  source: RowSource<Row>,
  columns: readonly GridColumn<Row>[],
  filterOf: ((rows: readonly Row[]) => string | null) | undefined,
): { copyText: (text: string) => void; copyRows: (as: CopyKind) => void } {
  const underWay = useRef<AbortController | null>(null);
  useEffect(() => () => underWay.current?.abort(), []);
  const copyText = useCallback((text: string): void => {
    writeClipboard(text).then(() => update({ notice: 'Copied.' }), sayWhy);
  }, []);
  const copyRows = (as: CopyKind): void => {
    if (controller === null) return;
    underWay.current?.abort();
    const abort = new AbortController();
    underWay.current = abort;
    const { selection } = controller;
    const copy = async (): Promise<void> => {
      const rows = await rowsOfRanges(source, selection.ranges, abort.signal);
      await writeClipboard(rowsAs(as, columns, rows, filterOf));
      update({ notice: copiedNotice(rows.length, selectedCount(selection)) });
    };
    copy().catch(sayWhy);
  };
  return { copyText, copyRows };
}

function sayWhy(error: unknown): void {
  if (!isCancelled(error)) update({ notice: sentenceOf(error) });
}

function rowsAs<Row>(
  as: CopyKind,
  columns: readonly GridColumn<Row>[],
  rows: readonly Row[],
  filterOf: ((rows: readonly Row[]) => string | null) | undefined,
): string {
  if (as === 'text') return rowsAsText(columns, rows);
  if (as === 'csv') return rowsAsCsv(columns, rows);
  return as === 'json' ? rowsAsJson(rows) : (filterOf?.(rows) ?? '');
}

function copiedNotice(copied: number, wanted: number): string {
  if (copied < wanted && copied === MOST_ROWS_COPIED)
    return `The first ${formatCount(copied)} of ${formatCount(wanted)} rows were copied.`;
  return copied === 1 ? 'One row was copied.' : `${formatCount(copied)} rows were copied.`;
}
