/** Multipart bodies (RFC 2046 section 5.1; in SIP RFC 5621), part by part, counted in octets. */
import { HeaderId, sameWord, word } from './header-names.ts';
import { MessageScan } from './message-scan.ts';
import { CR, isSpace, LF } from './octet-classes.ts';
import { ParamScan } from './param-scan.ts';

const BOUNDARY = word('boundary');
const DASH = 0x2d;

/** Bounds on what one message can make the reader do. */
export const MAX_PARTS = 64;
export const MAX_DEPTH = 4;

/**
 * Walks the parts of one multipart body. It is made for each multipart body; these are rare, so that one object
 * does not matter, and parts within parts need one each.
 */
export class MultipartScan {
  /** The part's own octets, header and body: from after the delimiter line to before the next one. */
  partAt = 0;
  partEnd = 0;
  /** The body of the part; its end is `partEnd`. */
  bodyAt = 0;
  /** The part's Content-Type value; -1 where it has none, which means text/plain. */
  typeAt = -1;
  typeLength = 0;
  /** The part's octets are not what its type says: compressed, or base64. */
  encoded = false;
  /** The closing delimiter was met. */
  closed = false;
  readonly headers = new MessageScan();

  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly boundaryAt: number;
  private readonly boundaryLength: number;
  /** Where the next part begins; -1 before the first. */
  private at = -1;
  private readonly start: number;
  private delimiterAt = 0;
  private delimiterNext = 0;
  private delimiterLast = false;

  /** The body from `at` to `end`, and its Content-Type value, all as places in `bytes`. */
  constructor(bytes: Uint8Array, at: number, end: number, typeAt: number, typeLength: number) {
    this.bytes = bytes;
    this.start = at;
    this.end = end;
    const param = new ParamScan();
    param.find(bytes, typeAt, typeAt + typeLength, BOUNDARY, false);
    this.boundaryAt = param.at;
    this.boundaryLength = param.length;
  }

  /** The Content-Type names a boundary. Without one there are no parts to be found. */
  get bounded(): boolean {
    return this.boundaryLength > 0;
  }

  /** Goes to the next part; false after the last. */
  next(): boolean {
    if (!this.bounded || this.closed) return false;
    if (this.at < 0) {
      if (!this.findDelimiter(this.start)) return false;
      this.closed = this.delimiterLast;
      this.at = this.delimiterNext;
      if (this.closed) return false;
    }
    if (this.at >= this.end) return false;
    this.partAt = this.at;
    if (this.findDelimiter(this.at)) {
      this.partEnd = Math.max(this.partAt, this.beforeLineEnd(this.delimiterAt));
      this.closed = this.delimiterLast;
      this.at = this.delimiterNext;
    } else {
      this.partEnd = this.end;
      this.at = this.end;
    }
    this.readHeader();
    return true;
  }

  private readHeader(): void {
    const headers = this.headers;
    headers.scan(this.bytes, this.partAt, this.partEnd);
    this.bodyAt = headers.bodyAt;
    this.typeAt = headers.valueAt[HeaderId.contentType] || -1;
    this.typeLength = headers.valueLength[HeaderId.contentType];
    this.encoded = isEncoded(this.bytes, headers);
  }

  /** The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1). */
  private beforeLineEnd(at: number): number {
    if (at > this.start && this.bytes[at - 1] === LF) {
      return at - 1 > this.start && this.bytes[at - 2] === CR ? at - 2 : at - 1;
    }
    return at;
  }

  private findDelimiter(from: number): boolean {
    const bytes = this.bytes;
    for (let line = from; line < this.end; ) {
      let after = line;
      if (this.isDelimiter(line)) {
        after = line + 2 + this.boundaryLength;
        this.delimiterLast = after + 1 < this.end && bytes[after] === DASH && bytes[after + 1] === DASH;
        this.delimiterAt = line;
      }
      const found = after !== line;
      while (after < this.end && bytes[after] !== LF) after++;
      line = Math.min(after + 1, this.end);
      if (found) {
        this.delimiterNext = line;
        return true;
      }
    }
    return false;
  }

  private isDelimiter(at: number): boolean {
    const bytes = this.bytes;
    const after = at + 2 + this.boundaryLength;
    if (after > this.end || bytes[at] !== DASH || bytes[at + 1] !== DASH) return false;
    for (let i = 0; i < this.boundaryLength; i++) if (bytes[at + 2 + i] !== bytes[this.boundaryAt + i]) return false;
    // A longer boundary that begins with this one is another boundary.
    return after === this.end || isSpace(bytes[after]) || bytes[after] === DASH;
  }
}

const IDENTITY = word('identity');
const PLAIN_TRANSFER = [word('7bit'), word('8bit'), word('binary')];

/** Whether Content-Encoding or Content-Transfer-Encoding say that the body is not in its own octets. */
export function isEncoded(bytes: Uint8Array, headers: MessageScan): boolean {
  const encoding = headers.valueLength[HeaderId.contentEncoding];
  if (headers.valueAt[HeaderId.contentEncoding] !== 0 && encoding > 0) {
    const at = headers.valueAt[HeaderId.contentEncoding];
    if (encoding !== IDENTITY.length || !sameWord(bytes, at, IDENTITY)) return true;
  }
  const transfer = headers.valueAt[HeaderId.transferEncoding];
  if (transfer === 0 || headers.valueLength[HeaderId.transferEncoding] === 0) return false;
  for (const plain of PLAIN_TRANSFER) {
    if (headers.valueLength[HeaderId.transferEncoding] === plain.length && sameWord(bytes, transfer, plain)) {
      return false;
    }
  }
  return true;
}
