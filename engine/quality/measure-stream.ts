import { timestampStep } from '../../base/sequence.ts';
import { BurstGap, type BurstGapFigures } from '../../media/quality/burst-gap.ts';
import { ClockSkew } from '../../media/quality/clock-skew.ts';
import { hasModes, modeOf } from '../../media/quality/codec-mode.ts';
import { FixedBuffer } from '../../media/quality/late-rule.ts';
import { orderBySequence, type SequenceOrder } from '../audio/sequence-order.ts';
import type { Capture } from '../capture.ts';
import { PayloadKind } from '../trackers/streams/payload-map.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { MediaTimes } from './media-times.ts';
import { PtimeChanges } from './ptime-changes.ts';

/** From when on something held; packets are 0-based frames. */
export interface Change {
  readonly frame: number;
  readonly value: number;
}

/** What the packets of a stream say of how it sounded: made in one go over its rows, without decoding. */
export interface StreamMeasures {
  /** Packets of the stream that were played, and those of them that should have been. */
  readonly expected: number;
  readonly lost: number;
  /** Came, but more than the assumed buffer too late. */
  readonly late: number;
  readonly bursts: BurstGapFigures;
  /** Parts in a million, above 0 where the sender's clock is fast; null where it cannot be told. */
  readonly skewPpm: number | null;
  /** Length of packets in ms, first the one at the beginning. */
  readonly ptimes: readonly Change[];
  /** The length that most packets have; null where none can be told. */
  readonly ptimeMs: number | null;
  readonly payloadTypes: readonly Change[];
  /** Share of packets that are comfort noise, percent of all. */
  readonly comfortNoisePercent: number;
  /** Share of the sender's time in which it sent nothing (DTX, mute), percent; null where the clock does not tell. */
  readonly silentPercent: number | null;
  /** Of codecs with modes: kbit/s of the mode that most packets have; null where unknown. */
  readonly kbps: number | null;
}

/** Changes that are remembered of a stream. */
const MOST_CHANGES = 100;

/** Rows with their order and who came late: what figures over the whole and over time are both made of. */
export interface OrderedStream {
  readonly rows: Uint32Array;
  readonly order: SequenceOrder;
  /** By place in `rows`: 1 for a packet of media that came too late to be played. */
  readonly late: Uint8Array;
  readonly times: MediaTimes;
}

/** Puts a stream's packets in order and tells who came late. `rows` are the stream's, in capture order. */
export function orderStream(capture: Capture, stream: Stream, rows: Uint32Array): OrderedStream {
  const { sequence } = capture.streams.rtp.rows.columns;
  const order = orderBySequence(rows.length, (packet) => sequence.get(rows[packet]));
  const late = new Uint8Array(rows.length);
  const buffer = new FixedBuffer();
  const times = new MediaTimes(capture, stream, rows);
  for (let packet = 0; packet < rows.length; packet++) {
    if (order.arrival[packet] === Arrival.Duplicate || !times.take(packet)) continue;
    if (buffer.isLate(times.arrivalMs, times.sentMs)) late[packet] = 1;
  }
  return { rows, order, late, times };
}

/** Measures a stream. */
export function measureStream(capture: Capture, stream: Stream, rows: Uint32Array): StreamMeasures {
  const ordered = orderStream(capture, stream, rows);
  const { order, late, times } = ordered;
  const { payloadType, timestamp, payloadLength } = capture.streams.rtp.rows.columns;
  const { kind, clockRate, encodings } = stream.payloads;
  const { frame } = capture.streams.rtp;

  const skew = new ClockSkew();
  for (let packet = 0; packet < rows.length; packet++) {
    const how = order.arrival[packet];
    if (how !== Arrival.Duplicate && how !== Arrival.Late && times.take(packet))
      skew.add(times.arrivalMs, times.sentMs);
  }

  const bursts = new BurstGap();
  const ptimes = new PtimeChanges(MOST_CHANGES);
  const payloadTypes: Change[] = [];
  const mainType = stream.mainPayloadType;
  const encoding = mainType < 0 ? undefined : encodings[mainType];
  const lengths = encoding !== undefined && hasModes(encoding.name) ? new Uint32Array(256) : null;
  let lost = 0;
  let lateCount = 0;
  let noise = 0;
  let sentMs = 0;
  let silentMs = 0;
  let before = -1;
  for (let i = 0; i < order.sent.length; i++) {
    const packet = order.sent[i];
    const row = rows[packet];
    const type = payloadType.get(row) & 0x7f;
    const missing = order.lostBefore(i);
    lost += missing;
    bursts.missed(missing);
    if (late[packet] === 1) {
      lateCount++;
      bursts.missed();
    } else {
      bursts.received();
    }
    if (kind[type] === PayloadKind.ComfortNoise) noise++;
    if (
      type !== payloadTypes.at(-1)?.value &&
      kind[type] !== PayloadKind.Event &&
      kind[type] !== PayloadKind.ComfortNoise &&
      !stream.guessedEvents.includes(type)
    ) {
      if (payloadTypes.length < MOST_CHANGES) payloadTypes.push({ frame: frame.get(row), value: type });
    }
    if (lengths !== null && type === mainType) lengths[Math.min(255, payloadLength.get(row))]++;
    if (before >= 0 && clockRate[type] > 0) {
      const last = rows[before];
      const lastType = payloadType.get(last) & 0x7f;
      const ms = (timestampStep(timestamp.get(last), timestamp.get(row)) * 1000) / clockRate[type];
      const isSteady = lastType === type && missing === 0 && kind[type] !== PayloadKind.Event;
      if (isSteady) ptimes.take(frame.get(last), ms);
      const isSound = ms > 0 && ms < MOST_STEP_MS && clockRate[lastType] === clockRate[type];
      if (isSound && kind[lastType] !== PayloadKind.Event && kind[type] !== PayloadKind.Event) {
        sentMs += ms;
        const spokenMs = kind[lastType] === PayloadKind.ComfortNoise ? 0 : (1 + missing) * (ptimes.usualMs ?? ms);
        if (ms > spokenMs * 1.5) silentMs += ms - spokenMs;
      }
    }
    before = packet;
  }
  const ptimeMs = ptimes.usualMs;
  return {
    expected: order.sent.length + lost,
    lost,
    late: lateCount,
    bursts: bursts.figures(),
    skewPpm: skew.ppm,
    ptimes: ptimes.changes,
    ptimeMs,
    payloadTypes,
    comfortNoisePercent: order.sent.length === 0 ? 0 : (noise * 100) / order.sent.length,
    silentPercent: sentMs === 0 ? null : (silentMs * 100) / sentMs,
    kbps: lengths === null || encoding === undefined ? null : usualMode(lengths, encoding, ptimeMs),
  };
}

/** A longer step of the timestamp is a new beginning rather than silence. */
const MOST_STEP_MS = 600_000;

/** The mode that most packets of speech have. */
function usualMode(
  lengths: Uint32Array,
  { name, parameters }: { readonly name: string; readonly parameters: string },
  ptimeMs: number | null,
): number | null {
  if (ptimeMs === null) return null;
  let most = 0;
  let kbps: number | null = null;
  for (let length = 0; length < lengths.length; length++) {
    if (lengths[length] <= most) continue;
    const mode = modeOf(name, length, ptimeMs, parameters);
    if (mode === null) continue;
    most = lengths[length];
    kbps = mode;
  }
  return kbps;
}
