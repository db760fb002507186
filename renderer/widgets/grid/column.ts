import type { Glyph } from '../severity.tsx';
import type { IconName } from '../icon.tsx';

/** A piece of a cell that is more than its text. */
export type CellPart =
  /** `title`: a tip with what has no room. */
  | { readonly kind: 'text'; readonly text: string; readonly className?: string; readonly title?: string }
  /** `label: ''` where a word beside it says the same. */
  | { readonly kind: 'glyph'; readonly glyph: Glyph; readonly label: string }
  | { readonly kind: 'icon'; readonly icon: IconName; readonly label: string }
  /** The name of a protocol behind a bar of its colour (a token). */
  | { readonly kind: 'protocol'; readonly text: string; readonly colour: string }
  | {
      readonly kind: 'spark';
      readonly shape: 'bars' | 'line';
      readonly values: readonly number[];
      /** The value at full height. */
      readonly most: number;
      readonly isBad: boolean;
    };

/** What a cell may want to know beside its row. */
export interface CellContext<Row> {
  /** The row above, where it is at hand. */
  readonly before: Row | undefined;
}

/** A display filter's comparison: `ip.src == 10.0.0.1`; or a condition as it is written: `sip`. */
export type FieldValue =
  | {
      readonly field: string;
      readonly value: string | number | boolean;
      /** Written without quotes: an address, a hexadecimal number. */
      readonly isBare?: boolean;
    }
  | { readonly condition: string };

export interface GridColumn<Row> {
  /** Stable: settings name it. */
  readonly id: string;
  readonly title: string;
  /** What the column is called where the title says nothing. */
  readonly name?: string;
  readonly unit?: string;
  readonly align?: 'right';
  readonly isMono?: boolean;
  readonly width: number;
  /** Never narrower; `width` where nothing is said. */
  readonly minWidth?: number;
  /** Takes the room that is left. */
  readonly isFlexible?: boolean;
  /** 1 stays longest when room is short, 3 goes first; 2 where nothing is said. */
  readonly priority?: 1 | 2 | 3;
  /** The column's name in a query's `sort.by`. */
  readonly sortBy?: string;
  readonly isHidden?: boolean;
  /** What is shown and copied. */
  readonly text: (row: Row, context: CellContext<Row>) => string;
  /** Shown in place of the text. */
  readonly parts?: (row: Row, context: CellContext<Row>) => readonly CellPart[];
  /** A class of the cell: `err`, `warn`, `t3`. */
  readonly tone?: (row: Row) => string;
  /** What a filter compares; null where it cannot. */
  readonly value?: (row: Row) => FieldValue | null;
}

export interface GridSort {
  readonly by: string;
  readonly descending: boolean;
}

/** `Loss % A / B`: a column's header in words. */
export function nameOf<Row>({ title, name, unit }: GridColumn<Row>): string {
  return [name ?? title, unit].filter(Boolean).join(' ');
}
