/** The hot pass inside an RTCP packet: what of its body becomes rows. Nothing here allocates. */
import type { Octets } from '../../base/octets.ts';
import type { DissectContext, Rows } from '../dissector.ts';
import { type RtcpColumns, RtcpRow } from './columns.ts';
import { RtcpType } from './packet-types.ts';
import { addPart } from './part-row.ts';
import { readXr } from './read-xr.ts';

const REPORT_BLOCK = 24;
const REMB = 0x52454d42;

/** Octets of the shortest packet of a type that holds `count` entries, header included. */
export function minimumLength(packetType: number, count: number): number {
  switch (packetType) {
    case RtcpType.Sr:
      return 28 + count * REPORT_BLOCK;
    case RtcpType.Rr:
      return 8 + count * REPORT_BLOCK;
    case RtcpType.Sdes:
      return 4 + count * 8;
    case RtcpType.Bye:
      return 4 + count * 4;
    case RtcpType.App:
    case RtcpType.Rtpfb:
    case RtcpType.Psfb:
      return 12;
    case RtcpType.Xr:
      return 8;
    default:
      return 4;
  }
}

/** Whether the packet from `at` to `end` (padding removed) ends before what its count field promises. */
export function bodyIsShort(data: Octets, at: number, end: number): boolean {
  return end - at < minimumLength(data.u8(at + 1), data.u8(at) & 0x1f);
}

/**
 * Reads the body of the packet from `at` to `end` (padding removed), whose own row is `row`. Entries that are not
 * wholly there are left out. False where the body is damaged, which `ctx.issue` was told.
 */
export function readBody(
  data: Octets,
  at: number,
  end: number,
  row: number,
  out: Rows<RtcpColumns>,
  ctx: DissectContext,
): boolean {
  switch (data.u8(at + 1)) {
    case RtcpType.Sr:
      if (at + 28 <= end) readSenderInfo(data, at + 8, row, out);
      readReportBlocks(data, at, at + 28, end, out);
      return true;
    case RtcpType.Rr:
      readReportBlocks(data, at, at + 8, end, out);
      return true;
    case RtcpType.Sdes:
      return readSdes(data, at, end, out, ctx);
    case RtcpType.Bye:
      return readBye(data, at, end, out, ctx);
    case RtcpType.App:
      if (at + 12 <= end) out.columns.text.set(row, ctx.strings.intern(data.bytes, data.start + at + 8, 4));
      return true;
    case RtcpType.Rtpfb:
    case RtcpType.Psfb:
      readFeedback(data, at, end, row, out);
      return true;
    case RtcpType.Xr:
      return readXr(data, at, end, out, ctx);
    default:
      return true;
  }
}

function readSenderInfo(data: Octets, at: number, row: number, out: Rows<RtcpColumns>): void {
  const c = out.columns;
  c.ntpSeconds.set(row, data.u32(at));
  c.ntpFraction.set(row, data.u32(at + 4));
  c.rtpTimestamp.set(row, data.u32(at + 8));
  c.packetCount.set(row, data.u32(at + 12));
  c.octetCount.set(row, data.u32(at + 16));
}

function readReportBlocks(data: Octets, packetAt: number, from: number, end: number, out: Rows<RtcpColumns>): void {
  const c = out.columns;
  let left = data.u8(packetAt) & 0x1f;
  for (let at = from; left > 0 && at + REPORT_BLOCK <= end; at += REPORT_BLOCK, left--) {
    const row = addPart(data, packetAt, RtcpRow.ReportBlock, data.u32(at), out);
    const lost = data.u32(at + 4);
    c.fractionLost.set(row, lost >>> 24);
    c.cumulativeLost.set(row, ((lost << 8) >> 8) >>> 0);
    c.highestSequence.set(row, data.u32(at + 8));
    c.jitter.set(row, data.u32(at + 12));
    c.lsr.set(row, data.u32(at + 16));
    c.dlsr.set(row, data.u32(at + 20));
  }
}

/** RFC 3550, section 6.5: chunks of an SSRC and items, ended by a zero octet and filled up to a word. */
function readSdes(data: Octets, packetAt: number, end: number, out: Rows<RtcpColumns>, ctx: DissectContext): boolean {
  let at = packetAt + 4;
  for (let left = data.u8(packetAt) & 0x1f; left > 0 && at + 4 <= end; left--) {
    const ssrc = data.u32(at);
    let named = false;
    at += 4;
    while (at < end && data.u8(at) !== 0) {
      const length = at + 1 < end ? data.u8(at + 1) : end;
      if (at + 2 + length > end) {
        if (!ctx.truncated) ctx.issue('rtcp-sdes-item-length', at);
        return ctx.truncated;
      }
      if (data.u8(at) === 1 && !named) {
        const row = addPart(data, packetAt, RtcpRow.Cname, ssrc, out);
        out.columns.text.set(row, ctx.strings.intern(data.bytes, data.start + at + 2, length));
        named = true;
      }
      at += 2 + length;
    }
    // The zero octet, then up to the next multiple of four, counted from the packet's start.
    at += 4 - ((at - packetAt) & 3);
  }
  return true;
}

/** RFC 3550, section 6.6: the sources that leave, then the reason for all of them. */
function readBye(data: Octets, packetAt: number, end: number, out: Rows<RtcpColumns>, ctx: DissectContext): boolean {
  const count = data.u8(packetAt) & 0x1f;
  const reasonAt = packetAt + 4 + count * 4;
  let reason = 0;
  let sound = true;
  if (reasonAt < end) {
    const length = data.u8(reasonAt);
    if (reasonAt + 1 + length <= end) {
      reason = ctx.strings.intern(data.bytes, data.start + reasonAt + 1, length);
    } else if (!ctx.truncated) {
      ctx.issue('rtcp-bye-reason-length', reasonAt);
      sound = false;
    }
  }
  for (let i = 0, at = packetAt + 4; i < count && at + 4 <= end; i++, at += 4) {
    const row = addPart(data, packetAt, RtcpRow.ByeSource, data.u32(at), out);
    if (reason !== 0) out.columns.text.set(row, reason);
  }
  return sound;
}

/** RFC 4585, section 6.1, and of RFC 5104 and REMB the first entry's SSRC and bit rate. */
function readFeedback(data: Octets, at: number, end: number, row: number, out: Rows<RtcpColumns>): void {
  if (at + 12 > end) return;
  const c = out.columns;
  const fmt = data.u8(at) & 0x1f;
  const isTransport = data.u8(at + 1) === RtcpType.Rtpfb;
  let about = data.u32(at + 8);
  if (isTransport && (fmt === 3 || fmt === 4) && at + 20 <= end) {
    const word = data.u32(at + 16);
    if (about === 0) about = data.u32(at + 12);
    c.bitrateBps.set(row, ((word >>> 9) & 0x1ffff) * 2 ** (word >>> 26));
  } else if (!isTransport && fmt === 4 && at + 20 <= end) {
    if (about === 0) about = data.u32(at + 12);
  } else if (!isTransport && fmt === 15 && at + 20 <= end && data.u32(at + 12) === REMB) {
    if (about === 0 && data.u8(at + 16) > 0 && at + 24 <= end) about = data.u32(at + 20);
    c.bitrateBps.set(row, (data.u24(at + 17) & 0x3ffff) * 2 ** (data.u8(at + 17) >> 2));
  }
  c.aboutSsrc.set(row, about);
}
