/** Values of a field that a capture has, for completion. */
import type { CompletionItem } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { iceListsOf } from '../query/ice/ice-lists.ts';
import { formatSsrc } from '../query/stream-rows.ts';
import { EntryRows } from './entry-conditions.ts';
import type { Field, FieldSource, Value } from './field.ts';
import { formatValue } from './values.ts';

/** Rows, flows, calls that values are taken from: enough for a list, whatever the capture's size. */
const MOST_ROWS = 100_000;
const MOST_FLOWS = 20_000;
const MOST_ENTRIES = 2_000;
/** Different values that are counted. */
const MOST_VALUES = 10_000;

/** The values of a field, the commonest first; none of a field that is only in the packets. */
export function valuesIn(field: Field, capture: Capture): CompletionItem[] {
  const counts = new Map<string, number>();
  for (const value of allValues(field.source, capture)) {
    if (value === null || value === '') continue;
    const isSsrc = field.id.endsWith('.ssrc') && typeof value === 'number';
    const text = isSsrc ? formatSsrc(value) : formatValue(field.type, value);
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (counts.size < MOST_VALUES) counts.set(text, 1);
  }
  if (field.type === 'boolean') for (const text of ['true', 'false']) if (!counts.has(text)) counts.set(text, 0);
  const unit = UNITS[field.source.kind] ?? 'packet';
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([text, count]) => ({ text, kind: 'value', detail: `${count} ${unit}${count === 1 ? '' : 's'}` }));
}

const UNITS: Readonly<Partial<Record<FieldSource['kind'], string>>> = {
  rows: 'message',
  flow: 'flow',
  entry: 'row',
  ice: 'row',
};

function* allValues(source: FieldSource, capture: Capture): Generator<Value | null> {
  const { store, calls, streams } = capture;
  if (source.kind === 'rows') {
    const layer = store.layers[store.dissectorIds.indexOf(source.dissector)];
    const { type, names } = source.field;
    for (let row = 0; row < Math.min(layer.count, MOST_ROWS); row++) {
      const value = source.field.column?.(layer.rows.columns, row) ?? -1;
      if (value < 0) continue;
      yield type === 'text' ? (names?.[value] ?? store.strings.text(value)) : value;
    }
  } else if (source.kind === 'flow') {
    for (let flow = 1; flow <= Math.min(store.flows.count, MOST_FLOWS); flow++) yield* source.read(store.flows, flow);
  } else if (source.kind === 'ice') {
    const { sessions, allocations } = iceListsOf(capture);
    for (const { number } of (source.of === 'session' ? sessions : allocations).slice(0, MOST_ENTRIES)) yield number;
  } else if (source.kind === 'entry') {
    const rows = new EntryRows(capture);
    if (source.of === 'stream') {
      for (const { index } of streams.streams.slice(0, MOST_ENTRIES)) {
        const row = rows.stream(index);
        if (row !== null) yield* source.read({ call: null, streams: [row] });
      }
    } else {
      for (let index = 0; index < Math.min(calls.entries.length, MOST_ENTRIES); index++) {
        yield* source.read({ call: rows.call(index), streams: rows.streamsOf(index) });
      }
    }
  }
}
