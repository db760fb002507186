import { U16Column, U32Column } from '../../base/columns.ts';

/** Findings about packets, one row each: what (a code), which frame, at which octet of the payload. */
export class IssueTable {
  /** Enough to show a broken capture for what it is; past this only the count goes on. */
  static readonly LIMIT = 100_000;
  count = 0;
  /** Findings beyond the limit, counted and not kept. */
  dropped = 0;
  readonly frame = new U32Column();
  readonly at = new U32Column();
  private readonly codeId = new U16Column();
  private readonly codes: string[] = [];
  private readonly codeIds = new Map<string, number>();

  add(code: string, frame: number, at: number): void {
    if (this.count >= IssueTable.LIMIT) {
      this.dropped++;
      return;
    }
    let id = this.codeIds.get(code);
    if (id === undefined) {
      id = this.codes.length;
      this.codes.push(code);
      this.codeIds.set(code, id);
    }
    const row = this.count++;
    this.frame.set(row, frame);
    this.at.set(row, at);
    this.codeId.set(row, id);
  }

  code(row: number): string {
    return this.codes[this.codeId.get(row)];
  }

  /** Takes out findings that proved to be none. */
  remove(isNone: (code: string, frame: number) => boolean): void {
    let kept = 0;
    for (let row = 0; row < this.count; row++) {
      const frame = this.frame.get(row);
      if (isNone(this.code(row), frame)) continue;
      this.frame.set(kept, frame);
      this.at.set(kept, this.at.get(row));
      this.codeId.set(kept++, this.codeId.get(row));
    }
    this.count = kept;
  }

  truncate(count: number): void {
    if (count < this.count) this.count = count;
  }
}
