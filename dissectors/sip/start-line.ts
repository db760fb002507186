/** The first line of a SIP message: Request-Line or Status-Line (RFC 3261 sections 7.1 and 7.2). */
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import { UNREADABLE_STATUS } from './columns.ts';
import { isDigit, isSpace, isTokenOctet, SPACE, TAB } from './octet-classes.ts';

/** What a first line is. */
export const LineKind = {
  /** Not SIP. */
  None: 0,
  Request: 1,
  Response: 2,
  /** It may become SIP when more octets come. */
  Incomplete: 3,
} as const;
export type LineKind = (typeof LineKind)[keyof typeof LineKind];

/** Longer methods than any extension's are no methods; this bounds the look at what is not SIP. */
const MAX_METHOD_OCTETS = 128;

/** A first line, as places in `bytes`. One object is reused for all messages. */
export class StartLine {
  kind: LineKind = LineKind.None;
  at = 0;
  /** Where the line's text ends, line end and trailing white space excluded. */
  end = 0;
  /** The first octet after the line end. */
  next = 0;
  /** No line feed was found: `next` is the end of the view. */
  open = false;
  methodLength = 0;
  uriAt = 0;
  uriLength = 0;
  versionAt = 0;
  /** The version is 2.0. */
  versionOk = false;
  /** Single spaces where they belong, nothing after the version, a sound status code. */
  wellFormed = false;
  status = 0;
  statusAt = 0;
  reasonAt = 0;
  reasonLength = 0;

  /** Reads the line at `at`; `end` is the end of the view. */
  read(bytes: Uint8Array, at: number, end: number): LineKind {
    this.forget(end);
    this.at = at;
    this.kind = isVersion(bytes, at, end) ? LineKind.Response : LineKind.Request;
    if (this.kind === LineKind.Request && !this.readMethod(bytes, at, end)) return this.kind;
    this.findEnd(bytes, at, end);
    if (this.kind === LineKind.Response) this.readStatus(bytes);
    else this.readRequest(bytes);
    return this.kind;
  }

  /** Nothing of the line before may show through where this one breaks off. */
  private forget(end: number): void {
    this.uriAt = end;
    this.uriLength = 0;
    this.versionAt = end;
    this.versionOk = false;
    this.wellFormed = false;
    this.status = 0;
    this.statusAt = end;
    this.reasonAt = end;
    this.reasonLength = 0;
  }

  private findEnd(bytes: Uint8Array, at: number, end: number): void {
    let to = lineFeedAt(viewOf(bytes), at, end);
    this.open = to === end;
    this.next = this.open ? end : to + 1;
    while (to > at && isSpace(bytes[to - 1])) to--;
    this.end = to;
  }

  private readMethod(bytes: Uint8Array, at: number, end: number): boolean {
    const limit = Math.min(end, at + MAX_METHOD_OCTETS);
    let to = at;
    while (to < limit && isTokenOctet(bytes[to])) to++;
    this.methodLength = to - at;
    if (to === end && to > at) this.kind = LineKind.Incomplete;
    // "SIP/2.0" cut short has no space after its token, and may still become a response.
    else if (to > at && bytes[to] === 0x2f && end - at < 8 && isVersionStart(bytes, at, end)) {
      this.kind = LineKind.Incomplete;
    } else if (to === at || (bytes[to] !== SPACE && bytes[to] !== TAB)) this.kind = LineKind.None;
    else return true;
    this.open = true;
    this.next = end;
    this.end = end;
    return false;
  }

  private readRequest(bytes: Uint8Array): void {
    let version = this.end;
    while (version > this.at && bytes[version - 1] !== SPACE && bytes[version - 1] !== TAB) version--;
    const afterMethod = this.at + this.methodLength;
    if (version <= afterMethod || !isVersion(bytes, version, this.end)) {
      this.kind = this.open ? LineKind.Incomplete : LineKind.None;
      this.versionAt = this.end;
      version = this.end;
    } else {
      this.versionAt = version;
      this.versionOk = isVersion2(bytes, version, this.end);
    }
    let from = afterMethod;
    while (from < version && isSpace(bytes[from])) from++;
    let to = version;
    while (to > from && isSpace(bytes[to - 1])) to--;
    this.uriAt = from;
    this.uriLength = to - from;
    let inner = from;
    while (inner < to && !isSpace(bytes[inner])) inner++;
    this.wellFormed = to > from && inner === to && from === afterMethod + 1 && version === to + 1 && this.tight(bytes);
  }

  private readStatus(bytes: Uint8Array): void {
    let at = this.at;
    while (at < this.end && bytes[at] !== SPACE && bytes[at] !== TAB) at++;
    this.versionAt = this.at;
    this.versionOk = isVersion2(bytes, this.at, at);
    const gap = at;
    while (at < this.end && isSpace(bytes[at])) at++;
    this.statusAt = at;
    let value = 0;
    while (at < this.end && isDigit(bytes[at])) {
      if (value < UNREADABLE_STATUS) value = value * 10 + bytes[at] - 0x30;
      at++;
    }
    const digits = at - this.statusAt;
    const ended = at === this.end || bytes[at] === SPACE || bytes[at] === TAB;
    this.wellFormed = this.statusAt === gap + 1 && digits === 3 && value >= 100 && value <= 699 && ended;
    this.status = digits === 3 && value >= 100 && ended ? value : UNREADABLE_STATUS;
    while (at < this.end && isSpace(bytes[at])) at++;
    this.reasonAt = at;
    this.reasonLength = this.end - at;
  }

  /** Nothing but a line end follows the text of the line. */
  private tight(bytes: Uint8Array): boolean {
    return this.next - this.end <= 2 && bytes[this.end] !== SPACE && bytes[this.end] !== TAB;
  }
}

/** Whether `SIP/` and a digit stand at `at`, in any case (RFC 3261 7.1). */
function isVersion(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at > 4 && isVersionStart(bytes, at, at + 4) && isDigit(bytes[at + 4]);
}

function isVersionStart(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    (at >= end || (bytes[at] | 0x20) === 0x73) &&
    (at + 1 >= end || (bytes[at + 1] | 0x20) === 0x69) &&
    (at + 2 >= end || (bytes[at + 2] | 0x20) === 0x70) &&
    (at + 3 >= end || bytes[at + 3] === 0x2f)
  );
}

function isVersion2(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at === 7 && bytes[at + 4] === 0x32 && bytes[at + 5] === 0x2e && bytes[at + 6] === 0x30;
}
