/** What the views of rows have in common: their query, their filter, their empty states. */
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { RowsQuery, TableName } from '../../../shared/engine-api.ts';
import { ask, isCancelled } from '../../client/client.ts';
import { useQuery } from '../../client/use-query.ts';
import type { TimeContext } from '../../model/format/times.ts';
import { go, move } from '../../model/navigate.ts';
import type { Place, ViewName } from '../../model/place.ts';
import { getState, update, useApp } from '../../model/store.ts';
import { andFilter } from './filter-text.ts';
import type { PageCacheStatus } from './page-cache.ts';
import { engineSource } from './row-source.ts';
import { useColumnState } from './use-column-state.ts';

/** Rows further apart in time than this are places of their own for back and forward. */
const WALK_MS = 1000;
let lastWalk = 0;

/** Goes to a row. Those passed on the way there are no places to come back to. */
export function walkTo(change: Partial<Place>): void {
  const now = performance.now();
  if (now - lastWalk > WALK_MS) go(change);
  else move(change);
  lastWalk = now;
}

/** How times are shown now. */
export function useTimeContext(): TimeContext {
  const format = useApp((state) => state.timeFormat);
  const zone = useApp((state) => state.timeZone);
  const known = useApp(({ capture }) => (capture.status === 'open' ? capture.result.info.firstTime : null));
  // While the capture is read its first packet says when it starts.
  const isAsked = format === 'since-start' && known === null;
  const query: RowsQuery = { table: 'packets', filter: '', sort: null };
  const { data } = useQuery('rows.page', isAsked ? { query, from: 0, count: 1 } : null);
  const first = data?.rows[0];
  const start = known ?? (first !== undefined && 'info' in first ? first.time : null);
  return useMemo(() => ({ format, zone, start }), [format, zone, start]);
}

/**
 * The place's filter as far as it means something for a table. One that does not (it was made for another view) leaves
 * the last that did.
 */
function useGoodFilter(table: TableName, isMain: boolean): string {
  const filter = useApp((state) => (isMain ? state.place.filter : ''));
  const [good, setGood] = useState('');
  useEffect(() => {
    if (filter === '') {
      setGood('');
      return;
    }
    const abort = new AbortController();
    ask('filter.check', { filter, table }, { signal: abort.signal }).then(
      ({ error }) => error === null && setGood(filter),
      // The rows themselves will say what is wrong.
      (error: unknown) => !isCancelled(error) && setGood(filter),
    );
    return () => abort.abort();
  }, [filter, table]);
  return filter === '' ? '' : good;
}

/** The source of a view's rows: its filter, its sort (once all rows are read), the call and stream it is narrowed to. */
export function useRows<Table extends TableName>(
  table: Table,
  options: { grid: string; view: ViewName; call?: string | null; stream?: string | null; sortBy?: RowsQuery['sort'] },
) {
  const { grid, view, call = null, stream = null } = options;
  const isMain = useApp((state) => state.place.view === view);
  const isReading = useApp((state) => state.capture.status === 'reading');
  const filter = useGoodFilter(table, isMain);
  const [{ sort }] = useColumnState(grid);
  const wanted = options.sortBy === undefined ? sort : options.sortBy;
  const by = isReading ? null : (wanted?.by ?? null);
  const descending = wanted?.descending === true;
  const source = useMemo(
    () => engineSource({ table, filter, call, stream, sort: by === null ? null : { by, descending } }),
    [table, filter, call, stream, by, descending],
  );
  return { source, filter, isMain, canSort: !isReading };
}

/** Tells the status bar and the filter field how many rows are shown. */
export function useShown(what: string, isMain: boolean): (status: PageCacheStatus) => void {
  useEffect(() => {
    if (isMain) return () => update({ shown: null });
  }, [isMain]);
  return useCallback(
    ({ total, unfiltered }: PageCacheStatus) => {
      if (!isMain || total === null) return;
      const { shown } = getState();
      if (shown?.shown === total && shown.of === unfiltered && shown.what === what) return;
      update({ shown: { shown: total, of: unfiltered, what } });
    },
    [what, isMain],
  );
}

/** Narrows the filter of the view at hand, or of another one that is gone to. */
export function narrowFilter(condition: string, isNegated: boolean, view: ViewName): void {
  const { place } = getState();
  const before = place.view === view ? place.filter : '';
  go({ view, filter: andFilter(before, condition, isNegated) });
}

/** Why there is no row, and what to do about it. */
export function EmptyRows({
  what,
  filter,
  children,
}: {
  /** `call`, `packet`. */
  what: string;
  filter: string;
  /** Where the capture has none: a sentence, a way on. */
  children: ReactNode;
}) {
  const isReading = useApp((state) => state.capture.status === 'reading');
  if (filter !== '')
    return (
      <>
        <h2>
          No {what} matches the filter{isReading ? ' so far' : ''}.
        </h2>
        <p className="mono">{filter}</p>
        <button type="button" className="btn" onClick={() => go({ filter: '' })}>
          Clear the filter
        </button>
      </>
    );
  if (isReading) return <p>No {what} so far; the capture is still being read.</p>;
  return children;
}
