/** The packet list's line and the detail tree of an RTCP datagram. Field names are Wireshark's. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { compoundEnd, isPacketAt, packetEnd, srtcpIndexAt } from './compound.ts';
import { describeFeedback } from './describe-feedback.ts';
import { describeReport } from './describe-report.ts';
import { describeApp, describeBye, describeSdes } from './describe-source.ts';
import { describeXr } from './describe-xr.ts';
import { feedbackName, packetTypeMeaning, packetTypeName, RtcpType } from './packet-types.ts';
import { bodyIsShort } from './read-body.ts';
import { Span } from './span.ts';
import { formatSsrc } from './units.ts';

/** Packets a summary names before it says how many more there are. */
const NAMED_PACKETS = 6;

/** Where SRTCP's index is and what it follows; −1 where the datagram is plain RTCP. */
interface Protection {
  readonly indexAt: number;
  readonly encrypted: boolean;
  /** End of what reads as RTCP. */
  readonly clearEnd: number;
}

function protectionOf(data: Octets, truncated: boolean): Protection {
  const sound = compoundEnd(data);
  if (!truncated && sound > 0 && sound < data.length) {
    const first = packetEnd(data, 0);
    const encryptedAt = srtcpIndexAt(data, first, true);
    if (encryptedAt >= 0) return { indexAt: encryptedAt, encrypted: true, clearEnd: first };
    const indexAt = srtcpIndexAt(data, sound, false);
    if (indexAt >= 0) return { indexAt, encrypted: false, clearEnd: sound };
  }
  return { indexAt: -1, encrypted: false, clearEnd: data.length };
}

/** `SR + SDES  ssrc 0x…`, feedback by its message, SRTCP by its index. */
export function summarizeRtcp(data: Octets, ctx: DescribeContext): string {
  const protection = protectionOf(data, ctx.truncated);
  const names: string[] = [];
  let more = 0;
  for (let at = 0; at < protection.clearEnd && isPacketAt(data, at); at = packetEnd(data, at)) {
    if (names.length < NAMED_PACKETS) names.push(shortName(data, at));
    else more++;
    if (protection.encrypted) break;
  }
  if (more > 0) names.push(`${more} more`);
  const srtcp = protection.indexAt < 0 ? '' : `  SRTCP index ${data.u32(protection.indexAt) & 0x7fffffff}`;
  const ssrc = data.length >= 8 && data.u16(2) > 0 ? `  ssrc ${formatSsrc(data.u32(4))}` : '';
  return `${names.join(' + ') || 'RTCP'}${ssrc}${srtcp}`;
}

function shortName(data: Octets, at: number): string {
  const type = data.u8(at + 1);
  if (type !== RtcpType.Rtpfb && type !== RtcpType.Psfb) return packetTypeName(type);
  return feedbackName(type, data.u8(at) & 0x1f);
}

/** Adds every octet of `data` to `tree`, packet by packet. */
export function describeRtcp(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const protection = protectionOf(data, ctx.truncated);
  if (protection.encrypted) {
    describeEncrypted(data, protection.indexAt, tree);
    return;
  }
  let at = 0;
  while (at < protection.clearEnd && isPacketAt(data, at)) {
    at = describePacket(data, at, protection.clearEnd, tree, ctx.truncated);
  }
  if (protection.indexAt >= 0) describeTrailer(data, at, protection.indexAt, tree);
  else if (at < data.length) {
    const code = ctx.truncated ? 'truncated' : 'rtcp-trailing-octets';
    tree.field('rtcp.trailing', 'Not RTCP', at, data.length - at, data.hex(at));
    tree.fault(code, 'No RTCP packet begins here', at, data.length - at);
  }
}

function describeHeader(span: Span, at: number): void {
  const { data, tree } = span;
  const type = data.u8(at + 1);
  tree.field('rtcp.version', 'Version', at, 1, data.u8(at) >> 6, 'RFC 3550');
  tree.field('rtcp.padding', 'Padding', at, 1, (data.u8(at) & 0x20) !== 0);
  const count = data.u8(at) & 0x1f;
  switch (type) {
    case RtcpType.Sdes:
    case RtcpType.Bye:
      tree.field('rtcp.sc', 'Source count', at, 1, count);
      break;
    case RtcpType.App:
      tree.field('rtcp.app.subtype', 'Subtype', at, 1, count);
      break;
    case RtcpType.Rtpfb:
      tree.field('rtcp.rtpfb.fmt', 'Feedback message type', at, 1, count, feedbackName(type, count));
      break;
    case RtcpType.Psfb:
      tree.field('rtcp.psfb.fmt', 'Feedback message type', at, 1, count, feedbackName(type, count));
      break;
    case RtcpType.Xr:
      tree.field('rtcp.xr.reserved', 'Reserved', at, 1, count);
      break;
    default:
      tree.field('rtcp.rc', 'Reception report count', at, 1, count);
  }
  tree.field('rtcp.pt', 'Packet type', at + 1, 1, type, packetTypeMeaning(type));
  tree.field('rtcp.length', 'Length', at + 2, 2, data.u16(at + 2), `${packetEnd(data, at) - at} octets`);
}

function describePacket(data: Octets, at: number, limit: number, tree: TreeBuilder, truncated: boolean): number {
  const end = Math.min(packetEnd(data, at), limit);
  const text = packetTypeMeaning(data.u8(at + 1)) || 'Unassigned packet type';
  tree.group('rtcp', shortName(data, at), at, end - at, text, () => {
    const padding = paddingLength(data, at, end);
    const bodyEnd = end - padding;
    const span = new Span(data, tree, at + 4, bodyEnd);
    describeHeader(span, at);
    describeBody(span, data.u8(at + 1), data.u8(at) & 0x1f);
    span.rest('rtcp.data', 'Data');
    if (padding > 0) {
      if (padding > 1)
        tree.field('rtcp.padding.data', 'Padding data', bodyEnd, padding - 1, data.hex(bodyEnd, padding - 1));
      tree.field('rtcp.padding.count', 'Padding count', end - 1, 1, padding);
      if (end < limit && padding > 3)
        tree.fault('rtcp-padding-not-last', 'Only the last packet may be padded', bodyEnd, padding);
    }
    describeFaults(data, at, end, bodyEnd, tree, truncated);
  });
  return end;
}

function describeBody(span: Span, type: number, count: number): void {
  switch (type) {
    case RtcpType.Sr:
    case RtcpType.Rr:
      return describeReport(span, type === RtcpType.Sr, count);
    case RtcpType.Sdes:
      return describeSdes(span, count);
    case RtcpType.Bye:
      return describeBye(span, count);
    case RtcpType.App:
      return describeApp(span);
    case RtcpType.Rtpfb:
    case RtcpType.Psfb:
      return describeFeedback(span, type, count);
    case RtcpType.Xr:
      return describeXr(span);
    default:
      span.ssrc('rtcp.senderssrc', 'Sender SSRC');
  }
}

/** Octets of padding of a packet that is wholly there, 0 where the count cannot be right. */
function paddingLength(data: Octets, at: number, end: number): number {
  if ((data.u8(at) & 0x20) === 0 || packetEnd(data, at) !== end || end - at <= 4) return 0;
  const count = data.u8(end - 1);
  return count <= end - at - 4 ? count : 0;
}

function describeFaults(
  data: Octets,
  at: number,
  end: number,
  bodyEnd: number,
  tree: TreeBuilder,
  truncated: boolean,
): void {
  const said = packetEnd(data, at) - at;
  if (said > end - at) {
    const code = truncated ? 'truncated' : 'rtcp-length';
    tree.fault(code, `The length says ${said} octets, ${end - at} are there`, at + 2, 2);
  } else if ((data.u8(at) & 0x20) !== 0 && bodyEnd === end) {
    tree.fault('rtcp-bad-padding', 'The padding count does not fit the packet', end - 1, 1);
  }
  if (!truncated && bodyIsShort(data, at, bodyEnd)) {
    tree.fault('rtcp-short', 'Ends before what its header announces', at, bodyEnd - at);
  }
}

function describeEncrypted(data: Octets, indexAt: number, tree: TreeBuilder): void {
  const end = packetEnd(data, 0);
  tree.group('rtcp', packetTypeName(data.u8(1)), 0, Math.min(8, data.length), 'SRTCP, encrypted', () => {
    const span = new Span(data, tree, 4, Math.min(8, data.length));
    describeHeader(span, 0);
    span.ssrc('rtcp.senderssrc', 'Sender SSRC');
  });
  const from = Math.min(8, end);
  const meaning = 'RFC 3711: this packet and those after it';
  if (indexAt > from)
    tree.field('rtcp.encrypted', 'Encrypted', from, indexAt - from, data.hex(from, indexAt - from), meaning);
  describeTrailer(data, indexAt, indexAt, tree);
}

/** RFC 3711, section 3.4: E bit and index, then key identifier and tag; with GCM the tag is before the word. */
function describeTrailer(data: Octets, from: number, indexAt: number, tree: TreeBuilder): void {
  if (indexAt > from)
    tree.field('srtcp.auth_tag', 'Authentication tag', from, indexAt - from, data.hex(from, indexAt - from));
  const word = data.u32(indexAt);
  tree.field('srtcp.e', 'Encrypted', indexAt, 1, word >= 0x80000000);
  tree.field('srtcp.index', 'SRTCP index', indexAt, 4, word & 0x7fffffff);
  const after = indexAt + 4;
  if (after < data.length) {
    const label = 'Key identifier, if any, and authentication tag';
    tree.field('srtcp.auth_tag', label, after, data.length - after, data.hex(after));
  }
}
