/** A stream's quality in words and figures: what was measured here beside what receivers reported. */
import type { QualityRating, StreamQuality } from '../../../shared/quality.ts';
import { formatCount, formatNumber, formatPercent, UNKNOWN } from '../../model/format/numbers.ts';
import { jitterTone, lossTone, mosTone } from '../../widgets/grid/figures.ts';

export interface Pair {
  readonly name: string;
  readonly unit: string;
  readonly measured: string;
  readonly reported: string;
  readonly tone: string;
}

/** A row for each figure that both sides may know; what nobody knows has none. */
export function pairsOf(quality: StreamQuality): Pair[] {
  const { rating, loss, jitterMs, bursts, roundTrip, reported } = quality;
  const told = reported?.voipMetrics ?? null;
  const reports = reported !== null && reported.reports > 0 ? reported : null;
  const pair = (name: string, unit: string, measured: string, theirs: string, tone = ''): Pair => ({
    name,
    unit,
    measured,
    reported: theirs,
    tone,
  });
  const ms = (value: number | null | undefined, digits = 1): string => formatNumber(value ?? null, digits);
  const rows = [
    pair('MOS', '', formatNumber(rating?.value ?? null, 2), mosReported(told), mosTone(rating?.value ?? null)),
    pair('R', '', formatNumber(rating?.r ?? null, 1), formatNumber(told?.r ?? null, 0)),
    pair('Lost', 'packets', formatCount(loss.lost), lostReported(reports?.cumulativeLost ?? null)),
    pair(
      'Loss',
      '%',
      formatPercent(loss.lostPercent),
      told === null ? most(reports?.maxLostPercent ?? null, formatPercent) : formatPercent(told.lossPercent),
      lossTone(loss.lostPercent),
    ),
    pair(
      'Late',
      '%',
      formatPercent(latePercent(quality)),
      formatPercent(told?.discardPercent ?? null),
      lossTone(loss.latePercent),
    ),
    pair('Jitter, mean', 'ms', ms(jitterMs.mean), ms(reports?.meanJitterMs ?? reported?.statistics?.meanJitterMs)),
    pair('Jitter, max', 'ms', ms(jitterMs.max), ms(reports?.maxJitterMs), jitterTone(jitterMs.max)),
    pair(
      'Burst density',
      '%',
      formatPercent(bursts.burstDensityPercent),
      formatPercent(told?.burstDensityPercent ?? null),
    ),
    pair('Gap density', '%', formatPercent(bursts.gapDensityPercent), formatPercent(told?.gapDensityPercent ?? null)),
    pair('Burst length', 'ms', ms(bursts.burstDurationMs, 0), ms(told?.burstDurationMs, 0)),
    pair('Round trip', 'ms', ms(roundTrip.wholeMs), ms(told?.roundTripMs, 0)),
  ];
  return rows.filter(({ measured, reported: theirs }) => measured !== UNKNOWN || theirs !== UNKNOWN);
}

/** Nobody is late by an unknown clock. */
function latePercent({ loss, jitterMs }: StreamQuality): number | null {
  return jitterMs.mean === null ? null : loss.latePercent;
}

/** Below zero more came than were expected: some came twice (RFC 3550 section 6.4.1). */
function lostReported(lost: number | null): string {
  return lost !== null && lost < 0 ? `0, ${formatCount(-lost)} too many` : formatCount(lost);
}

/** Of many reports the worst. */
function most(value: number | null, format: (value: number | null) => string): string {
  return value === null ? UNKNOWN : `${value > 0 ? '≤ ' : ''}${format(value)}`;
}

function mosReported(told: { readonly mosLq: number | null; readonly mosCq: number | null } | null): string {
  const parts = [
    ...(told?.mosLq == null ? [] : [`${formatNumber(told.mosLq, 1)} LQ`]),
    ...(told?.mosCq == null ? [] : [`${formatNumber(told.mosCq, 1)} CQ`]),
  ];
  return parts.length === 0 ? UNKNOWN : parts.join(', ');
}

export interface MoreFigure {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly tone?: string;
}

/** Whether anybody reported on the stream. */
export function isReported({ reported }: Pick<StreamQuality, 'reported'>): boolean {
  return reported !== null && (reported.reports > 0 || reported.voipMetrics !== null || reported.statistics !== null);
}

/** What only the packets tell; what stands beside a report where there is one. */
export function moreFigures(quality: StreamQuality): MoreFigure[] {
  const { loss, bursts, clockSkewPpm, ptimeMs, roundTrip, ...rest } = quality;
  const isAlone = !isReported(quality);
  const figures: (MoreFigure | false)[] = [
    isAlone && {
      name: `Late (${loss.bufferMs} ms)`,
      value: formatPercent(latePercent(quality)),
      unit: '%',
      tone: lossTone(loss.latePercent),
    },
    { name: 'Bursts', value: formatCount(bursts.bursts), unit: '' },
    { name: 'Longest run', value: formatCount(bursts.longestRun), unit: 'missing' },
    isAlone &&
      bursts.burstDensityPercent !== null && {
        name: 'Burst density',
        value: formatPercent(bursts.burstDensityPercent),
        unit: '%',
      },
    isAlone &&
      bursts.burstDurationMs !== null && {
        name: 'Burst length',
        value: formatNumber(bursts.burstDurationMs, 0),
        unit: 'ms',
      },
    bursts.burstRatio !== null && { name: 'Burst ratio', value: formatNumber(bursts.burstRatio, 2), unit: '' },
    {
      name: 'Clock skew',
      value: formatNumber(clockSkewPpm, 0),
      unit: 'ppm',
      tone: clockSkewPpm !== null && Math.abs(clockSkewPpm) > 100 ? 'warn' : '',
    },
    {
      name: 'Packet length',
      value: formatNumber(ptimeMs, ptimeMs !== null && !Number.isInteger(ptimeMs) ? 1 : 0),
      unit: 'ms',
    },
    { name: 'Comfort noise', value: formatPercent(rest.comfortNoisePercent), unit: '%' },
    rest.silentPercent !== null && { name: 'Nothing sent', value: formatPercent(rest.silentPercent), unit: '%' },
    roundTrip.beforeMs !== null && { name: 'Trip to sender', value: formatNumber(roundTrip.beforeMs, 1), unit: 'ms' },
    roundTrip.afterMs !== null && { name: 'Trip to receiver', value: formatNumber(roundTrip.afterMs, 1), unit: 'ms' },
  ];
  return figures.filter((figure) => figure !== false);
}

/** `R 82.3, narrowband scale (ITU-T G.107)`. */
export function scaleOf({ r, model }: Pick<QualityRating, 'r' | 'model'>): string {
  return `R ${formatNumber(r, 1)}, ${model === 'G.107' ? 'narrowband' : 'wideband'} scale (ITU-T ${model})`;
}

/** What the rating was worked out from. */
export function ratingParts(rating: QualityRating): { readonly name: string; readonly value: string }[] {
  return [
    { name: 'Codec', value: `Ie ${formatNumber(rating.ie, 1)}, Bpl ${formatNumber(rating.bpl, 1)} (${rating.source})` },
    {
      name: 'Loss and late',
      value: `${formatPercent(rating.lossPercent)} %, burst ratio ${formatNumber(rating.burstRatio, 2)}`,
    },
    { name: 'Codec and loss', value: `− ${formatNumber(rating.equipmentImpairment, 1)} of R` },
    {
      name: 'Delay',
      value:
        rating.delayMs === null
          ? 'not known, so not in the rating'
          : `${formatNumber(rating.delayMs, 0)} ms, − ${formatNumber(rating.delayImpairment, 1)} of R`,
    },
  ];
}
