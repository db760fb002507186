/**
 * RTCP: RFC 3550, section 6; feedback RFC 4585 and 5104; extended reports RFC 3611; reduced size RFC 5506. SRTCP
 * (RFC 3711, section 3.4) is told apart and kept as one packet row; decrypting it is not done here.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |V=2|P|  count  |  packet type  |  length in words minus one    |
 *     |                      SSRC of the sender                       |
 *     |                              …                                |
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { type RtcpColumns, RtcpFlag, RtcpRow, rtcpColumns } from './columns.ts';
import { compoundEnd, isPacketAt, packetEnd, srtcpIndexAt } from './compound.ts';
import { describeRtcp, summarizeRtcp } from './describe-rtcp.ts';
import { rtcpFields } from './fields.ts';
import { RtcpType } from './packet-types.ts';
import { bodyIsShort, minimumLength, readBody } from './read-body.ts';

/** Browsers mark the up to three octets that fill a transport-cc packet to a word as padding, wherever it stands. */
const WORD_FILL = 3;

function probe(data: Octets, ctx: DissectContext): Confidence {
  const type = data.u8(1);
  if (data.length < 8 || !isPacketAt(data, 0) || type < RtcpType.Sr || type > RtcpType.Xr) return Confidence.None;
  const firstEnd = packetEnd(data, 0);
  if (firstEnd < minimumLength(type, data.u8(0) & 0x1f)) return Confidence.None;
  if (ctx.truncated) return Confidence.Likely;
  const end = compoundEnd(data);
  if (end === data.length) {
    return type >= RtcpType.Sdes && type <= RtcpType.App ? Confidence.Likely : Confidence.Strong;
  }
  const protectedOnes = end > 0 && (srtcpIndexAt(data, firstEnd, true) >= 0 || srtcpIndexAt(data, end, false) >= 0);
  return protectedOnes ? Confidence.Likely : Confidence.None;
}

function dissect(data: Octets, out: Rows<RtcpColumns>, ctx: DissectContext): Verdict {
  if (!isPacketAt(data, 0)) return Verdict.Reject;
  let end = data.length;
  let packetFlags = ctx.truncated ? RtcpFlag.Truncated : 0;
  if (!ctx.truncated) {
    const sound = compoundEnd(data);
    if (sound > 0 && sound < data.length) {
      if (srtcpIndexAt(data, packetEnd(data, 0), true) >= 0) {
        addPacket(data, 0, out, RtcpFlag.Encrypted);
        return Verdict.Ok;
      }
      if (srtcpIndexAt(data, sound, false) >= 0) {
        packetFlags |= RtcpFlag.Authenticated;
        end = sound;
      }
    }
  }
  let verdict: Verdict = Verdict.Ok;
  for (let at = 0; at < end; ) {
    if (!isPacketAt(data, at)) {
      if (ctx.truncated && at + 4 > end) break;
      ctx.issue('rtcp-trailing-octets', at);
      return Verdict.Malformed;
    }
    const next = packetEnd(data, at);
    if (next > end && !ctx.truncated) {
      ctx.issue('rtcp-length', at + 2);
      verdict = Verdict.Malformed;
    }
    if (!packet(data, at, Math.min(next, end), next >= end, out, ctx, packetFlags)) verdict = Verdict.Malformed;
    at = next;
  }
  return verdict;
}

/** Reads the packet from `at` to `end` into its rows. False where it is damaged, which `ctx.issue` was told. */
function packet(
  data: Octets,
  at: number,
  end: number,
  isLast: boolean,
  out: Rows<RtcpColumns>,
  ctx: DissectContext,
  flags: number,
): boolean {
  let bodyEnd = end;
  let sound = true;
  const padded = (data.u8(at) & 0x20) !== 0;
  // A packet that was cut does not hold its last octet, the count.
  if (padded && packetEnd(data, at) === end) {
    const count = data.u8(end - 1);
    if (!isLast && count > WORD_FILL) ctx.issue('rtcp-padding-not-last', at);
    if (count === 0 || count > end - at - 4) {
      ctx.issue('rtcp-bad-padding', end - 1);
      sound = false;
    } else {
      bodyEnd = end - count;
    }
  }
  const row = addPacket(data, at, out, padded ? flags | RtcpFlag.HasPadding : flags);
  if (bodyIsShort(data, at, bodyEnd) && !ctx.truncated) {
    ctx.issue('rtcp-short', at);
    sound = false;
  }
  return readBody(data, at, bodyEnd, row, out, ctx) && sound;
}

function addPacket(data: Octets, at: number, out: Rows<RtcpColumns>, flags: number): number {
  const row = out.add();
  const c = out.columns;
  c.kind.set(row, RtcpRow.Packet);
  c.packetType.set(row, data.u8(at + 1));
  c.count.set(row, data.u8(at) & 0x1f);
  if (flags !== 0) c.flags.set(row, flags);
  // A packet of one word (a BYE or SDES of nobody) has no SSRC; the octets after it are another packet's.
  if (at + 8 <= data.length && data.u16(at + 2) > 0) c.ssrc.set(row, data.u32(at + 4));
  return row;
}

export const rtcp: Dissector<RtcpColumns> = {
  id: 'rtcp',
  label: 'RTCP',
  specs: ['RFC 3550', 'RFC 3611', 'RFC 3711', 'RFC 4585', 'RFC 5104', 'RFC 5506', 'RFC 5761'],
  claims: [{ kind: 'heuristic', over: 'udp', firstOctet: [128, 191] }],
  columns: rtcpColumns,
  fields: rtcpFields,
  probe,
  dissect,
  summarize: summarizeRtcp,
  describe: describeRtcp,
};
