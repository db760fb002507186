/** How long the body of an HTTP/1.x message is, and where what it means lies (RFC 9112 sections 6 and 7). */
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import { HeadKind, type MessageHead } from './message-head.ts';
import { CR, isBlank, isDigit, LF, SEMICOLON, word } from './octet-words.ts';

/** A body that is longer is not waited for but passed over. */
export const MAX_BODY_OCTETS = 256 << 10;
const MAX_CHUNK_LINE_OCTETS = 4096;
const HTTP_1 = word('HTTP/1.');

export const BodyState = {
  /** All of it is there. */
  Whole: 0,
  /** More is needed. */
  Short: 1,
  /** It is too long to hold, or goes on to the end of the connection: `lengthBytes` may be Infinity. */
  Long: 2,
} as const;
export type BodyState = (typeof BodyState)[keyof typeof BodyState];

/** One object is reused for all messages. */
export class MessageBody {
  state: BodyState = BodyState.Whole;
  /** Octets as sent, from `bodyAt` of the head: chunk lines and trailers included. */
  lengthBytes = 0;
  /** What was sent, where it lies in one run: the whole body, or its only chunk. -1 where it is in several. */
  contentAt = 0;
  contentLength = 0;
  chunks = 0;
  /** A chunk line that is none, -1 for no such. */
  faultAt = -1;

  /** Measures the body of a complete head; `end` is that of the octets. */
  measure(bytes: Uint8Array, head: MessageHead, end: number): void {
    this.state = BodyState.Whole;
    this.lengthBytes = 0;
    this.contentAt = head.bodyAt;
    this.contentLength = 0;
    this.chunks = 0;
    this.faultAt = -1;
    const { status } = head;
    const isResponse = head.kind === HeadKind.Response;
    if (isResponse && (status < 200 || status === 204 || status === 304)) return;
    if (head.isChunked(bytes)) {
      this.walkChunks(bytes, head.bodyAt, end);
      return;
    }
    const length = head.contentLength(bytes);
    if (length < 0 && !isResponse) return;
    const available = end - head.bodyAt;
    // The answer to HEAD has no body whatever it says, and the next message shows it.
    if (isResponse && (length !== 0 || available > 0) && beginsMessage(bytes, head.bodyAt, end)) return;
    this.lengthBytes = length < 0 ? Infinity : length;
    this.contentLength = Math.min(this.lengthBytes, available);
    if (this.lengthBytes > MAX_BODY_OCTETS) this.state = BodyState.Long;
    else if (this.lengthBytes > available) this.state = BodyState.Short;
  }

  private walkChunks(bytes: Uint8Array, bodyAt: number, end: number): void {
    const view = viewOf(bytes);
    this.state = BodyState.Short;
    for (let at = bodyAt; at < end; ) {
      const lineFeed = lineFeedAt(view, at, Math.min(end, at + MAX_CHUNK_LINE_OCTETS));
      if (lineFeed === end) break;
      const size = bytes[lineFeed] === LF ? chunkSize(bytes, at, lineFeed) : -1;
      if (size < 0) {
        this.faultAt = at;
        this.finish(bodyAt, at);
        return;
      }
      const dataAt = lineFeed + 1;
      if (size === 0) {
        this.walkTrailers(bytes, bodyAt, dataAt, end);
        return;
      }
      this.chunks++;
      this.contentAt = this.chunks === 1 ? dataAt : -1;
      this.contentLength += Math.min(size, Math.max(0, end - dataAt));
      at = dataAt + size;
      if (at < end && bytes[at] === CR) at++;
      if (at < end && bytes[at] === LF) at++;
    }
    if (end - bodyAt > MAX_BODY_OCTETS) {
      this.state = BodyState.Long;
      this.lengthBytes = Infinity;
    }
  }

  /** Lines up to an empty one (RFC 9112 section 7.1.2). */
  private walkTrailers(bytes: Uint8Array, bodyAt: number, at: number, end: number): void {
    const view = viewOf(bytes);
    for (let line = at; line < end; ) {
      const lineFeed = lineFeedAt(view, line, end);
      if (lineFeed === end) return;
      if (lineFeed === line || (lineFeed === line + 1 && bytes[line] === CR)) {
        this.finish(bodyAt, lineFeed + 1);
        return;
      }
      line = lineFeed + 1;
    }
  }

  private finish(bodyAt: number, to: number): void {
    this.state = BodyState.Whole;
    this.lengthBytes = to - bodyAt;
  }
}

/** Hexadecimal digits, then perhaps extensions; -1 where it is not so. */
export function chunkSize(bytes: Uint8Array, at: number, lineFeed: number): number {
  let value = 0;
  let digits = 0;
  for (; at < lineFeed; at++, digits++) {
    const octet = bytes[at];
    const letter = octet | 0x20;
    if (isDigit(octet)) value = value * 16 + octet - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + letter - 0x57;
    else break;
  }
  const isEnd = at === lineFeed || bytes[at] === CR || bytes[at] === SEMICOLON || isBlank(bytes[at]);
  return digits > 0 && digits <= 8 && isEnd ? value : -1;
}

function beginsMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HTTP_1.length) return false;
  for (let i = 0; i < HTTP_1.length; i++) if ((bytes[at + i] | 0x20) !== (HTTP_1[i] | 0x20)) return false;
  return true;
}
