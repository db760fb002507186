/**
 * The hot pass over the header of a message: one walk over its octets that notes where the values of the header
 * fields lie that the columns are filled from. Nothing is copied and nothing is allocated.
 */
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import { HeaderId, headerId } from './header-names.ts';
import { KNOWN_NAME_OCTETS, knownName } from './known-names.ts';
import { COLON, CR, isSpace, LF, SPACE, TAB } from './octet-classes.ts';

const IDS = 20;

/** Header fields of which RFC 3261 allows one (section 7.3.1, table 2). */
const SINGLE = new Uint8Array(IDS);
SINGLE[HeaderId.from] = 1;
SINGLE[HeaderId.to] = 1;
SINGLE[HeaderId.callId] = 1;
SINGLE[HeaderId.cseq] = 1;
SINGLE[HeaderId.contentLength] = 1;
SINGLE[HeaderId.contentType] = 1;

/** Where the header fields of one message lie, as places in `bytes`. One object is reused for all messages. */
export class MessageScan {
  /** By HeaderId: where the first field of that name has its value, without white space around it. 0: absent. */
  readonly valueAt = new Int32Array(IDS);
  readonly valueLength = new Int32Array(IDS);
  /** Some value runs over several lines. */
  folded = false;
  /** The blank line was found; `bodyAt` is the first octet after it, else the end of the view. */
  complete = false;
  bodyAt = 0;
  /** The first line that is no header field, and the first field that must not be there twice. -1: none. */
  badLineAt = -1;
  duplicateAt = -1;

  /** Walks the header fields from `at` (after the start line) to the blank line or to `end`. */
  scan(bytes: Uint8Array, at: number, end: number): void {
    const { valueAt } = this;
    // For so few a loop costs less than `fill`.
    for (let id = 0; id < IDS; id++) valueAt[id] = 0;
    this.folded = false;
    this.complete = false;
    this.badLineAt = -1;
    this.duplicateAt = -1;
    this.bodyAt = end;
    const view = viewOf(bytes);
    let line = at;
    while (line < end) {
      const first = bytes[line];
      if (first === LF || (first === CR && line + 1 < end && bytes[line + 1] === LF)) {
        this.complete = true;
        this.bodyAt = first === LF ? line + 1 : line + 2;
        return;
      }
      const known = end - line < KNOWN_NAME_OCTETS ? 0 : knownName(view, line);
      if (known === 0) {
        line = this.takeLine(bytes, view, line, end);
        continue;
      }
      const from = line + (known & 0xff);
      const to = this.lineEnd(bytes, view, from, end);
      if (known > 0xff) this.note(bytes, known >> 8, line, from, to);
      line = to + 1;
    }
  }

  /** Takes the line at `line`, of which only its octets tell what it is; gives where the next one begins. */
  private takeLine(bytes: Uint8Array, view: DataView, line: number, end: number): number {
    let colon = line;
    while (colon < end && bytes[colon] !== COLON && bytes[colon] !== LF) colon++;
    const to = this.lineEnd(bytes, view, colon, end);
    let nameEnd = colon;
    while (nameEnd > line && isBlankOctet(bytes[nameEnd - 1])) nameEnd--;
    if (colon === end || nameEnd === line || bytes[colon] === LF || isBlankOctet(bytes[line])) {
      if (this.badLineAt < 0 && !isBlank(bytes, line, to)) this.badLineAt = line;
    } else {
      const id = headerId(bytes, line, nameEnd - line);
      if (id !== HeaderId.other) this.note(bytes, id, line, colon + 1, to);
    }
    return to + 1;
  }

  /** The line feed that ends the field, folds included, from `at`; `end` where there is none. */
  private lineEnd(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    let to = lineFeedAt(view, at, end);
    while (to + 1 < end && (bytes[to + 1] === SPACE || bytes[to + 1] === TAB)) {
      this.folded = true;
      to = lineFeedAt(view, to + 1, end);
    }
    return to;
  }

  private note(bytes: Uint8Array, id: number, nameAt: number, from: number, to: number): void {
    let at = from;
    let end = to;
    while (at < end && isSpace(bytes[at])) at++;
    while (end > at && isSpace(bytes[end - 1])) end--;
    if (this.valueAt[id] === 0) {
      this.valueAt[id] = at;
      this.valueLength[id] = end - at;
    } else if (SINGLE[id] === 1 && this.duplicateAt < 0) this.duplicateAt = nameAt;
  }
}

function isBlankOctet(octet: number): boolean {
  return octet === SPACE || octet === TAB;
}

function isBlank(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (!isSpace(bytes[i])) return false;
  return true;
}
