/** What the filter knows of a field: its type, and where its values come from. */
import type { FilterField, FilterType } from '../../base/filter-field.ts';
import type { CallRow, StreamRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { FlowTable } from '../store/flow-table.ts';

/**
 * A value as it is compared: IPv4 and hardware addresses as numbers, IPv6 as a big integer, durations in nanoseconds,
 * times in seconds, booleans as 0 and 1, the octets of a protocol as Latin-1 text.
 */
export type Value = number | bigint | string;

/** A call or stream, and the streams of the one and the call of the other. */
export interface EntryValues {
  readonly call: CallRow | null;
  readonly streams: readonly StreamRow[];
}

export type FieldSource =
  /** A number or text of every frame. */
  | { readonly kind: 'frame'; readonly read: (capture: Capture, frame: number) => number | string }
  /** What all packets of a flow have in common; none where the flow is of another kind. */
  | { readonly kind: 'flow'; readonly read: (flows: FlowTable, flow: number) => readonly Value[] }
  /** A column of the dissector's rows. */
  | { readonly kind: 'rows'; readonly dissector: string; readonly field: FilterField }
  /** Whether a dissector took the packet, or a part of it. */
  | { readonly kind: 'dissector'; readonly dissector: string }
  /** Only in the packet. */
  | { readonly kind: 'tree' }
  /** Of the call or the stream that a packet belongs to. `read` is called once for each. */
  | {
      readonly kind: 'entry';
      readonly of: 'call' | 'stream';
      readonly read: (entry: EntryValues) => readonly (Value | null)[];
    }
  /** The number of the ICE session or TURN allocation that a packet belongs to. */
  | { readonly kind: 'ice'; readonly of: 'session' | 'allocation' };

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly type: FilterType;
  readonly source: FieldSource;
  /** What the field is called where a packet is described; a field that stands for several has several. */
  readonly parts: readonly string[];
  /** Bits of the part's value that the field is. */
  readonly bit?: { readonly mask: number; readonly shift: number };
  /** The dissector that shows it, or the protocol below; '' for one that any packet may have. */
  readonly owner: string;
  readonly isVerbatim: boolean;
  /** Nobody said what its values are: they are numbers where the filter compares with a number. */
  readonly isUntyped?: boolean;
}

type Basics = Pick<FilterField, 'id' | 'label' | 'type'> & { readonly isVerbatim?: boolean };

export function makeField(
  { id, label, type, isVerbatim = false }: Basics,
  owner: string,
  source: FieldSource,
  parts: readonly string[] = [id],
): Field {
  return { id, label, type, source, parts, owner, isVerbatim };
}
