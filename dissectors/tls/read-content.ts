/** The hot pass of a record's content: handshake and alert columns. No function here allocates. */
import type { Octets } from '../../base/octets.ts';
import type { DissectContext, Rows } from '../dissector.ts';
import { type RecordColumns, RecordFlag } from './columns.ts';
import { DTLS_HANDSHAKE_HEADER, TLS_HANDSHAKE_HEADER } from './handshake.ts';
import { isPlainAlert, isPlainHandshake } from './plain-content.ts';
import { ContentType, type RecordHeader } from './records.ts';

/** Whether a record's content, from `at` to `end`, is encrypted as far as the record shows. */
export function isEncrypted(data: Octets, header: RecordHeader, at: number, end: number, isDtls: boolean): boolean {
  if (isDtls) return header.isUnified || header.epoch > 0;
  switch (header.contentType) {
    case ContentType.ChangeCipherSpec:
      return false;
    case ContentType.Alert:
      return !isPlainAlert(data, at, end);
    case ContentType.Handshake:
      return !isPlainHandshake(data, at, end);
    default:
      return true;
  }
}

/** Adds the row of the record at `at`, whose content the view holds up to `end`. False where it is damaged. */
export function readRecord(
  data: Octets,
  at: number,
  end: number,
  header: RecordHeader,
  isDtls: boolean,
  out: Rows<RecordColumns>,
  ctx: DissectContext,
): boolean {
  const row = out.add();
  const c = out.columns;
  const contentAt = at + header.headerLength;
  let flags = header.isUnified ? RecordFlag.Unified : 0;
  if (header.connectionIdLength > 0) flags |= RecordFlag.ConnectionId;
  if (contentAt + header.length > end) flags |= RecordFlag.Truncated;
  c.at.set(row, at);
  c.headerLength.set(row, header.headerLength);
  c.length.set(row, header.length);
  c.contentType.set(row, header.contentType);
  c.version.set(row, header.version);
  c.epoch.set(row, header.epoch);
  c.sequence.set(row, header.sequence);
  let sound = true;
  if (isEncrypted(data, header, contentAt, end, isDtls)) {
    flags |= RecordFlag.Encrypted;
  } else if (header.contentType === ContentType.Handshake) {
    flags |= readHandshake(data, contentAt, end, row, isDtls, out);
    sound = !isDtls || checkFragments(data, contentAt, end, ctx);
  } else if (header.contentType === ContentType.Alert) {
    c.alertLevel.set(row, data.u8(contentAt));
    c.alertDescription.set(row, data.u8(contentAt + 1));
    if (end - contentAt < 2 && !ctx.truncated) {
      ctx.issue('dtls-alert-length', contentAt);
      sound = false;
    }
  }
  c.flags.set(row, flags);
  return sound;
}

function readHandshake(
  data: Octets,
  at: number,
  end: number,
  row: number,
  isDtls: boolean,
  out: Rows<RecordColumns>,
): number {
  const headerLength = isDtls ? DTLS_HANDSHAKE_HEADER : TLS_HANDSHAKE_HEADER;
  if (at + headerLength > end) return 0;
  const c = out.columns;
  const length = data.u24(at + 1);
  const here = end - at - headerLength;
  const fragment = isDtls ? data.u24(at + 9) : Math.min(length, here);
  c.handshakeType.set(row, data.u8(at));
  c.messageLength.set(row, length);
  c.fragmentLength.set(row, fragment);
  if (isDtls) {
    c.messageSequence.set(row, data.u16(at + 4));
    c.fragmentOffset.set(row, data.u24(at + 6));
  }
  return fragment < here ? RecordFlag.SeveralMessages : 0;
}

/** Whether the fragments of a DTLS record lie in their messages and fill the record; says where they do not. */
function checkFragments(data: Octets, from: number, end: number, ctx: DissectContext): boolean {
  let at = from;
  while (at < end) {
    const bodyAt = at + DTLS_HANDSHAKE_HEADER;
    if (bodyAt > end) {
      if (ctx.truncated) return true;
      ctx.issue('dtls-handshake-header', at);
      return false;
    }
    const length = data.u24(at + 9);
    const isPast = data.u24(at + 6) + length > data.u24(at + 1);
    if (isPast || (bodyAt + length > end && !ctx.truncated)) {
      ctx.issue('dtls-fragment', at + 6);
      return false;
    }
    at = bodyAt + length;
  }
  return true;
}
