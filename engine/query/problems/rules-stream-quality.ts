import { timestampStep } from '../../../base/sequence.ts';
import { formatPercent } from '../../../shared/figures.ts';
import { Arrival } from '../../trackers/streams/sequence-gaps.ts';
import { PayloadKind } from '../../trackers/streams/payload-map.ts';
import { StreamWalk } from '../stream-walk.ts';
import { burstsOf } from './bursts.ts';
import { countOf, type Finding, packetsOf, shortNumber } from './finding.ts';
import type { StreamFacts } from './stream-facts.ts';
import {
  GAP_MS,
  JITTER_MS,
  LOSS_ERROR_PERCENT,
  LOSS_LEAST_PACKETS,
  LOSS_WARNING_PERCENT,
  MOST_EVIDENCE,
} from './thresholds.ts';

/** Packets that never came (RFC 3550 appendix A.3), and the longest run of them. */
export function loss(facts: StreamFacts): Finding[] {
  const { expected, lost } = facts.figures.gaps;
  const percent = expected === 0 ? 0 : (lost * 100) / expected;
  if (percent <= LOSS_WARNING_PERCENT || lost < LOSS_LEAST_PACKETS) return [];
  const bursts = burstsOf(facts.capture, facts.rows).toSorted((a, b) => b.longest - a.longest);
  const longest = bursts.length === 0 ? 0 : bursts[0].longest;
  const share = `${formatPercent(percent)} %`;
  const isBursty = longest > 1;
  return [
    {
      code: 'packet-loss',
      severity: percent > LOSS_ERROR_PERCENT ? 'error' : 'warning',
      title: isBursty ? `${share} loss, bursts up to ${longest}` : `${share} of the packets lost`,
      message: `${lost} of ${countOf(expected, 'packet')}${facts.from} never came to the point of capture${isBursty ? `, up to ${longest} in a row` : ''}.`,
      call: facts.call,
      stream: facts.id,
      // The packets before and after: those that are missing have no number.
      packets: packetsOf([
        ...bursts.slice(0, MOST_EVIDENCE / 2).flatMap(({ before, after }) => [before, after]),
        facts.stream.firstFrame,
      ]),
      spec: 'RFC 3550 §A.3',
    },
  ];
}

/** Jitter beyond what usual buffers even out. */
export function jitter(facts: StreamFacts): Finding[] {
  const { figures, capture, stream } = facts;
  const { meanJitterMs, maxJitterMs } = figures;
  if (meanJitterMs === null || maxJitterMs <= JITTER_MS) return [];
  const walk = new StreamWalk(capture, stream);
  let first = -1;
  let worst = -1;
  let worstMs = 0;
  for (const row of facts.rows) {
    walk.take(row);
    const now = walk.jitterMs ?? 0;
    if (first < 0 && now > JITTER_MS) first = walk.frame;
    if (now > worstMs) {
      worst = walk.frame;
      worstMs = now;
    }
  }
  return [
    {
      code: 'jitter',
      severity: 'warning',
      title: `Jitter up to ${Math.round(maxJitterMs)} ms`,
      message: `Packets${facts.from} came unevenly, up to ${Math.round(figures.maxDeltaMs)} ms apart, so the jitter rose to ${shortNumber(maxJitterMs)} ms (mean ${shortNumber(meanJitterMs)} ms).`,
      call: facts.call,
      stream: facts.id,
      packets: packetsOf([worst, first]),
      spec: 'RFC 3550 §6.4.1',
    },
  ];
}

/** No packet for a while, although the sender's clock shows that it did not pause (RFC 3551 section 4.1). */
export function gap(facts: StreamFacts): Finding[] {
  if (facts.figures.maxDeltaMs <= GAP_MS) return [];
  // On hold nothing is sent, and some senders' clocks stand still.
  if (facts.callFacts?.sections.some(({ isSendRecv }) => !isSendRecv) === true) return [];
  const worst = worstGap(facts);
  if (worst === null) return [];
  const seconds = shortNumber(worst.deltaMs / 1000);
  const cause =
    worst.lost > 0
      ? `${countOf(worst.lost, 'packet')} in a row${facts.from} did not come`
      : `The packets${facts.from} stopped without a pause in their timestamps`;
  return [
    {
      code: 'media-gap',
      severity: 'warning',
      title: `No media for ${seconds} s`,
      message: `${cause}, so there was nothing to hear for ${seconds} s.`,
      call: facts.call,
      stream: facts.id,
      packets: packetsOf([worst.before, worst.after]),
      spec: null,
    },
  ];
}

interface Gap {
  readonly before: number;
  readonly after: number;
  readonly deltaMs: number;
  readonly lost: number;
}

function worstGap({ capture, stream, rows }: StreamFacts): Gap | null {
  const { clockRate, kind } = stream.payloads;
  const walk = new StreamWalk(capture, stream);
  let worst: Gap | null = null;
  let before = -1;
  let lastTimestamp = 0;
  let lastKind: number = PayloadKind.Unknown;
  for (const row of rows) {
    walk.take(row);
    const { frame, deltaMs, arrival, payloadType, timestamp } = walk;
    const isLong = deltaMs > GAP_MS && deltaMs > (worst?.deltaMs ?? 0);
    if (isLong && (arrival === Arrival.InOrder || arrival === Arrival.AfterGap)) {
      const rate = clockRate[payloadType];
      const sentMs = rate === 0 ? deltaMs : (timestampStep(lastTimestamp, timestamp) * 1000) / rate;
      // DTX and mute: the sender says with the timestamp, the marker or comfort noise that it was silent.
      const isPause =
        walk.lostBefore === 0 && (walk.marker || sentMs > deltaMs / 2 || lastKind === PayloadKind.ComfortNoise);
      const isEvent = kind[payloadType] === PayloadKind.Event || lastKind === PayloadKind.Event;
      if (!isPause && !isEvent) worst = { before, after: frame, deltaMs, lost: walk.lostBefore };
    }
    before = frame;
    lastTimestamp = timestamp;
    lastKind = kind[payloadType];
  }
  return worst;
}
