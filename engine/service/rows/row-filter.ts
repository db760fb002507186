/** Filters of the grids: by the fields of their rows and, for calls and streams, by those of their packets too. */
import type { Dissector } from '../../../dissectors/dissector.ts';
import type { Completion } from '../../../shared/engine-api.ts';
import type { Capture } from '../../capture.ts';
import { entriesOfFrames } from '../../filter/entries-of-packets.ts';
import {
  type CheckedFilter,
  checkFilter,
  type CheckResult,
  completeFilter,
  filterCalls,
  filterPackets,
  filterStreams,
  type FilterTable,
} from '../../filter/index.ts';

const MOST_ITEMS = 50;

/** A filter on the rows' own fields, else one on packets; where it is neither, what is wrong with it as the latter. */
export function checkRowFilter(text: string, table: FilterTable, dissectors: readonly Dissector[]): CheckResult {
  const own = checkFilter(text, table, dissectors);
  return own.ok || table === 'packets' ? own : checkFilter(text, 'packets', dissectors);
}

/**
 * Numbers of the rows that pass, ascending; null where all do. A filter on packets lets a call or stream through that has
 * a packet which passes. Rejects with an AbortError when cancelled.
 */
export async function rowsPassing(
  capture: Capture,
  filter: CheckedFilter,
  table: FilterTable,
  signal: AbortSignal,
): Promise<Uint32Array | null> {
  if (filter.table === 'calls') return filterCalls(capture, filter, { signal });
  if (filter.table === 'streams') return filterStreams(capture, filter, { signal });
  const frames = await filterPackets(capture, filter, { signal });
  return frames === null || table === 'packets' ? frames : entriesOfFrames(capture, frames, table);
}

/** Completions for the rows' own fields, then for those of their packets. */
export function completeRowFilter(text: string, cursor: number, table: FilterTable, capture: Capture): Completion {
  const { dissectors } = capture.store;
  const ofPackets = completeFilter(text, cursor, 'packets', dissectors, capture);
  if (table === 'packets') return ofPackets;
  const own = completeFilter(text, cursor, table, dissectors, capture);
  const known = new Set(own.items.map((item) => item.text));
  const more = ofPackets.items.filter((item) => !known.has(item.text));
  return { ...own, items: [...own.items, ...more].slice(0, MOST_ITEMS) };
}
