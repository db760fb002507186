/** The hot pass of SIP: start line, header, columns, body. */
import { octetsHash } from '../../base/hash.ts';
import type { Octets } from '../../base/octets.ts';
import type { StringTable } from '../../base/string-table.ts';
import { type DissectContext, type Rows, Verdict } from '../dissector.ts';
import { handOnBody } from './body.ts';
import { type SipColumns, SipFlag } from './columns.ts';
import { HeaderId, word } from './header-names.ts';
import { MessageScan } from './message-scan.ts';
import { methodId, SipMethod } from './methods.ts';
import { CR, isDigit, isSpace, isTokenOctet, LF, SPACE } from './octet-classes.ts';
import { ParamScan } from './param-scan.ts';
import { LineKind, StartLine } from './start-line.ts';

/** A header that goes on past this is not waited for. */
export const MAX_HEADER_OCTETS = 65_536;
/** A body that says it is longer than this is not waited for. */
export const MAX_BODY_OCTETS = 4 << 20;
/** Keep-alives are this short at most: CRLF, CRLF CRLF, four zeros, `jaK` and a zero. */
const MAX_KEEP_ALIVE_OCTETS = 8;

const BRANCH = word('branch');
const MAX_U32 = 0xffff_ffff;

const line = new StartLine();
const headers = new MessageScan();
const param = new ParamScan();
const unfolded = new Uint8Array(MAX_HEADER_OCTETS);

/** A number read from a header value: `valid` is false where it is no number or does not fit 32 bits. */
let numberValid = false;
let numberEnd = 0;

/** One message, or the keep-alive that stands in its place. See the columns for what is kept. */
export function dissectSip(data: Octets, out: Rows<SipColumns>, ctx: DissectContext): Verdict {
  const { bytes, start } = data;
  const end = start + data.length;
  const stream = ctx.transport === 'tcp';
  let at = start;
  // Empty lines before a message are to be skipped (RFC 3261 7.5). Nothing else is: octets that look like junk
  // before a method cannot be told from an extension's method, and skipping them would hide what the sender did.
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
  if (at === end || isKeepAlive(bytes, at, end, stream)) {
    if (data.length === 0) return Verdict.Reject;
    ctx.consumed = data.length;
    return Verdict.Ok;
  }
  line.read(bytes, at, end);
  if (line.kind === LineKind.None) return Verdict.Reject;
  const waiting = stream && !ctx.truncated;
  if (line.open && waiting) return data.length < MAX_HEADER_OCTETS ? Verdict.NeedMore : Verdict.Reject;
  if (line.kind === LineKind.Incomplete && !isCutRequest(bytes, ctx)) return Verdict.Reject;

  headers.scan(bytes, line.next, end);
  if (!headers.complete && waiting && end - at < MAX_HEADER_OCTETS) return Verdict.NeedMore;

  const contentLength = readContentLength(bytes);
  const available = end - headers.bodyAt;
  if (headers.complete && waiting && contentLength > available && contentLength <= MAX_BODY_OCTETS) {
    return Verdict.NeedMore;
  }
  const row = out.add();
  let damaged = reportFaults(bytes, start, ctx);
  fillColumns(bytes, out, row, ctx.strings);
  damaged = fillCSeq(bytes, start, out, row, ctx) || damaged;

  let bodyLength = contentLength < 0 ? (stream ? 0 : available) : Math.min(contentLength, available);
  if (contentLength > available) {
    damaged = true;
    if (!ctx.truncated && headers.complete) ctx.issue('content-length-mismatch', lengthAt() - start);
  } else if (contentLength < 0) {
    if (stream && headers.complete) ctx.issue('sip-missing-content-length', headers.bodyAt - start);
    // Line ends after the blank line are padding, not a body.
    if (isBlank(bytes, headers.bodyAt, end)) bodyLength = 0;
  } else if (!stream && contentLength < available && !isBlank(bytes, headers.bodyAt + contentLength, end)) {
    ctx.issue('content-length-mismatch', lengthAt() - start);
  }
  const cut = ctx.truncated && !headers.complete;
  let flags = damaged || cut ? SipFlag.damaged : 0;
  if (headers.valueAt[HeaderId.authorization] !== 0) flags |= SipFlag.authorization;
  if (headers.valueAt[HeaderId.route] !== 0) flags |= SipFlag.route;
  const bodyEnd = headers.bodyAt + bodyLength;
  if (stream) ctx.consumed = bodyEnd - start;
  if (bodyLength > 0) flags |= handOnBody(bytes, start, headers.bodyAt, bodyEnd, headers, row, ctx);
  out.columns.flags.set(row, flags);
  return damaged && !ctx.truncated ? Verdict.Malformed : Verdict.Ok;
}

/** Zeros or `jaK` in place of a message: what phones send over UDP to keep a binding open. */
function isKeepAlive(bytes: Uint8Array, at: number, end: number, stream: boolean): boolean {
  if (stream || end - at > MAX_KEEP_ALIVE_OCTETS) return false;
  let from = at;
  if (end - at >= 3 && bytes[at] === 0x6a && bytes[at + 1] === 0x61 && bytes[at + 2] === 0x4b) from += 3;
  while (from < end && (bytes[from] === 0 || isSpace(bytes[from]))) from++;
  return from === end;
}

/** A request whose first line the capture cut: known by its method and the scheme of its URI. */
function isCutRequest(bytes: Uint8Array, ctx: DissectContext): boolean {
  if (!ctx.truncated || methodId(bytes, line.at, line.methodLength) === SipMethod.unknown) return false;
  let at = line.uriAt;
  while (at < line.end && isTokenOctet(bytes[at])) at++;
  return at > line.uriAt && at < line.end && bytes[at] === 0x3a;
}

function lengthAt(): number {
  return headers.valueAt[HeaderId.contentLength];
}

/** The Content-Length, -1 where it is absent or cannot be read. */
function readContentLength(bytes: Uint8Array): number {
  const at = lengthAt();
  if (at === 0) return -1;
  const end = at + headers.valueLength[HeaderId.contentLength];
  const value = readNumber(bytes, at, end);
  return numberValid && numberEnd === end ? value : -1;
}

/** Reports what is wrong with the start line and the header; true where the message is damaged. */
function reportFaults(bytes: Uint8Array, start: number, ctx: DissectContext): boolean {
  let damaged = false;
  if (!line.versionOk && !(line.open && ctx.truncated)) ctx.issue('sip-bad-version', line.versionAt - start);
  if (!line.wellFormed && !(line.open && ctx.truncated)) {
    damaged = true;
    if (line.kind === LineKind.Response) ctx.issue('sip-bad-status-line', line.statusAt - start);
    else ctx.issue('sip-bad-request-line', line.uriAt - start);
  }
  if (headers.badLineAt >= 0 && !(ctx.truncated && !headers.complete)) {
    damaged = true;
    ctx.issue('sip-bad-header', headers.badLineAt - start);
  }
  if (headers.duplicateAt >= 0) {
    damaged = true;
    ctx.issue('sip-duplicate-header', headers.duplicateAt - start);
  }
  if (lengthAt() !== 0 && readContentLength(bytes) < 0 && !(ctx.truncated && !headers.complete)) {
    damaged = true;
    ctx.issue('sip-bad-content-length', lengthAt() - start);
  }
  if (headers.complete) return reportMissing(start, ctx) || damaged;
  if (ctx.truncated) return damaged;
  ctx.issue('sip-missing-blank-line', headers.bodyAt - start);
  reportMissing(start, ctx);
  return true;
}

/** The header fields that every message has (RFC 3261 8.1.1); Max-Forwards came later and is not asked for. */
function reportMissing(start: number, ctx: DissectContext): boolean {
  const at = line.at - start;
  const length = headers.valueLength;
  const before = headers.valueAt;
  let missing = false;
  if (before[HeaderId.callId] === 0 || length[HeaderId.callId] === 0) {
    ctx.issue('sip-missing-call-id', at);
    missing = true;
  }
  if (before[HeaderId.cseq] === 0) {
    ctx.issue('sip-missing-cseq', at);
    missing = true;
  }
  if (before[HeaderId.from] === 0 || length[HeaderId.from] === 0) {
    ctx.issue('sip-missing-from', at);
    missing = true;
  }
  if (before[HeaderId.to] === 0 || length[HeaderId.to] === 0) {
    ctx.issue('sip-missing-to', at);
    missing = true;
  }
  if (before[HeaderId.via] === 0 || length[HeaderId.via] === 0) {
    ctx.issue('sip-missing-via', at);
    missing = true;
  }
  return missing;
}

function fillColumns(bytes: Uint8Array, out: Rows<SipColumns>, row: number, strings: StringTable): void {
  const columns = out.columns;
  let method: SipMethod = SipMethod.unknown;
  let status = 0;
  if (line.kind === LineKind.Response) {
    status = line.status;
    columns.status.set(row, status);
    columns.reason.set(row, strings.intern(bytes, line.reasonAt, line.reasonLength));
  } else {
    method = methodId(bytes, line.at, line.methodLength);
    columns.method.set(row, method);
    columns.requestUri.set(row, strings.intern(bytes, line.uriAt, line.uriLength));
  }
  const stringsBefore = strings.size;
  columns.callId.set(row, internHeader(bytes, HeaderId.callId, strings));
  const isFirst = strings.size > stringsBefore;
  const setsUp = method === SipMethod.INVITE || method === SipMethod.REGISTER;
  columns.fromTag.set(row, internTag(bytes, HeaderId.from, strings));
  if (isFirst || setsUp) columns.from.set(row, internParty(bytes, HeaderId.from, strings));
  columns.toTag.set(row, internTag(bytes, HeaderId.to, strings));
  if (isFirst || setsUp) columns.to.set(row, internParty(bytes, HeaderId.to, strings));
  if (setsUp || (status >= 200 && status < 300)) {
    columns.contact.set(row, internHeader(bytes, HeaderId.contact, strings));
    columns.userAgent.set(row, internHeader(bytes, HeaderId.userAgent, strings));
  }
  const via = headers.valueAt[HeaderId.via];
  if (via !== 0 && param.find(bytes, via, via + headers.valueLength[HeaderId.via], BRANCH, true)) {
    columns.branch.set(row, octetsHash(bytes, param.at, param.length));
  }
  fillSeldomColumns(bytes, out, row, strings);
}

/** Header fields that most messages do not have. */
function fillSeldomColumns(bytes: Uint8Array, out: Rows<SipColumns>, row: number, strings: StringTable): void {
  const columns = out.columns;
  const expires = readHeaderNumber(bytes, HeaderId.expires);
  if (numberValid) columns.expires.set(row, Math.min(expires + 1, MAX_U32));
  columns.rseq.set(row, readHeaderNumber(bytes, HeaderId.rseq));
  columns.reasonHeader.set(row, internHeader(bytes, HeaderId.reason, strings));
  columns.referTo.set(row, internHeader(bytes, HeaderId.referTo, strings));
  columns.replaces.set(row, internHeader(bytes, HeaderId.replaces, strings));
  columns.event.set(row, internHeader(bytes, HeaderId.event, strings));
}

/** The CSeq header (RFC 3261 20.16): number and method. True where it cannot be read. */
function fillCSeq(bytes: Uint8Array, start: number, out: Rows<SipColumns>, row: number, ctx: DissectContext): boolean {
  const at = headers.valueAt[HeaderId.cseq];
  if (at === 0) return false;
  const end = at + headers.valueLength[HeaderId.cseq];
  const value = readNumber(bytes, at, end);
  const valid = numberValid;
  let from = numberEnd;
  while (from < end && isSpace(bytes[from])) from++;
  let to = from;
  while (to < end && isTokenOctet(bytes[to])) to++;
  const method = methodId(bytes, from, to - from);
  if (valid) out.columns.cseq.set(row, value);
  out.columns.cseqMethod.set(row, method);
  if (ctx.truncated && !headers.complete) return false;
  if (!valid || from === numberEnd || to === from || to !== end) {
    ctx.issue('sip-bad-cseq', at - start);
    return true;
  }
  if (line.kind === LineKind.Request && !sameOctets(bytes, from, to - from, line.at, line.methodLength)) {
    ctx.issue('sip-cseq-method-mismatch', from - start);
  }
  return false;
}

function sameOctets(bytes: Uint8Array, a: number, aLength: number, b: number, bLength: number): boolean {
  if (aLength !== bLength) return false;
  for (let i = 0; i < aLength; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function internHeader(bytes: Uint8Array, id: HeaderId, strings: StringTable): number {
  const at = headers.valueAt[id];
  return at === 0 ? 0 : internValue(bytes, at, headers.valueLength[id], strings);
}

/** The tag of From or To; `param` then tells `internParty` where it stands. */
function internTag(bytes: Uint8Array, id: HeaderId, strings: StringTable): number {
  const at = headers.valueAt[id];
  param.at = -1;
  if (at === 0 || !param.findTag(bytes, at, at + headers.valueLength[id])) return 0;
  return strings.intern(bytes, param.at, param.length);
}

/** From or To, without its tag where that comes last: so the value is the same in every message of that user. */
function internParty(bytes: Uint8Array, id: HeaderId, strings: StringTable): number {
  const at = headers.valueAt[id];
  if (at === 0) return 0;
  const length = headers.valueLength[id];
  const tagIsLast = param.at >= 0 && param.end === at + length;
  return internValue(bytes, at, tagIsLast ? Math.max(0, param.before - at) : length, strings);
}

/** Interns a value; a line fold in it, with the white space around it, counts as one space (RFC 3261 7.3.1). */
function internValue(bytes: Uint8Array, at: number, length: number, strings: StringTable): number {
  if (!headers.folded || length > unfolded.length) return strings.intern(bytes, at, length);
  let size = 0;
  for (let i = at, end = at + length; i < end; i++) {
    if (bytes[i] !== LF && bytes[i] !== CR) unfolded[size++] = bytes[i];
    else {
      while (size > 0 && isSpace(unfolded[size - 1])) size--;
      while (i + 1 < end && isSpace(bytes[i + 1])) i++;
      unfolded[size++] = SPACE;
    }
  }
  return strings.intern(unfolded, 0, size);
}

function readHeaderNumber(bytes: Uint8Array, id: HeaderId): number {
  const at = headers.valueAt[id];
  numberValid = false;
  return at === 0 ? 0 : readNumber(bytes, at, at + headers.valueLength[id]);
}

/** Digits at `at`; sets `numberValid` and `numberEnd`. Gives 0 where there is no number or it passes 32 bits. */
function readNumber(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let i = at;
  while (i < end && isDigit(bytes[i])) {
    if (value <= MAX_U32) value = value * 10 + bytes[i] - 0x30;
    i++;
  }
  numberEnd = i;
  numberValid = i > at && value <= MAX_U32;
  return numberValid ? value : 0;
}

function isBlank(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0 && !isSpace(bytes[i])) return false;
  return true;
}
