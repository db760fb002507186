/** What reassembly found wrong: a bounded list for a person to read, and exact counts of everything. */

/** One finding. `frame` is the 0-based frame it showed in. */
export interface NetworkIssue {
  /** Stable kebab-case code. */
  readonly code: string;
  readonly frame: number;
  readonly message: string;
}

/** Octets of one captured frame: `at` is the offset in the frame. */
export interface FramePiece {
  readonly frame: number;
  readonly at: number;
  readonly length: number;
  /** Where set, the octets are those of a decrypted record (see engine/tls/record-table.ts), and `at` counts in its plaintext. */
  readonly record?: number;
}

/** The one piece of octets that lie in `frame` as they are; null where they are put together, decrypted or of another frame. */
export function pieceIn(pieces: readonly FramePiece[], frame: number): FramePiece | null {
  const [only] = pieces;
  return pieces.length === 1 && only.frame === frame && only.record === undefined ? only : null;
}

/** Keeps the first `limit` findings and counts all of them, so a hostile capture cannot fill the memory. */
export class NetworkIssues {
  readonly list: NetworkIssue[] = [];
  private readonly counts = new Map<string, number>();
  private readonly limit: number;

  constructor(limit = 1000) {
    this.limit = limit;
  }

  add(code: string, frame: number, message: string): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    if (this.list.length < this.limit) this.list.push({ code, frame, message });
  }

  /** How often `code` was found, the findings past the list's limit included. */
  count(code: string): number {
    return this.counts.get(code) ?? 0;
  }

  /** Findings of all codes. */
  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }
}
