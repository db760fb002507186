import type { ReaderIssue } from './frame-batch.ts';

/** A capture damaged all over would otherwise fill memory with one issue per block. */
const MAX_ISSUES = 100;

/** The issues of one reader: at most `MAX_ISSUES`, and one more that says so. */
export class IssueList {
  readonly all: ReaderIssue[] = [];

  /** Adds one; `fileOffset` counts octets of the (decompressed) capture. */
  add(code: string, message: string, fileOffset: number): void {
    if (this.all.length > MAX_ISSUES) return;
    if (this.all.length === MAX_ISSUES) {
      this.all.push({ code: 'issues-omitted', message: 'Further issues of this capture are not listed.', fileOffset });
      return;
    }
    this.all.push({ code, message, fileOffset });
  }

  addAll(issues: readonly ReaderIssue[]): void {
    for (const issue of issues) this.add(issue.code, issue.message, issue.fileOffset);
  }
}
