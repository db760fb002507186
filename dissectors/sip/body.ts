/** Hands the body of a message, or the parts of a multipart body, on by media type (RFC 3261 7.4, RFC 5621). */
import type { DissectContext } from '../dissector.ts';
import { SipFlag } from './columns.ts';
import { HeaderId } from './header-names.ts';
import { isMultipart, mediaTypeOf, SDP_TYPE } from './media-type.ts';
import type { MessageScan } from './message-scan.ts';
import { isEncoded, MAX_DEPTH, MAX_PARTS, MultipartScan } from './multipart.ts';

/**
 * Hands on the body from `at` to `end` (places in `bytes`; `base` is where the view begins) and gives the SipFlag
 * bits of what was in it. `row` is the message's row. Compressed and base64 bodies are reported, not handed on.
 */
export function handOnBody(
  bytes: Uint8Array,
  base: number,
  at: number,
  end: number,
  headers: MessageScan,
  row: number,
  ctx: DissectContext,
): number {
  if (isEncoded(bytes, headers)) {
    ctx.issue('encoded-body', at - base);
    return SipFlag.otherBody;
  }
  const typeAt = headers.valueAt[HeaderId.contentType];
  const typeLength = headers.valueLength[HeaderId.contentType];
  if (typeAt === 0 || typeLength === 0) {
    ctx.issue('sip-missing-content-type', at - base);
    // Some senders leave the type out; a session description cannot be taken for anything else.
    if (!looksLikeSdp(bytes, at, end)) return SipFlag.otherBody;
    ctx.child(SDP_TYPE, at - base, end - at, row);
    return SipFlag.sdp;
  }
  if (isMultipart(bytes, typeAt, typeLength)) {
    return handOnParts(bytes, base, at, end, typeAt, typeLength, row, ctx, 1);
  }
  return handOn(mediaTypeOf(bytes, typeAt, typeLength), at - base, end - at, row, ctx);
}

function handOn(mediaType: string, at: number, length: number, row: number, ctx: DissectContext): number {
  ctx.child(mediaType, at, length, row);
  return mediaType === SDP_TYPE ? SipFlag.sdp : SipFlag.otherBody;
}

function handOnParts(
  bytes: Uint8Array,
  base: number,
  at: number,
  end: number,
  typeAt: number,
  typeLength: number,
  row: number,
  ctx: DissectContext,
  depth: number,
): number {
  const parts = new MultipartScan(bytes, at, end, typeAt, typeLength);
  let flags = 0;
  let count = 0;
  while (count < MAX_PARTS && parts.next()) {
    count++;
    const { bodyAt, partEnd } = parts;
    if (bodyAt >= partEnd) continue;
    if (parts.encoded) {
      ctx.issue('encoded-body', bodyAt - base);
      flags |= SipFlag.otherBody;
    } else if (parts.typeAt < 0 || parts.typeLength === 0) {
      flags |= handOn('text/plain', bodyAt - base, partEnd - bodyAt, row, ctx);
    } else if (depth < MAX_DEPTH && isMultipart(bytes, parts.typeAt, parts.typeLength)) {
      flags |= handOnParts(bytes, base, bodyAt, partEnd, parts.typeAt, parts.typeLength, row, ctx, depth + 1);
    } else {
      const mediaType = mediaTypeOf(bytes, parts.typeAt, parts.typeLength);
      flags |= handOn(mediaType, bodyAt - base, partEnd - bodyAt, row, ctx);
    }
  }
  if (!parts.closed && !ctx.truncated) ctx.issue('sip-bad-multipart', at - base);
  return count === 0 ? SipFlag.otherBody : flags;
}

function looksLikeSdp(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at > 3 && bytes[at] === 0x76 && bytes[at + 1] === 0x3d && bytes[at + 2] === 0x30;
}
