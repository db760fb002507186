/** The start line and the header fields of an HTTP/1.x message (RFC 9112 sections 2 to 5): where they lie. */
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import { COLON, CR, isBlank, isCapital, isDigit, isWord, LF, listHas, SPACE, word } from './octet-words.ts';

/** A head that goes on past this is not waited for. */
export const MAX_HEAD_OCTETS = 64 << 10;
/** The longest method in use has 17 letters (UPDATEREDIRECTREF). */
const MAX_METHOD_OCTETS = 20;

const HTTP_1 = word('HTTP/1.');
const VERSION_OCTETS = HTTP_1.length + 1;
const CHUNKED = word('chunked');
const IDENTITY = word('identity');

export const HeadKind = { None: 0, Request: 1, Response: 2 } as const;
export type HeadKind = (typeof HeadKind)[keyof typeof HeadKind];

/** Fields that the hot pass looks for; what is asked for by name elsewhere is read in the cold pass. */
export const Field = {
  host: 0,
  contentType: 1,
  contentLength: 2,
  transferEncoding: 3,
  contentEncoding: 4,
  upgrade: 5,
  webSocketProtocol: 6,
  webSocketExtensions: 7,
} as const;
export type Field = (typeof Field)[keyof typeof Field];

const NAMES = [
  'Host',
  'Content-Type',
  'Content-Length',
  'Transfer-Encoding',
  'Content-Encoding',
  'Upgrade',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Extensions',
].map(word);

/** Places are those in the octets given. One object is reused for all messages. */
export class MessageHead {
  kind: HeadKind = HeadKind.None;
  /** The start line was not there to its end: `kind` is None, and more octets may make it a start line. */
  isOpen = false;
  /** The blank line was found; `bodyAt` is what follows it. */
  isComplete = false;
  /** First octet of the start line, after empty lines. */
  at = 0;
  /** Of a request: its method and target. Of a response: `status`, and the reason phrase as the target. */
  methodLength = 0;
  targetAt = 0;
  targetLength = 0;
  versionAt = 0;
  status = 0;
  headersAt = 0;
  bodyAt = 0;
  /** The first line that is no header field, -1 for none. */
  badLineAt = -1;
  /** By `Field`: value without white space around it; 0 where it is absent. */
  readonly valueAt = new Int32Array(NAMES.length);
  readonly valueLength = new Int32Array(NAMES.length);

  /** Reads as much of a head as there is before `end`. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.readStartLine(bytes, start, end);
    if (this.kind !== HeadKind.None) this.readFields(bytes, end);
  }

  /** The start line alone. */
  readStartLine(bytes: Uint8Array, start: number, end: number): void {
    this.kind = HeadKind.None;
    this.isOpen = false;
    this.isComplete = false;
    this.status = 0;
    this.badLineAt = -1;
    let at = start;
    // Empty lines before a message are to be skipped (RFC 9112 section 2.2).
    while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
    this.at = at;
    const most = Math.min(end, at + MAX_HEAD_OCTETS);
    if (isWord(bytes, at, Math.min(HTTP_1.length, most - at), HTTP_1.subarray(0, most - at))) {
      this.readStatusLine(bytes, at, most);
      return;
    }
    let to = at;
    while (to < most && to - at <= MAX_METHOD_OCTETS && (isCapital(bytes[to]) || bytes[to] === 0x2d)) to++;
    this.methodLength = to - at;
    if (to === most) {
      this.isOpen = to - at <= MAX_METHOD_OCTETS;
      return;
    }
    if (to === at || to - at > MAX_METHOD_OCTETS || bytes[to] !== SPACE) return;
    this.readTarget(bytes, to + 1, end, most);
  }

  /** HTTP/1.1 SP 3DIGIT SP [reason] */
  private readStatusLine(bytes: Uint8Array, at: number, most: number): void {
    const lineFeed = lineFeedAt(viewOf(bytes), at, most);
    if (lineFeed === most) {
      this.isOpen = most - at < MAX_HEAD_OCTETS;
      return;
    }
    let to = lineFeed;
    while (to > at && (bytes[to - 1] === CR || isBlank(bytes[to - 1]))) to--;
    const statusAt = at + VERSION_OCTETS + 1;
    if (statusAt + 3 > to || !isDigit(bytes[at + VERSION_OCTETS - 1]) || bytes[statusAt - 1] !== SPACE) return;
    let status = 0;
    for (let i = statusAt; i < statusAt + 3; i++) {
      if (!isDigit(bytes[i])) return;
      status = status * 10 + bytes[i] - 0x30;
    }
    if (statusAt + 3 < to && bytes[statusAt + 3] !== SPACE) return;
    this.kind = HeadKind.Response;
    this.versionAt = at;
    this.status = status;
    this.targetAt = Math.min(statusAt + 4, to);
    this.targetLength = to - this.targetAt;
    this.headersAt = lineFeed + 1;
  }

  /** SP target SP HTTP/1.1, the method is read. RTSP and SIP differ in the last word alone. */
  private readTarget(bytes: Uint8Array, at: number, end: number, most: number): void {
    let to = at;
    while (to < most && bytes[to] > SPACE) to++;
    this.targetAt = at;
    this.targetLength = to - at;
    if (to === most) {
      this.isOpen = most === end;
      return;
    }
    if (to === at || bytes[to] !== SPACE) return;
    this.versionAt = to + 1;
    const there = Math.min(HTTP_1.length, most - this.versionAt);
    if (!isWord(bytes, this.versionAt, there, HTTP_1.subarray(0, there))) return;
    let last = this.versionAt + VERSION_OCTETS;
    if (last < most && bytes[last] === CR) last++;
    if (last >= most) {
      this.isOpen = most === end;
      return;
    }
    if (bytes[last] !== LF || !isDigit(bytes[this.versionAt + VERSION_OCTETS - 1])) return;
    this.kind = HeadKind.Request;
    this.headersAt = last + 1;
  }

  private readFields(bytes: Uint8Array, end: number): void {
    this.valueAt.fill(0);
    this.valueLength.fill(0);
    this.bodyAt = end;
    const view = viewOf(bytes);
    for (let line = this.headersAt; line < end; ) {
      const lineFeed = lineFeedAt(view, line, end);
      if (lineFeed === end) return;
      if (lineFeed === line || (lineFeed === line + 1 && bytes[line] === CR)) {
        this.isComplete = true;
        this.bodyAt = lineFeed + 1;
        return;
      }
      let colon = line;
      while (colon < lineFeed && bytes[colon] !== COLON) colon++;
      if (colon === lineFeed || colon === line) {
        // A line that begins with white space goes on with the one before (RFC 9112 section 5.2).
        if (!isBlank(bytes[line]) && this.badLineAt < 0) this.badLineAt = line;
      } else {
        this.note(bytes, line, colon, lineFeed);
      }
      line = lineFeed + 1;
    }
  }

  private note(bytes: Uint8Array, at: number, colon: number, lineFeed: number): void {
    const field = NAMES.findIndex((name) => isWord(bytes, at, colon - at, name));
    if (field < 0 || this.valueAt[field] !== 0) return;
    let from = colon + 1;
    let to = lineFeed;
    while (from < to && isBlank(bytes[from])) from++;
    while (to > from && (bytes[to - 1] === CR || isBlank(bytes[to - 1]))) to--;
    this.valueAt[field] = from;
    this.valueLength[field] = to - from;
  }

  /** Whether the body is in chunks (RFC 9112 section 6.1). */
  isChunked(bytes: Uint8Array): boolean {
    return this.has(bytes, Field.transferEncoding, CHUNKED);
  }

  /** Whether the body is compressed or otherwise encoded. */
  isEncoded(bytes: Uint8Array): boolean {
    const at = this.valueAt[Field.contentEncoding];
    return at !== 0 && !isWord(bytes, at, this.valueLength[Field.contentEncoding], IDENTITY);
  }

  /** Whether a field that is a list has this item. */
  has(bytes: Uint8Array, field: Field, item: Uint8Array): boolean {
    return listHas(bytes, this.valueAt[field], this.valueLength[field], item);
  }

  /** The Content-Length, -1 where there is none that can be read. */
  contentLength(bytes: Uint8Array): number {
    const at = this.valueAt[Field.contentLength];
    const length = this.valueLength[Field.contentLength];
    if (at === 0 || length === 0 || length > 15) return -1;
    let value = 0;
    for (let i = at; i < at + length; i++) {
      if (!isDigit(bytes[i])) return -1;
      value = value * 10 + bytes[i] - 0x30;
    }
    return value;
  }
}
