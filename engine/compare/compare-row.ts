import { timestampStep } from '../../base/sequence.ts';
import type { CompareDelay, ComparePoint, CompareRow, CompareSeries } from '../../shared/compare.ts';
import type { Capture } from '../capture.ts';
import { carriedIn, formatSsrc, streamId } from '../query/stream-rows.ts';
import { changesOf, stateOf } from './changes.ts';
import type { Comparison } from './comparison.ts';
import { networkChanges } from './network-changes.ts';
import type { ObservedStream } from './observed-stream.ts';

/** Parts of the series, at most. */
const MOST_PARTS = 300;
const LEAST_PART_SECONDS = 0.2;

/** A comparison in figures and a sentence. `nameOf` gives a capture's file name; `other` is the second of two captures. */
export async function compareRow(
  comparison: Comparison,
  id: string,
  nameOf: (side: ObservedStream) => string,
  other: Capture | null = null,
): Promise<CompareRow> {
  const { a, b, rowA, rowB, reordered, alignment, outsideA, outsideB } = comparison;
  const count = (has: (i: number) => boolean): number => rowA.reduce((sum, _, i) => sum + (has(i) ? 1 : 0), 0);
  const figures = {
    both: count((i) => rowA[i] >= 0 && rowB[i] >= 0),
    lostBetween: count((i) => rowB[i] < 0),
    missedAtA: count((i) => rowA[i] < 0),
    reordered: reordered.reduce((sum, mark) => sum + mark, 0),
  };
  const delay = delayOf(comparison);
  return {
    id,
    a: { capture: nameOf(a), isOther: a.capture === other, ...pointOf(a, outsideA) },
    b: { capture: nameOf(b), isOther: b.capture === other, ...pointOf(b, outsideB) },
    orderBy: comparison.clocks === null ? 'time' : figures.lostBetween === figures.missedAtA ? null : 'packets',
    matchedBy: alignment.by,
    ...figures,
    delay,
    changes: [...changesOf(comparison), ...(await networkChanges(comparison))],
    verdict: verdictOf(figures, delay),
  };
}

function pointOf(side: ObservedStream, outside: number): Omit<ComparePoint, 'capture' | 'isOther'> {
  const { stream, nic } = side;
  const { flows } = side.capture.store;
  const name = nic < 0 ? null : side.capture.reader.interfaces[nic].name || `interface ${nic}`;
  return {
    stream: streamId(stream),
    ssrc: formatSsrc(stream.ssrc),
    src: flows.sourceEndpoint(stream.flow),
    dst: flows.destinationEndpoint(stream.flow),
    interface: name,
    carriedIn: carriedIn(side.capture, stream),
    packets: side.count,
    duplicates: side.count - side.first.size,
    outOfOrder: outOfOrderOf(side),
    jitterMs: jitterOf(side),
    outside,
    encrypted: stateOf(side),
  };
}

function outOfOrderOf(side: ObservedStream): number {
  let highest = -Infinity;
  let late = 0;
  for (const [sequence] of side.first) {
    if (sequence < highest) late++;
    highest = Math.max(highest, sequence);
  }
  return late;
}

/** Mean interarrival jitter (RFC 3550 section 6.4.1) of the packets that came for the first time. */
function jitterOf({ stream, first, timeMs, timestamp }: ObservedStream): number | null {
  const type = stream.mainPayloadType;
  const clockRate = type < 0 ? 0 : stream.payloads.clockRate[type];
  if (!(clockRate > 0) || first.size < 2) return null;
  let jitter = 0;
  let sum = 0;
  let before = -1;
  for (const row of first.values()) {
    if (before >= 0) {
      const sent = (timestampStep(timestamp[before], timestamp[row]) * 1000) / clockRate;
      jitter += (Math.abs(timeMs[row] - timeMs[before] - sent) - jitter) / 16;
      sum += jitter;
    }
    before = row;
  }
  return sum / (first.size - 1);
}

/** How long packets took; null where none was seen at both points. */
export function delayOf({ delayMs, clocks, a }: Comparison): CompareDelay | null {
  const delays = delayMs.filter((delay) => !Number.isNaN(delay)).toSorted();
  if (delays.length === 0) return null;
  const at = (share: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))];
  return {
    kind: clocks === null ? 'absolute' : 'relative',
    minMs: delays[0],
    medianMs: at(0.5),
    p95Ms: at(0.95),
    maxMs: delays[delays.length - 1],
    clockOffsetSeconds: clocks === null ? null : (clocks.offsetMs + clocks.slope * a.timeMs[0]) / 1000,
    driftPpm: clocks === null ? null : clocks.slope * 1e6,
  };
}

function verdictOf(
  { both, lostBetween, missedAtA, reordered }: Pick<CompareRow, 'both' | 'lostBetween' | 'missedAtA' | 'reordered'>,
  delay: CompareDelay | null,
): string {
  const parts = [
    lostBetween === 0
      ? 'Nothing was lost between the two points'
      : `${packets(lostBetween)} lost between the two points`,
  ];
  if (missedAtA > 0) parts.push(`${packets(missedAtA)} missed by the capture at A or made on the way`);
  if (reordered > 0) parts.push(`${packets(reordered)} overtaken on the way`);
  if (delay !== null) {
    const than = delay.kind === 'absolute' ? '' : ' longer than the fastest';
    const [half, most] = [delay.medianMs, delay.maxMs].map((ms) => ms.toFixed(Math.abs(ms) < 1 ? 2 : 1));
    if (delay.maxMs - delay.minMs < 0.005) parts.push(`all ${both} that both saw took as long`);
    else parts.push(`half of the ${both} that both saw took up to ${half} ms${than}, none more than ${most} ms`);
  }
  return `${parts.join('; ')}.`;
}

function packets(count: number): string {
  return count === 1 ? '1 packet was' : `${count} packets were`;
}

/** The comparison over time, by A's clock; what A did not see counts with what it saw before. */
export function compareSeries({ a, rowA, rowB, delayMs }: Comparison): CompareSeries {
  const fromMs = a.timeMs[0] ?? 0;
  const spanMs = rowA.reduce((most, row) => (row < 0 ? most : Math.max(most, a.timeMs[row] - fromMs)), 0);
  const partSeconds = Math.max(LEAST_PART_SECONDS, spanMs / 1000 / MOST_PARTS);
  const parts = Math.floor(spanMs / 1000 / partSeconds) + 1;
  const series: CompareSeries = {
    startTime: a.count === 0 ? 0 : a.capture.store.frames.time(a.frame[0]),
    partSeconds,
    delayMinMs: Array.from({ length: parts }, () => null),
    delayMaxMs: Array.from({ length: parts }, () => null),
    lost: Array.from({ length: parts }, () => 0),
    missed: Array.from({ length: parts }, () => 0),
  };
  let part = 0;
  rowA.forEach((row, i) => {
    if (row >= 0) part = Math.max(0, Math.min(parts - 1, Math.floor((a.timeMs[row] - fromMs) / 1000 / partSeconds)));
    if (row < 0) series.missed[part]++;
    else if (rowB[i] < 0) series.lost[part]++;
    else {
      series.delayMinMs[part] = Math.min(series.delayMinMs[part] ?? Infinity, delayMs[i]);
      series.delayMaxMs[part] = Math.max(series.delayMaxMs[part] ?? -Infinity, delayMs[i]);
    }
  });
  return series;
}
