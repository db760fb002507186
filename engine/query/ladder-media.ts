import type { LadderMedia } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import { Arrival, SequenceGaps } from '../trackers/streams/sequence-gaps.ts';
import type { Stream } from '../trackers/streams/stream.ts';

/** What a band shows beyond the figures of its stream. */
export type MediaDetails = Pick<LadderMedia, 'ptimeMs' | 'losses'>;

/** A band is some hundred pixels wide: losses are told apart no finer. */
const PARTS = 400;
/** Missing packets that are remembered in case they come late. */
const MISSING_KEPT = 4096;
const STEPS_KEPT = 64;

/** Packet time and losses of each stream, from one walk over their rows. */
export function mediaDetails(capture: Capture, streams: readonly Stream[]): MediaDetails[] {
  const walks = new Map(streams.map((stream) => [stream.index + 1, new StreamWalk(capture, stream)]));
  if (streams.length > 0) {
    const { rtp, streamOfRow, copies } = capture.streams;
    const lastFrame = streams.reduce((last, stream) => Math.max(last, stream.lastFrame), 0);
    const firstFrame = streams.reduce((first, stream) => Math.min(first, stream.firstFrame), lastFrame);
    for (let row = rtp.firstRowOf(firstFrame); row < rtp.count && rtp.frame.get(row) <= lastFrame; row++) {
      if (copies.get(row) === 0) walks.get(streamOfRow.get(row))?.take(row);
    }
  }
  return [...walks.values()].map((walk) => ({ ptimeMs: walk.ptimeMs, losses: walk.losses }));
}

class StreamWalk {
  private readonly capture: Capture;
  private readonly stream: Stream;
  private readonly durationSeconds: number;
  private readonly gaps = new SequenceGaps();
  private readonly lost = new Uint32Array(PARTS);
  /** The part of the time in which an extended sequence number was missed. */
  private readonly missing = new Map<number, number>();
  /** Steps of the timestamp from a packet to the next one, and how often. */
  private readonly steps = new Map<number, number>();
  private lastTimestamp = -1;
  private lastType = -1;

  constructor(capture: Capture, stream: Stream) {
    this.capture = capture;
    this.stream = stream;
    this.durationSeconds = capture.store.frames.secondsBetween(stream.firstFrame, stream.lastFrame);
  }

  take(row: number): void {
    const c = this.capture.streams.rtp.rows.columns;
    const sequence = c.sequence.get(row);
    const timestamp = c.timestamp.get(row);
    const type = c.payloadType.get(row) & 0x7f;
    const before = this.gaps.highest;
    const arrival = this.gaps.add(sequence);
    if (arrival === Arrival.InOrder && type === this.lastType) this.countStep((timestamp - this.lastTimestamp) >>> 0);
    else if (arrival === Arrival.AfterGap) this.miss(before + 1, this.gaps.highest - 1, row);
    else if (arrival === Arrival.Late) this.find(this.gaps.highest + (((sequence - this.gaps.highest) << 16) >> 16));
    this.lastTimestamp = timestamp;
    this.lastType = type;
  }

  private countStep(step: number): void {
    const count = this.steps.get(step) ?? 0;
    if (count > 0 || this.steps.size < STEPS_KEPT) this.steps.set(step, count + 1);
  }

  private miss(from: number, to: number, row: number): void {
    const { streams, store } = this.capture;
    const later = streams.rtp.later.get(row) - this.stream.firstLater;
    const seconds = store.frames.secondsBetween(this.stream.firstFrame, streams.rtp.frame.get(row)) + later;
    const share = this.durationSeconds > 0 ? seconds / this.durationSeconds : 0;
    const part = Math.max(0, Math.min(PARTS - 1, Math.floor(share * PARTS)));
    this.lost[part] += to - from + 1;
    for (let number = from; number <= to; number++) {
      if (this.missing.size < MISSING_KEPT) this.missing.set(number, part);
    }
  }

  private find(number: number): void {
    const part = this.missing.get(number);
    if (part === undefined) return;
    this.missing.delete(number);
    this.lost[part]--;
  }

  get losses(): LadderMedia['losses'] {
    return [...this.lost].flatMap((packets, part) => (packets === 0 ? [] : [{ at: (part + 0.5) / PARTS, packets }]));
  }

  /** By the commonest step of media: telephone-events and repeats stand still. */
  get ptimeMs(): number | null {
    const type = this.stream.mainPayloadType;
    const clockRate = type < 0 ? 0 : this.stream.knownPayloads.clockRate[type];
    let best = 0;
    let bestCount = 0;
    for (const [step, count] of this.steps) {
      if (step > 0 && count > bestCount) [best, bestCount] = [step, count];
    }
    if (clockRate === 0 || best === 0) return null;
    const ptimeMs = (best * 1000) / clockRate;
    return ptimeMs <= 1000 ? ptimeMs : null;
  }
}
