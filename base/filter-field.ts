/** Fields that the display filter knows, as a dissector declares them. */
import type { Column } from './columns.ts';
import type { ColumnSpec } from './table.ts';

/**
 * What a field's values are. `protocol` is there or not, and can be searched; `time` and `duration` are in seconds;
 * `address` is IPv4 or IPv6; `id` is the number of a row (`7` or `c7`); `octets` is text, that of all octets of the
 * node; `node` has no value of its own.
 */
export type FilterType =
  | 'protocol'
  | 'node'
  | 'text'
  | 'octets'
  | 'number'
  | 'boolean'
  | 'ipv4'
  | 'ipv6'
  | 'address'
  | 'mac'
  | 'time'
  | 'duration'
  | 'id';

/** The row has no such field. */
export const ABSENT = -1;
/** The columns cannot tell: the packet has to be read again. */
export const UNKNOWN = -2;

export interface FilterField<C extends ColumnSpec = ColumnSpec> {
  /** As `describe` names it: Wireshark's name where it has the field. */
  readonly id: string;
  readonly label: string;
  readonly type: FilterType;
  /**
   * Where the hot pass keeps the field: its value in a row, `ABSENT` or `UNKNOWN`. Of a text field it is an interned
   * string, or with `names` a place in them; of a boolean 0 or 1. Called for every row, so it must not allocate.
   */
  column?(columns: { readonly [K in keyof C]: Column }, row: number): number;
  readonly names?: readonly string[];
  /** Text that stands in the packet as it is: a packet that does not hold the wanted text need not be described. */
  readonly isVerbatim?: boolean;
}

/** Fields without a column, one a line: type, id, and the label where there is one. */
export function fieldLines(lines: string): FilterField[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [type, id, ...label] = line.trim().split(/\s+/);
      return { type: type as FilterType, id, label: label.join(' ') || id };
    });
}
