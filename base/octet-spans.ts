/** Where runs of octets lie in memory: columns. */
export interface OctetSpans {
  /** Span `i` is `bytes[i][at[i] … at[i] + length[i])`. */
  readonly bytes: Uint8Array[];
  readonly at: Uint32Array;
  /** -1: it is not to be had, or not wanted. */
  readonly length: Int32Array;
  /** Where all spans lie in the same octets: those, and the part of them that has all; else null. */
  together: { readonly bytes: Uint8Array; readonly from: number; readonly to: number } | null;
}

const NOTHING = new Uint8Array(0);

/** Room for `most` spans. */
export function emptySpans(most: number): OctetSpans {
  return {
    bytes: Array.from({ length: most }, () => NOTHING),
    at: new Uint32Array(most),
    length: new Int32Array(most),
    together: null,
  };
}
