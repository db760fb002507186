import { formatPercent } from '../../../shared/figures.ts';
import { ASSUMED_BUFFER_MS } from '../../../media/quality/late-rule.ts';
import { lossPlace } from '../../quality/loss-place.ts';
import { orderStream } from '../../quality/measure-stream.ts';
import { isNeverLate, mosOf, ratedStream } from '../../quality/rating.ts';
import { reportsOf } from '../../quality/reports.ts';
import { burstsOf } from './bursts.ts';
import { countOf, type Finding, packetsOf, shortNumber } from './finding.ts';
import type { StreamFacts } from './stream-facts.ts';
import {
  BURST_MS,
  BURST_PACKETS,
  LATE_LEAST_PACKETS,
  LATE_PERCENT,
  LOSS_ERROR_PERCENT,
  LOSS_LEAST_PACKETS,
  LOSS_WARNING_PERCENT,
  MOS_ERROR,
  MOS_SECONDS,
  MOS_WARNING,
  MOST_EVIDENCE,
  SKEW_PPM,
  SKEW_SECONDS,
  SKEW_WARNING_PPM,
} from './thresholds.ts';

/** How a stream sounded: the E-model, bursts, lateness, clocks, and what its receiver reports. Nothing is decoded. */
export function quality(facts: StreamFacts): Finding[] {
  return [...lowMos(facts), ...burst(facts), ...late(facts), ...clockSkew(facts), ...lostAfter(facts)];
}

/** Many users would be dissatisfied (ITU-T G.107 table B.1), and not for the codec alone. */
function lowMos(facts: StreamFacts): Finding[] {
  const { capture, stream } = facts;
  const mos = mosOf(capture, stream);
  if (mos === null || mos.value >= MOS_WARNING) return [];
  const { impairment, rating, lossPercent, delayMs } = ratedStream(capture, stream);
  if (rating === null || impairment === null) return [];
  if (capture.store.frames.secondsBetween(stream.firstFrame, stream.lastFrame) < MOS_SECONDS) return [];
  const byLoss = rating.equipmentImpairment - impairment.ie;
  if (Math.max(byLoss, rating.delayImpairment) < impairment.ie) return [];
  const causes = [
    ...(lossPercent > 0 ? [`${formatPercent(lossPercent)} % of the packets${facts.from} were lost or too late`] : []),
    ...(delayMs !== null && rating.delayImpairment > 5 ? [`the way takes ${Math.round(delayMs)} ms`] : []),
  ];
  return [
    finding(facts, {
      code: 'low-mos',
      severity: mos.value < MOS_ERROR ? 'error' : 'warning',
      title: `MOS ${mos.value.toFixed(2)}`,
      message: `${upperFirst(causes.join(' and '))}, so the E-model rates the stream R ${mos.r.toFixed(0)}, MOS ${mos.value.toFixed(2)}.`,
      packets: lossEvidence(facts),
      spec: `ITU-T ${mos.model}`,
    }),
  ];
}

/** Loss that is little in all but came together, as conversation does not get over it. */
function burst(facts: StreamFacts): Finding[] {
  const { capture, stream, figures } = facts;
  const { expected, lost } = figures.gaps;
  // More loss than this is told as such, with its longest run.
  if (lost < BURST_PACKETS || (lost * 100) / expected > LOSS_WARNING_PERCENT) return [];
  const list = burstsOf(capture, facts.rows).toSorted((a, b) => b.longest - a.longest);
  const longest = list.length === 0 ? 0 : list[0].longest;
  if (longest < BURST_PACKETS) return [];
  const { bursts, ptimeMs } = ratedStream(capture, stream).measures;
  const lastingMs = longest * (ptimeMs ?? 0);
  if (lastingMs < BURST_MS) return [];
  const others = bursts.bursts > 1 ? `, in one of ${bursts.bursts} bursts` : '';
  return [
    finding(facts, {
      code: 'loss-burst',
      severity: 'warning',
      title: `${longest} packets in a row lost`,
      message: `${longest} packets in a row${facts.from} did not come${others}, so ${Math.round(lastingMs)} ms could not be heard.`,
      packets: packetsOf([list[0].before, list[0].after]),
      spec: 'RFC 3611 §4.7.2',
    }),
  ];
}

/** Packets that came and could not be played: to the listener they are lost. */
function late(facts: StreamFacts): Finding[] {
  const { capture, stream } = facts;
  if (isNeverLate(facts.figures)) return [];
  const { expected, late: count } = ratedStream(capture, stream).measures;
  const percent = expected === 0 ? 0 : (count * 100) / expected;
  if (percent <= LATE_PERCENT || count < LATE_LEAST_PACKETS) return [];
  const { rows } = facts;
  const ordered = orderStream(capture, stream, rows);
  const frames: number[] = [];
  for (let packet = 0; packet < rows.length && frames.length < MOST_EVIDENCE; packet++) {
    if (ordered.late[packet] === 1) frames.push(capture.streams.rtp.frame.get(rows[packet]));
  }
  return [
    finding(facts, {
      code: 'late-packets',
      severity: 'warning',
      title: `${formatPercent(percent)} % of the packets too late`,
      message: `${countOf(count, 'packet')}${facts.from} came more than ${ASSUMED_BUFFER_MS} ms later than they were due, so a jitter buffer of that depth plays none of them.`,
      packets: packetsOf(frames),
      spec: 'RFC 3611 §4.7.1',
    }),
  ];
}

/** Buffers run empty or over when the clocks of both ends differ. */
function clockSkew(facts: StreamFacts): Finding[] {
  const { capture, stream, figures } = facts;
  const seconds = capture.store.frames.secondsBetween(stream.firstFrame, stream.lastFrame);
  if (seconds < SKEW_SECONDS) return [];
  // Most clocks agree, and their streams need not be gone through again.
  if (figures.timeBaseChanges === 0 && Math.abs(figures.driftMs) < (seconds * SKEW_PPM) / 1000 / 3) return [];
  const { skewPpm, ptimeMs } = ratedStream(capture, stream).measures;
  if (skewPpm === null || ptimeMs === null || Math.abs(skewPpm) <= SKEW_PPM) return [];
  const side = skewPpm > 0 ? 'fast' : 'slow';
  const effect = skewPpm > 0 ? 'has a packet too many' : 'lacks a packet';
  const everySeconds = ptimeMs / 1000 / (Math.abs(skewPpm) / 1e6);
  return [
    finding(facts, {
      code: 'clock-skew',
      severity: Math.abs(skewPpm) > SKEW_WARNING_PPM ? 'warning' : 'note',
      title: `Sender's clock ${Math.round(Math.abs(skewPpm))} ppm ${side}`,
      message: `The clock${facts.from} is ${side} by ${Math.round(Math.abs(skewPpm))} ppm against the capture's, so a listener with a true clock ${effect} every ${shortNumber(everySeconds)} s.`,
      packets: packetsOf([stream.firstFrame, stream.lastFrame]),
      spec: 'RFC 3550 §6.4.1',
    }),
  ];
}

/** The receiver misses more than was missing here. */
function lostAfter(facts: StreamFacts): Finding[] {
  const { capture, stream } = facts;
  const reports = reportsOf(capture).about(stream);
  const last = reports.at(-1);
  if (last === undefined || last.cumulativeLost < LOSS_LEAST_PACKETS) return [];
  const place = lossPlace(capture, stream, facts.rows);
  const { expected } = facts.figures.gaps;
  if (place === null || place.after < LOSS_LEAST_PACKETS) return [];
  const percent = (place.after * 100) / expected;
  if (percent <= LOSS_WARNING_PERCENT) return [];
  return [
    finding(facts, {
      code: 'loss-after-capture',
      severity: percent > LOSS_ERROR_PERCENT ? 'error' : 'warning',
      title: `${formatPercent(percent)} % lost after the capture point`,
      message: `The receiver of the stream${facts.from} reports ${countOf(place.before + place.after, 'packet')} lost, of which ${place.before} were missing here, so ${place.after} were lost after this capture point.`,
      packets: [...(place.fromPacket === null ? [] : [place.fromPacket]), place.packet],
      spec: 'RFC 3550 §6.4.1',
    }),
  ];
}

function lossEvidence({ capture, rows, stream }: StreamFacts): number[] {
  const list = burstsOf(capture, rows).toSorted((a, b) => b.longest - a.longest);
  return packetsOf([
    ...list.slice(0, MOST_EVIDENCE / 2).flatMap(({ before, after }) => [before, after]),
    stream.firstFrame,
  ]);
}

function finding(facts: StreamFacts, about: Omit<Finding, 'call' | 'stream'>): Finding {
  return { ...about, call: facts.call, stream: facts.id };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
