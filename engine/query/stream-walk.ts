import type { Capture } from '../capture.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { StreamFigures } from '../trackers/streams/stream-figures.ts';

/** Goes through the packets of a stream again, for what the figures of the whole do not say. */
export class StreamWalk {
  // Of the packet taken last:
  arrival: Arrival = Arrival.InOrder;
  frame = -1;
  /** Since the stream's first packet. */
  timeMs = Number.NaN;
  /** Since the packet before it, repeats left out; NaN of the first one. */
  deltaMs = Number.NaN;
  sequence = 0;
  timestamp = 0;
  payloadType = 0;
  marker = false;
  /** Packets missing between the highest number so far and this one. */
  lostBefore = 0;
  /** A packet that was counted as missing came after all: the place at which it was missed, as `take` was told; else -1. */
  foundAt = -1;
  private readonly capture: Capture;
  private readonly stream: Stream;
  private readonly figures = new StreamFigures();
  private lost = 0;
  private lastMs = Number.NaN;
  /** What is missing, ascending: first and last number, and the place. */
  private readonly missing: { readonly from: number; readonly to: number; readonly place: number }[] = [];

  constructor(capture: Capture, stream: Stream) {
    this.capture = capture;
    this.stream = stream;
  }

  /** The next RTP row of the stream. `placeOf` says under what place a loss before this packet is remembered. */
  take(row: number, placeOf?: (timeMs: number) => number): void {
    const { streams, store } = this.capture;
    const c = streams.rtp.rows.columns;
    this.frame = streams.rtp.frame.get(row);
    const later = streams.rtp.later.get(row) - this.stream.firstLater;
    this.timeMs = (store.frames.secondsBetween(this.stream.firstFrame, this.frame) + later) * 1000;
    this.deltaMs = this.timeMs - this.lastMs;
    this.sequence = c.sequence.get(row);
    this.timestamp = c.timestamp.get(row);
    const second = c.payloadType.get(row);
    this.payloadType = second & 0x7f;
    this.marker = second >= 128;
    const { clockRate, kind } = this.stream.knownPayloads;
    const { gaps } = this.figures;
    const before = gaps.highest;
    const type = this.payloadType;
    this.arrival = this.figures.add(
      this.timeMs,
      this.sequence,
      this.timestamp,
      type,
      this.marker,
      clockRate[type],
      kind[type],
    );
    if (this.arrival !== Arrival.Duplicate) this.lastMs = this.timeMs;
    const change = gaps.lost - this.lost;
    this.lost = gaps.lost;
    this.lostBefore = Math.max(0, change);
    this.foundAt = change < 0 ? this.placeOfMissing(before + (((this.sequence - before) << 16) >> 16)) : -1;
    if (change > 0 && placeOf !== undefined && this.arrival === Arrival.AfterGap) {
      this.missing.push({ from: before + 1, to: gaps.highest - 1, place: placeOf(this.timeMs) });
    }
  }

  get jitterMs(): number | null {
    return this.figures.jitterNowMs;
  }

  get skewMs(): number | null {
    return this.figures.skewNowMs;
  }

  private placeOfMissing(number: number): number {
    let low = 0;
    let high = this.missing.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.missing[middle].to < number) low = middle + 1;
      else high = middle;
    }
    const range = this.missing[low];
    return range !== undefined && range.from <= number ? range.place : -1;
  }
}
