/** The calls and streams that a filter lets through. */
import type { Capture } from '../capture.ts';
import type { CheckedFilter, Leaf, PlanNode } from './check.ts';
import { EntryRows, entryState } from './entry-conditions.ts';
import type { EntryValues } from './field.ts';
import { Yes } from './ternary.ts';
import { type FilterOptions, Turns } from './turns.ts';

/**
 * Indices into `capture.calls.entries`, ascending; null where the filter is empty. A condition on streams holds where
 * it holds for one of the call's. Rejects with an AbortError when cancelled.
 */
export function filterCalls(
  capture: Capture,
  filter: CheckedFilter,
  options: FilterOptions = {},
): Promise<Uint32Array | null> {
  const rows = new EntryRows(capture);
  const { entries } = capture.calls;
  return passing(filter, entries.length, options, (index) => ({
    call: rows.call(index),
    streams: rows.streamsOf(index),
  }));
}

/**
 * Indices into `capture.streams.streams`, ascending; null where the filter is empty. A condition on calls is one on the
 * stream's call. Rejects with an AbortError when cancelled.
 */
export function filterStreams(
  capture: Capture,
  filter: CheckedFilter,
  options: FilterOptions = {},
): Promise<Uint32Array | null> {
  const rows = new EntryRows(capture);
  const { streams } = capture.streams;
  return passing(filter, streams.length, options, (index) => {
    const { call, index: candidate } = streams[index];
    const row = rows.stream(candidate);
    return {
      call: call < 0 ? null : rows.call(call),
      streams: row === null ? [] : [row],
      streamsOfCall: call < 0 ? [] : rows.streamsOf(call),
    };
  });
}

type Entry = EntryValues & { readonly streamsOfCall?: EntryValues['streams'] };

async function passing(
  { root, leaves }: CheckedFilter,
  count: number,
  { signal, onProgress }: FilterOptions,
  entryAt: (index: number) => Entry,
): Promise<Uint32Array | null> {
  if (root === null) return null;
  const turns = new Turns(signal);
  const passed: number[] = [];
  for (let index = 0; index < count; index++) {
    const entry = entryAt(index);
    if (passes(root, leaves, entry)) passed.push(index);
    await turns.wait();
    if (index % 1000 === 0) onProgress?.(index, count);
  }
  return Uint32Array.from(passed);
}

function passes(node: PlanNode, leaves: readonly Leaf[], entry: Entry): boolean {
  if (node.kind === 'not') return !passes(node.part, leaves, entry);
  if (node.kind === 'leaf') return isTrue(leaves[node.index], entry);
  const { parts } = node;
  return node.kind === 'and'
    ? parts.every((part) => passes(part, leaves, entry))
    : parts.some((part) => passes(part, leaves, entry));
}

function isTrue(leaf: Leaf, entry: Entry): boolean {
  const { source } = leaf.field;
  if (source.kind !== 'entry') return false;
  // What a call's media is like is said by all its streams.
  const about =
    source.of === 'call' && entry.streamsOfCall !== undefined ? { ...entry, streams: entry.streamsOfCall } : entry;
  return entryState(leaf, source.read(about)) === Yes;
}
