/** The hot pass of SDP: one walk over the lines, one row for each media section. */
import type { Octets } from '../../base/octets.ts';
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import type { StringTable } from '../../base/string-table.ts';
import { type DissectContext, type Rows, Verdict } from '../dissector.ts';
import { AttributeId, attributeId } from './attribute-ids.ts';
import { type SdpColumns, SdpDirection, SdpFlag, SdpSetup } from './columns.ts';
import { COLON, CR, EQUALS, isBlankOctet, isWord, LF, SLASH, SPACE, TextScratch, word } from './octet-words.ts';
import { Level, SectionMemo } from './section-memo.ts';

/** `index` counts in one octet; more sections than this are no session that is set up. */
const MAX_SECTIONS = 255;

const ACTIVE = word('active');
const PASSIVE = word('passive');
const ACTPASS = word('actpass');
const HOLDCONN = word('holdconn');
const ENCRYPT = word('urn:ietf:params:rtp-hdrext:encrypt');

const session = new Level();
const section = new Level();
const memos = new WeakMap<StringTable, SectionMemo>();
const formats = new TextScratch(32_768);
const crypto = new TextScratch(8192);
const ssrcs = new TextScratch(4096);
const encrypted = new TextScratch(1024);
/** Where the last a=ssrc line has its number, to tell lines that go on about it. */
let lastSsrcAt = 0;
let lastSsrcLength = 0;

/** The words of the line at hand: `wordAt`, `wordEnd` after each `nextWord`. */
let wordAt = 0;
let wordEnd = 0;
/** The port of the section at hand, and how many there are, could be read. */
let portSound = false;

/** One session description. See the columns for what is kept. */
export function dissectSdp(data: Octets, out: Rows<SdpColumns>, ctx: DissectContext): Verdict {
  const { bytes, start } = data;
  const end = start + data.length;
  const view = viewOf(bytes);
  let level = session;
  session.clear();
  let row = -1;
  let sections = 0;
  let damaged = false;
  let sawVersion = false;
  let reportedLine = false;
  // Where the last section goes on behind its port, -1 where what it says is not to be kept.
  let restAt = -1;
  let isRecalled = false;
  // What a cut description says is not to be told from what it would have said.
  const memo = ctx.truncated ? null : memoOf(ctx.strings);
  for (let at = start; at < end; ) {
    const lf = lineFeedAt(view, at, end);
    let to = lf;
    while (to > at && (bytes[to - 1] === CR || bytes[to - 1] === 0 || isBlankOctet(bytes[to - 1]))) to--;
    let next = lf < end ? lf + 1 : end;
    const cutHere = ctx.truncated && lf === end;
    if (to - at < 2 || bytes[at + 1] !== EQUALS) {
      if (to > at && !reportedLine && !cutHere) {
        reportedLine = true;
        damaged = true;
        ctx.issue('sdp-bad-line', at - start);
      }
      at = next;
      continue;
    }
    const from = at + 2;
    switch (bytes[at]) {
      case 0x76: // v
        sawVersion = true;
        restAt = -1;
        break;
      case 0x63: // c
        if (level.address === 0) level.address = readAddress(bytes, from, to, ctx);
        break;
      case 0x61: // a
        readAttribute(bytes, from, to, level, row < 0, ctx);
        break;
      case 0x6d: // m
        if (row >= 0) {
          internTexts(ctx.strings);
          finish(out, row);
        }
        if (sections === MAX_SECTIONS) {
          ctx.issue('sdp-too-many-media', at - start);
          return Verdict.Malformed;
        }
        level = section;
        section.clear();
        row = out.add();
        out.columns.index.set(row, sections++);
        restAt = readPort(bytes, from, to, out, row, ctx) ? wordEnd : -1;
        if (restAt >= 0 && memo !== null && recall(memo, bytes, restAt, end)) {
          restAt = -1;
          next = end;
          isRecalled = true;
        } else if (restAt < 0 || !readFormats(bytes, to, ctx)) portSound = false;
        if (!portSound && !cutHere) {
          damaged = true;
          ctx.issue('sdp-bad-media', at - start);
        }
        break;
      default:
        break;
    }
    at = next;
  }
  if (row >= 0) {
    if (!isRecalled) internTexts(ctx.strings);
    finish(out, row);
    if (restAt >= 0 && memo !== null && !damaged) memo.keep(bytes, restAt, end, section);
  } else if (!ctx.truncated) ctx.issue('sdp-no-media', 0);
  if (!sawVersion) {
    damaged = true;
    ctx.issue('sdp-missing-version', 0);
  }
  return damaged ? Verdict.Malformed : Verdict.Ok;
}

/** m=<media> <port>[/<number of ports>] … (RFC 8866 section 5.14), `wordEnd` behind it; false where there is no port. */
function readPort(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Rows<SdpColumns>,
  row: number,
  ctx: DissectContext,
): boolean {
  const columns = out.columns;
  formats.length = 0;
  crypto.length = 0;
  ssrcs.length = 0;
  encrypted.length = 0;
  lastSsrcLength = 0;
  portSound = false;
  columns.portCount.set(row, 1);
  if (!nextWord(bytes, from, to)) return false;
  columns.media.set(row, ctx.strings.intern(bytes, wordAt, wordEnd - wordAt));
  if (!nextWord(bytes, wordEnd, to)) return false;
  let slash = wordAt;
  while (slash < wordEnd && bytes[slash] !== SLASH) slash++;
  const port = readNumber(bytes, wordAt, slash);
  const count = slash === wordEnd ? 1 : readNumber(bytes, slash + 1, wordEnd);
  portSound = port >= 0 && port <= 0xffff && count > 0;
  if (port >= 0 && port <= 0xffff) columns.port.set(row, port);
  if (port === 0) section.flags |= SdpFlag.rejected;
  if (count > 0) columns.portCount.set(row, Math.min(count, 255));
  return true;
}

/** … <proto> <fmt> … after the port; false where there is no format. */
function readFormats(bytes: Uint8Array, to: number, ctx: DissectContext): boolean {
  if (!nextWord(bytes, wordEnd, to)) return false;
  section.protocol = ctx.strings.intern(bytes, wordAt, wordEnd - wordAt);
  let some = false;
  while (nextWord(bytes, wordEnd, to)) {
    some = true;
    formats.add(SPACE, bytes, wordAt, wordEnd - wordAt);
  }
  return some;
}

function memoOf(strings: StringTable): SectionMemo {
  let memo = memos.get(strings);
  if (memo === undefined) memos.set(strings, (memo = new SectionMemo()));
  return memo;
}

/** Takes what the octets from `at` to `end` are known to say for the section; false where nothing is known. */
function recall(memo: SectionMemo, bytes: Uint8Array, at: number, end: number): boolean {
  const known = memo.find(bytes, at, end);
  if (known === null) return false;
  // That the port is 0 was said before them.
  const rejected = section.flags;
  section.take(known);
  section.flags |= rejected;
  return true;
}

/** c=<nettype> <addrtype> <address>[/…] (RFC 8866 section 5.7): the id of the address. */
function readAddress(bytes: Uint8Array, from: number, to: number, ctx: DissectContext): number {
  if (!nextWord(bytes, from, to) || !nextWord(bytes, wordEnd, to) || !nextWord(bytes, wordEnd, to)) return 0;
  let end = wordAt;
  while (end < wordEnd && bytes[end] !== SLASH) end++;
  return ctx.strings.intern(bytes, wordAt, end - wordAt);
}

function readAttribute(
  bytes: Uint8Array,
  from: number,
  to: number,
  level: Level,
  atSession: boolean,
  ctx: DissectContext,
): void {
  let colon = from;
  while (colon < to && bytes[colon] !== COLON) colon++;
  let value = Math.min(colon + 1, to);
  while (value < to && isBlankOctet(bytes[value])) value++;
  const length = to - value;
  const id = attributeId(bytes, from, colon - from);
  switch (id) {
    case AttributeId.sendrecv:
      level.direction = SdpDirection.sendrecv;
      return;
    case AttributeId.sendonly:
      level.direction = SdpDirection.sendonly;
      return;
    case AttributeId.recvonly:
      level.direction = SdpDirection.recvonly;
      return;
    case AttributeId.inactive:
      level.direction = SdpDirection.inactive;
      return;
    case AttributeId.fingerprint:
      level.flags |= SdpFlag.fingerprint;
      if (level.fingerprint === 0) level.fingerprint = ctx.strings.intern(bytes, value, length);
      return;
    case AttributeId.setup:
      level.setup = setupOf(bytes, value, length);
      return;
    case AttributeId.iceUfrag:
      level.flags |= SdpFlag.ice;
      level.ufrag = ctx.strings.intern(bytes, value, length);
      return;
    case AttributeId.icePwd:
      level.pwd = ctx.strings.intern(bytes, value, length);
      return;
    case AttributeId.iceLite:
      level.flags |= SdpFlag.ice;
      return;
    default:
      if (!atSession) readMediaAttribute(bytes, id, from, value, to, ctx);
  }
}

/** Attributes that only media sections have. */
function readMediaAttribute(
  bytes: Uint8Array,
  id: AttributeId,
  from: number,
  value: number,
  to: number,
  ctx: DissectContext,
): void {
  switch (id) {
    case AttributeId.rtpmap:
    case AttributeId.fmtp:
    case AttributeId.ptime:
    case AttributeId.maxptime:
      formats.add(LF, bytes, from, to - from);
      return;
    case AttributeId.crypto:
      section.flags |= SdpFlag.crypto;
      crypto.add(LF, bytes, value, to - value);
      return;
    case AttributeId.mid:
      section.mid = ctx.strings.intern(bytes, value, to - value);
      return;
    case AttributeId.rtcp: {
      const port = nextWord(bytes, value, to) ? readNumber(bytes, wordAt, wordEnd) : -1;
      if (port > 0 && port <= 0xffff) section.rtcpPort = port;
      return;
    }
    case AttributeId.rtcpMux:
      section.flags |= SdpFlag.rtcpMux;
      return;
    case AttributeId.bundleOnly:
      section.flags |= SdpFlag.bundleOnly;
      return;
    case AttributeId.ssrc:
      addSsrc(bytes, value, to);
      return;
    case AttributeId.extmap:
      addEncryptedExtension(bytes, value, to);
      return;
    default:
  }
}

function addSsrc(bytes: Uint8Array, from: number, to: number): void {
  if (!nextWord(bytes, from, to)) return;
  const length = wordEnd - wordAt;
  let same = length === lastSsrcLength;
  for (let i = 0; same && i < length; i++) same = bytes[wordAt + i] === bytes[lastSsrcAt + i];
  if (!same) ssrcs.add(SPACE, bytes, wordAt, length);
  lastSsrcAt = wordAt;
  lastSsrcLength = length;
}

/** a=extmap:<id>[/direction] urn:ietf:params:rtp-hdrext:encrypt <uri> (RFC 6904 section 4). */
function addEncryptedExtension(bytes: Uint8Array, from: number, to: number): void {
  if (!nextWord(bytes, from, to)) return;
  const idAt = wordAt;
  let idEnd = wordAt;
  while (idEnd < wordEnd && bytes[idEnd] !== SLASH) idEnd++;
  if (!nextWord(bytes, wordEnd, to) || !isWord(bytes, wordAt, wordEnd - wordAt, ENCRYPT)) return;
  encrypted.add(SPACE, bytes, idAt, idEnd - idAt);
}

/** Interns what the lines of the section came to. */
function internTexts(strings: StringTable): void {
  section.formats = strings.intern(formats.bytes, 0, formats.length);
  section.crypto = strings.intern(crypto.bytes, 0, crypto.length);
  section.ssrcs = strings.intern(ssrcs.bytes, 0, ssrcs.length);
  section.encrypted = strings.intern(encrypted.bytes, 0, encrypted.length);
}

/** Writes what the section, and the session for it, said. */
function finish(out: Rows<SdpColumns>, row: number): void {
  const columns = out.columns;
  let flags = session.flags | section.flags;
  if ((flags & SdpFlag.bundleOnly) !== 0) flags &= ~SdpFlag.rejected;
  columns.flags.set(row, flags);
  columns.protocol.set(row, section.protocol);
  columns.mid.set(row, section.mid);
  columns.rtcpPort.set(row, section.rtcpPort);
  columns.address.set(row, section.address || session.address);
  columns.direction.set(row, section.direction || session.direction || SdpDirection.sendrecv);
  columns.fingerprint.set(row, section.fingerprint || session.fingerprint);
  columns.setup.set(row, section.setup || session.setup);
  columns.ufrag.set(row, section.ufrag || session.ufrag);
  columns.pwd.set(row, section.pwd || session.pwd);
  columns.formats.set(row, section.formats);
  columns.crypto.set(row, section.crypto);
  columns.ssrcs.set(row, section.ssrcs);
  columns.encryptedExtensions.set(row, section.encrypted);
}

function setupOf(bytes: Uint8Array, at: number, length: number): number {
  if (isWord(bytes, at, length, ACTIVE)) return SdpSetup.active;
  if (isWord(bytes, at, length, PASSIVE)) return SdpSetup.passive;
  if (isWord(bytes, at, length, ACTPASS)) return SdpSetup.actpass;
  return isWord(bytes, at, length, HOLDCONN) ? SdpSetup.holdconn : SdpSetup.none;
}

/** Finds the next word between `from` and `to`; false where there is none. */
function nextWord(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && isBlankOctet(bytes[at])) at++;
  wordAt = at;
  while (at < to && !isBlankOctet(bytes[at])) at++;
  wordEnd = at;
  return wordEnd > wordAt;
}

/** A decimal number that fills `from` to `to`, -1 where it is none. Past 32 bits it stays above them. */
function readNumber(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const octet = bytes[i];
    if (octet < 0x30 || octet > 0x39) return -1;
    if (value <= 0xffff_ffff) value = value * 10 + octet - 0x30;
  }
  return value;
}
