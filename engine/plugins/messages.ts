/** What crosses between the host and a plugin's sandbox, as JSON. The host believes none of what comes out of it. */
import type { FilterType } from '../../base/filter-field.ts';
import type { Claim, ColumnSpec, Transport } from '../../dissectors/dissector.ts';

/** Truncated, transport, source port, destination port. */
export type ContextFacts = readonly [boolean, Transport, number, number];

export interface DescribeFacts {
  readonly context: ContextFacts;
  readonly mediaType: string;
  readonly srtp: { readonly mkiLength: number; readonly tagLength: number } | null;
  /** By payload type. */
  readonly encodings: Readonly<Record<number, string>>;
}

/** What a dissector said while it dissected, in order. */
export type Said =
  | readonly ['child', string, number, number, number]
  | readonly ['packet', string, number, number]
  | readonly ['issue', string, number];

/** Verdict, octets consumed, rows by column in the order of the spec, what was said, texts (octets as Latin-1). */
export type Dissected = readonly [number, number, readonly (readonly number[])[], readonly Said[], readonly string[]];

export type TreeStep =
  | readonly [
      'field',
      string,
      string,
      number,
      number,
      string | number | boolean | null | { readonly big: string },
      string,
    ]
  | readonly ['group', string, string, number, number, string, TreeStep[]]
  | readonly ['fault', string, string, number, number]
  | readonly ['child', string, number, number];

/** What a plugin declares, once it was evaluated. */
export interface Declared {
  readonly dissectors: readonly DeclaredDissector[];
  readonly checks: readonly { readonly id: string; readonly label: string }[];
  readonly exports: readonly { readonly id: string; readonly label: string; readonly extension: string }[];
}

export interface DeclaredField {
  readonly id: string;
  readonly label: string;
  readonly type: FilterType;
  readonly names: readonly string[] | null;
  readonly isVerbatim: boolean;
  /** The column that the field reads as it is; '' where it has none, or makes something of it. */
  readonly column: string;
}

export interface DeclaredDissector {
  readonly id: string;
  readonly label: string;
  readonly specs: readonly string[];
  readonly claims: readonly Claim[];
  readonly columns: ColumnSpec;
  /** null where the dissector has no list. */
  readonly fields: readonly DeclaredField[] | null;
  readonly hasProbe: boolean;
}

/** What a check or an export asks of the capture. */
export type Question =
  | { readonly ask: 'info' }
  | { readonly ask: 'rows'; readonly list: ListName; readonly of: string; readonly from: number }
  | { readonly ask: 'message'; readonly packet: number };
export type ListName = 'calls' | 'streams' | 'ice' | 'problems' | 'packets' | 'rows';

/** The answer, or a sentence that says what is wrong with the question. */
export type Answer = { readonly value: unknown } | { readonly error: string };
