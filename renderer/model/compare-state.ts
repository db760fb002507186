import type { CompareProgress, CompareRow } from '../../shared/compare.ts';

/** What was asked to be compared. */
export interface CompareRequest {
  /** The file of the second capture; null where the open capture is searched alone. */
  readonly other: string | null;
  /** Two streams of the open capture; null for whatever was seen twice. */
  readonly streams: readonly [string, string] | null;
}

/** `revision` is the one of the rows it was found in: with another, it is looked for again. */
export type CompareState =
  | { readonly status: 'none' }
  | { readonly status: 'working'; readonly request: CompareRequest; readonly progress: CompareProgress | null }
  | {
      readonly status: 'found';
      readonly request: CompareRequest;
      readonly rows: readonly CompareRow[];
      readonly revision: number;
    }
  | {
      readonly status: 'failed';
      readonly request: CompareRequest;
      /** One sentence. */
      readonly message: string;
      readonly revision: number;
    };
