import type { ReportedQuality, ReportedVoipMetrics } from '../../shared/quality.ts';
import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { reportsOf } from './reports.ts';

/** RFC 3611's word for a value that is not known. */
const UNAVAILABLE = 127;

/** What receivers said of a stream; null where nobody said anything. */
export function reportedQuality(capture: Capture, stream: Stream): ReportedQuality | null {
  const reports = reportsOf(capture);
  if (!reports.has(stream)) return null;
  const about = reports.about(stream);
  const last = about.at(-1);
  const jitters = about.flatMap(({ jitterMs }) => jitterMs ?? []);
  return {
    reports: about.length,
    maxLostPercent: largest(about.map(({ lostPercent }) => lostPercent)),
    maxJitterMs: largest(jitters),
    meanJitterMs: jitters.length === 0 ? null : jitters.reduce((sum, ms) => sum + ms, 0) / jitters.length,
    cumulativeLost: last?.cumulativeLost ?? null,
    lastPacket: last === undefined ? null : last.frame + 1,
    voipMetrics: voipMetrics(capture, stream),
    statistics: statistics(capture, stream),
  };
}

function largest(values: readonly number[]): number | null {
  return values.reduce<number | null>((most, value) => (most === null || value > most ? value : most), null);
}

/** The last block; RFC 3611 section 4.7. */
function voipMetrics(capture: Capture, stream: Stream): ReportedVoipMetrics | null {
  const reports = reportsOf(capture);
  const { table } = reports;
  const row = reports.voipMetrics(stream).at(-1);
  if (table === null || row === undefined) return null;
  const c = table.rows.columns;
  const percent = (part: number): number => (part * 100) / 256;
  const known = (value: number): number | null => (value === UNAVAILABLE ? null : value);
  const signed = (value: number): number | null => (value === UNAVAILABLE ? null : (value << 24) >> 24);
  const config = c.receiverConfig.get(row);
  const mosOf = (value: number): number | null => (value === UNAVAILABLE ? null : value / 10);
  return {
    packet: table.frame.get(row) + 1,
    lossPercent: percent(c.lossRate.get(row)),
    discardPercent: percent(c.discardRate.get(row)),
    burstDensityPercent: percent(c.burstDensity.get(row)),
    gapDensityPercent: percent(c.gapDensity.get(row)),
    burstDurationMs: c.burstDurationMs.get(row),
    gapDurationMs: c.gapDurationMs.get(row),
    // "If the value is 0, the delay is not known" (sections 4.7.3).
    roundTripMs: c.roundTripDelayMs.get(row) || null,
    endSystemDelayMs: c.endSystemDelayMs.get(row) || null,
    signalLevelDbm0: signed(c.signalLevelDbm0.get(row)),
    noiseLevelDbm0: signed(c.noiseLevelDbm0.get(row)),
    residualEchoReturnLossDb: known(c.residualEchoReturnLossDb.get(row)),
    gmin: c.gmin.get(row),
    r: known(c.rFactor.get(row)),
    externalR: known(c.externalRFactor.get(row)),
    mosLq: mosOf(c.mosLq.get(row)),
    mosCq: mosOf(c.mosCq.get(row)),
    concealment: (['unspecified', 'disabled', 'enhanced', 'standard'] as const)[config >> 6],
    jitterBuffer: (['unknown', 'reserved', 'non-adaptive', 'adaptive'] as const)[(config >> 4) & 3],
    jitterBufferNominalMs: c.jitterBufferNominalMs.get(row),
    jitterBufferMaximumMs: c.jitterBufferMaximumMs.get(row),
    jitterBufferAbsoluteMaximumMs: c.jitterBufferAbsoluteMaximumMs.get(row),
  };
}

/** Bits of a summary's flags: loss, duplicates and jitter are reported (RFC 3611 section 4.6). */
const HAS_LOSS = 0x80;
const HAS_DUPLICATES = 0x40;
const HAS_JITTER = 0x20;
const PACKETS_NAMED = 20;

function statistics(capture: Capture, stream: Stream): ReportedQuality['statistics'] {
  const reports = reportsOf(capture);
  const { table } = reports;
  const rows = reports.statistics(stream);
  if (table === null || rows.length === 0) return null;
  const c = table.rows.columns;
  const clock = stream.payloads.clockRate[Math.max(0, stream.mainPayloadType)];
  let lost: number | null = null;
  let duplicates: number | null = null;
  let jitter = 0;
  let jitters = 0;
  for (const row of rows) {
    const flags = c.summaryFlags.get(row);
    if ((flags & HAS_LOSS) !== 0) lost = (lost ?? 0) + c.lostPackets.get(row);
    if ((flags & HAS_DUPLICATES) !== 0) duplicates = (duplicates ?? 0) + c.duplicatePackets.get(row);
    if ((flags & HAS_JITTER) === 0 || clock === 0) continue;
    jitter += (c.meanJitter.get(row) * 1000) / clock;
    jitters++;
  }
  return {
    packets: rows.slice(0, PACKETS_NAMED).map((row) => table.frame.get(row) + 1),
    lost,
    duplicates,
    meanJitterMs: jitters === 0 ? null : jitter / jitters,
  };
}
