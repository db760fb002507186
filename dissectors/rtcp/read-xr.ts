/** The hot pass over the blocks of an extended report: RFC 3611, section 3. Nothing here allocates. */
import type { Octets } from '../../base/octets.ts';
import type { DissectContext, Rows } from '../dissector.ts';
import { type RtcpColumns, RtcpRow } from './columns.ts';
import { addPart } from './part-row.ts';

/** Block types of RFC 3611, section 4, and the registry it opened. */
export const XrBlock = {
  LossRle: 1,
  DuplicateRle: 2,
  PacketReceiptTimes: 3,
  ReferenceTime: 4,
  Dlrr: 5,
  StatisticsSummary: 6,
  VoipMetrics: 7,
} as const;

const VOIP_METRICS_LENGTH = 36;
const STATISTICS_LENGTH = 40;

/** Reads the blocks of the XR packet from `packetAt` to `end`. False where a length passes the end. */
export function readXr(
  data: Octets,
  packetAt: number,
  end: number,
  out: Rows<RtcpColumns>,
  ctx: DissectContext,
): boolean {
  for (let at = packetAt + 8; at + 4 <= end; ) {
    const next = at + (data.u16(at + 2) + 1) * 4;
    if (next > end) {
      if (!ctx.truncated) ctx.issue('rtcp-xr-block-length', at + 2);
      return ctx.truncated;
    }
    switch (data.u8(at)) {
      case XrBlock.ReferenceTime:
        if (at + 12 <= next) readReferenceTime(data, packetAt, at, out);
        break;
      case XrBlock.Dlrr:
        readDlrr(data, packetAt, at, next, out);
        break;
      case XrBlock.StatisticsSummary:
        if (at + STATISTICS_LENGTH <= next) readStatistics(data, packetAt, at, out);
        break;
      case XrBlock.VoipMetrics:
        if (at + VOIP_METRICS_LENGTH <= next) readVoipMetrics(data, packetAt, at, out);
        break;
      default:
        break;
    }
    at = next;
  }
  return true;
}

function readReferenceTime(data: Octets, packetAt: number, at: number, out: Rows<RtcpColumns>): void {
  const row = addPart(data, packetAt, RtcpRow.ReferenceTime, 0, out);
  out.columns.ntpSeconds.set(row, data.u32(at + 4));
  out.columns.ntpFraction.set(row, data.u32(at + 8));
}

function readDlrr(data: Octets, packetAt: number, blockAt: number, end: number, out: Rows<RtcpColumns>): void {
  for (let at = blockAt + 4; at + 12 <= end; at += 12) {
    const row = addPart(data, packetAt, RtcpRow.Dlrr, data.u32(at), out);
    out.columns.lsr.set(row, data.u32(at + 4));
    out.columns.dlsr.set(row, data.u32(at + 8));
  }
}

function readStatistics(data: Octets, packetAt: number, at: number, out: Rows<RtcpColumns>): void {
  const row = addPart(data, packetAt, RtcpRow.Statistics, data.u32(at + 4), out);
  const c = out.columns;
  c.summaryFlags.set(row, data.u8(at + 1));
  c.beginSequence.set(row, data.u16(at + 8));
  c.endSequence.set(row, data.u16(at + 10));
  c.lostPackets.set(row, data.u32(at + 12));
  c.duplicatePackets.set(row, data.u32(at + 16));
  c.minJitter.set(row, data.u32(at + 20));
  c.maxJitter.set(row, data.u32(at + 24));
  c.meanJitter.set(row, data.u32(at + 28));
  c.jitterDeviation.set(row, data.u32(at + 32));
}

function readVoipMetrics(data: Octets, packetAt: number, at: number, out: Rows<RtcpColumns>): void {
  const row = addPart(data, packetAt, RtcpRow.VoipMetrics, data.u32(at + 4), out);
  const c = out.columns;
  c.lossRate.set(row, data.u8(at + 8));
  c.discardRate.set(row, data.u8(at + 9));
  c.burstDensity.set(row, data.u8(at + 10));
  c.gapDensity.set(row, data.u8(at + 11));
  c.burstDurationMs.set(row, data.u16(at + 12));
  c.gapDurationMs.set(row, data.u16(at + 14));
  c.roundTripDelayMs.set(row, data.u16(at + 16));
  c.endSystemDelayMs.set(row, data.u16(at + 18));
  c.signalLevelDbm0.set(row, data.u8(at + 20));
  c.noiseLevelDbm0.set(row, data.u8(at + 21));
  c.residualEchoReturnLossDb.set(row, data.u8(at + 22));
  c.gmin.set(row, data.u8(at + 23));
  c.rFactor.set(row, data.u8(at + 24));
  c.externalRFactor.set(row, data.u8(at + 25));
  c.mosLq.set(row, data.u8(at + 26));
  c.mosCq.set(row, data.u8(at + 27));
  c.receiverConfig.set(row, data.u8(at + 28));
  c.jitterBufferNominalMs.set(row, data.u16(at + 30));
  c.jitterBufferMaximumMs.set(row, data.u16(at + 32));
  c.jitterBufferAbsoluteMaximumMs.set(row, data.u16(at + 34));
}
