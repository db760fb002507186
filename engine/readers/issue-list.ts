import type { ReaderIssue } from './frame-batch.ts';

/** A capture damaged all over would otherwise fill memory with one issue per block. */
const MAX_ISSUES = 100;

/** The issues of one reader: at most `MAX_ISSUES`, and one more that says so. */
export class IssueList {
  readonly all: ReaderIssue[] = [];

  /** Adds one; `fileOffset` counts octets of the (decompressed) capture. */
  add(code: string, message: string, fileOffset: number): void {
    this.push({ code, message, fileOffset });
  }

  /** The very issues of another list: whoever looks at both tells by identity which are the same. */
  addAll(issues: readonly ReaderIssue[]): void {
    for (const issue of issues) this.push(issue);
  }

  private push(issue: ReaderIssue): void {
    if (this.all.length > MAX_ISSUES) return;
    if (this.all.length < MAX_ISSUES) this.all.push(issue);
    else {
      const message = 'Further issues of this capture are not listed.';
      this.all.push({ code: 'issues-omitted', message, fileOffset: issue.fileOffset });
    }
  }
}
