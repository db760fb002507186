/**
 * RTP: RFC 3550, section 5. Told apart from RTCP on the same port by RFC 5761, section 4; header extensions by
 * RFC 8285 (shown only, see describe-rtp.ts).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *     |                     CSRC list, CC × 32 bits                   |
 *     |      profile                  |  length in 32-bit words       |  only with X
 */
import type { Octets } from '../../base/octets.ts';
import {
  Confidence,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Rows,
  Verdict,
} from '../dissector.ts';
import { describeRtp } from './describe-rtp.ts';
import { rtpFields } from './fields.ts';
import { encodingName, staticEncoding } from './payload-types.ts';

/** Bits of the `flags` column. */
export const RtpFlag = {
  /** The P bit is set, but the last octet is no possible padding count; nothing was removed from the payload. */
  BadPadding: 1,
  /** The capture holds less than was sent; `payloadLength` counts the octets held, padding not removed. */
  Truncated: 2,
  HasExtension: 4,
  HasCsrc: 8,
} as const;

/** One row per RTP packet. */
export const rtpColumns = {
  ssrc: 'u32',
  timestamp: 'u32',
  sequence: 'u16',
  /** The second octet of the header as it is: bit 7 is the marker. */
  payloadType: 'u8',
  /** Octets of CSRC list and header extension: what the header has beyond its fixed 12. 0 costs no memory. */
  extraHeaderLength: 'u16',
  /** Octets of payload, padding removed. */
  payloadLength: 'u16',
  /** Octets of padding that were removed from the payload. In SRTP the last octet is no count, so this says how to undo it. */
  padding: 'u8',
  /** The first four octets of a payload of 4 to 16 octets, else 0: enough for a telephone-event or comfort noise. */
  head: 'u32',
  /** See `RtpFlag`. */
  flags: 'u8',
} as const;
export type RtpColumns = typeof rtpColumns;

/** Octets of the header before the CSRC list. */
export const FIXED_HEADER = 12;
/** Payloads of so many octets have a `head`. */
export const HEAD_MIN = 4;
export const HEAD_MAX = 16;

/**
 * Whether the second octet may be an RTCP packet type (RFC 5761, section 4: 192 to 223). Payload types 72 to 76 are
 * never RTP (RFC 3551, section 6). The others of the range are taken for RTCP only where the third and fourth octets
 * hold a length that fits, for a video stream on payload type 90 would lose all its marked packets otherwise.
 */
function mayBeRtcp(data: Octets, truncated: boolean): boolean {
  const second = data.u8(1);
  const low = second & 0x7f;
  if (low < 64 || low > 95) return false;
  if (low >= 72 && low <= 76) return true;
  if (second < 128) return false;
  return truncated || (data.u16(2) + 1) * 4 <= data.length;
}

/** Offset of the payload, or −1 where the first octets are no RTP header. May lie past the end of the view. */
function payloadAt(data: Octets, truncated: boolean): number {
  const length = data.length;
  if (length < FIXED_HEADER) return -1;
  const first = data.u8(0);
  if (first >> 6 !== 2 || mayBeRtcp(data, truncated)) return -1;
  let at = FIXED_HEADER + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) at += at + 4 <= length ? 4 + data.u16(at + 2) * 4 : 4;
  return at > length && !truncated ? -1 : at;
}

function probe(data: Octets, ctx: DissectContext): Confidence {
  return payloadAt(data, ctx.truncated) < 0 ? Confidence.None : Confidence.Weak;
}

/** The hot path: the header is read straight from the octets, its length being known, and nothing is read twice. */
function dissect(data: Octets, out: Rows<RtpColumns>, ctx: DissectContext): Verdict {
  const { bytes, start, length } = data;
  if (length < FIXED_HEADER) return Verdict.Reject;
  const first = bytes[start];
  const second = bytes[start + 1];
  if (first >> 6 !== 2 || ((second & 0x60) === 0x40 && mayBeRtcp(data, ctx.truncated))) return Verdict.Reject;

  let at = FIXED_HEADER;
  let flags = 0;
  if ((first & 0x3f) !== 0 || ctx.truncated) {
    at = payloadAt(data, ctx.truncated);
    if (at < 0) return Verdict.Reject;
    if (at > length) at = length;
    if ((first & 0x10) !== 0) flags |= RtpFlag.HasExtension;
    if ((first & 0x0f) !== 0) flags |= RtpFlag.HasCsrc;
    if (ctx.truncated) flags |= RtpFlag.Truncated;
  }
  let payload = length - at;
  let removed = 0;
  if ((first & 0x20) !== 0 && !ctx.truncated) {
    const padding = payload > 0 ? bytes[start + length - 1] : 0;
    if (padding > 0 && padding <= payload) {
      payload -= padding;
      removed = padding;
    } else {
      flags |= RtpFlag.BadPadding;
      ctx.issue('rtp-bad-padding', length - 1);
    }
  }

  const row = out.add();
  const c = out.columns;
  c.sequence.set(row, (bytes[start + 2] << 8) | bytes[start + 3]);
  c.timestamp.set(row, u32(bytes, start + 4));
  c.ssrc.set(row, u32(bytes, start + 8));
  c.payloadType.set(row, second);
  c.extraHeaderLength.set(row, at - FIXED_HEADER);
  c.payloadLength.set(row, payload);
  if (payload >= HEAD_MIN && payload <= HEAD_MAX) c.head.set(row, u32(bytes, start + at));
  if (removed !== 0) c.padding.set(row, removed);
  if (flags !== 0) c.flags.set(row, flags);
  return Verdict.Ok;
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function summarize(data: Octets, ctx: DescribeContext): string {
  const first = data.u8(0);
  const payloadType = data.u8(1) & 0x7f;
  const name = encodingName(ctx.encodingOf(payloadType) || staticEncoding(payloadType)) || `PT ${payloadType}`;
  const marker = data.u8(1) >= 128 ? '  [marker]' : '';
  const at = Math.min(Math.max(payloadAt(data, true), 0), data.length);
  let size = data.length - at;
  if ((first & 0x20) !== 0 && !ctx.truncated) {
    const padding = data.u8(data.length - 1);
    if (padding <= size) size -= padding;
  }
  const ssrc = data.u32(8).toString(16).padStart(8, '0');
  return `${name}  seq ${data.u16(2)}  ts ${data.u32(4)}  ssrc 0x${ssrc}${marker}  ${size} B`;
}

export const rtp: Dissector<RtpColumns> = {
  id: 'rtp',
  label: 'RTP',
  specs: ['RFC 3550', 'RFC 3551', 'RFC 5761', 'RFC 8285'],
  claims: [{ kind: 'heuristic', over: 'udp', firstOctet: [128, 191] }],
  columns: rtpColumns,
  fields: rtpFields,
  probe,
  dissect,
  summarize,
  describe: describeRtp,
};
