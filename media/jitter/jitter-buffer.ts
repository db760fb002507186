/**
 * A receiver's de-jitter buffer, played through on what arrived: which packets are heard and when, which come too late,
 * and how long a gap has to be bridged. Nothing is decoded here.
 *
 * A packet is *due* when its RTP timestamp says, on a clock where the first packet of its segment is due at its own arrival
 * (see `media/audio/timeline.ts`, which follows wraps, changes of clock and jumps). It is heard at due + delay. It is *late*
 * when it arrives after that, and then it is not heard.
 *
 * *Fixed*: the delay is the depth, from the first packet on. The buffer starts anew (this packet waits the depth again) where
 * for a second nothing but late packets came, or one would have to wait a second more than the depth: clocks that drift apart.
 *
 * *Adaptive*: see `AdaptiveDelay`.
 */
import { AdaptiveDelay } from './adaptive-delay.ts';
import { Fate } from './fate.ts';
import { LostBetween } from './lost-between.ts';

/** The audio packets of one stream with their places on its clock: columns, in order of arrival; copies are not among them. */
export interface JitterTrace {
  readonly count: number;
  /** Sequence number with its wraps counted. */
  readonly sequence: Float64Array;
  /** Rises where the stream was anchored to arrival again: a jump of its timestamps, another source. */
  readonly segment: Uint32Array;
  /** Seconds. */
  readonly due: Float64Array;
  readonly arrival: Float64Array;
  /** Seconds of audio in a packet. */
  readonly packetSeconds: number;
  /** Sequence numbers of packets that are there and are not audio (telephone-event, comfort noise), ascending. */
  readonly others: Float64Array;
}

/** Depth of a fixed buffer in seconds; null: adaptive. */
export type JitterDepth = number | null;

/** What the buffer made of a trace. */
export interface JitterCounts {
  played: number;
  late: number;
  /** Packets that never came, between those that did. */
  lost: number;
  /** Packets left out to shrink the delay. */
  dropped: number;
  /** Packet lengths bridged by concealment: late and lost ones, and what was put in to grow the delay. */
  concealed: number;
  /** Changes of the delay after the first packet. */
  adaptations: number;
  /** Of the packets played: how long they waited in the buffer. */
  meanDelayMs: number;
  maxDelayMs: number;
}

export interface JitterOutcome {
  /** By packet: Played, Late or Dropped. */
  readonly fate: Uint8Array;
  /** By packet: seconds from due to being heard, or to when it would have been. */
  readonly delay: Float64Array;
  /** By packet that is played: seconds after it that have to be bridged until the next. */
  readonly bridged: Float64Array;
  readonly counts: JitterCounts;
}

/** A second of nothing but late packets, or of waiting beyond the depth: the buffer starts anew. */
const RESYNC_SECONDS = 1;

/** Captures tell nanoseconds at best. */
const ROUNDING_SECONDS = 1e-9;

/** Chooses the delay as packets come to their turn. */
export interface DelayRule {
  /** The delay from the first packet of a segment on, which is `packet`. */
  begin(packet: number): number;
  /** The delay with which `packet` is to be heard, where the one before it had `delay`. */
  next(packet: number, delay: number, isSpurtStart: boolean): number;
  /** Whether `packet` is to be left out, which makes the delay `packetSeconds` smaller. Asked after `next`. */
  drops(packet: number, delay: number): boolean;
}

/** Plays `trace` through a buffer. Time is n log n in its packets; never throws, whatever the figures are. */
export function simulateJitterBuffer(trace: JitterTrace, depth: JitterDepth): JitterOutcome {
  const outcome: JitterOutcome = {
    fate: new Uint8Array(trace.count),
    delay: new Float64Array(trace.count),
    bridged: new Float64Array(trace.count),
    counts: {
      played: 0,
      late: 0,
      lost: 0,
      dropped: 0,
      concealed: 0,
      adaptations: 0,
      meanDelayMs: 0,
      maxDelayMs: 0,
    },
  };
  const rule = depth === null ? new AdaptiveDelay(trace) : new FixedDelay(trace, Math.max(0, depth));
  new Playing(trace, rule, outcome).run();
  return outcome;
}

/** The order of play within each segment, segments in their order. */
function orderOfPlay({ count, segment, due }: JitterTrace): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, packet) => packet);
  return order.toSorted((a, b) => segment[a] - segment[b] || due[a] - due[b] || a - b);
}

class FixedDelay implements DelayRule {
  private readonly trace: JitterTrace;
  private readonly depth: number;

  constructor(trace: JitterTrace, depth: number) {
    this.trace = trace;
    this.depth = depth;
  }

  begin(packet: number): number {
    return this.trace.arrival[packet] - this.trace.due[packet] + this.depth;
  }

  next(packet: number, delay: number): number {
    const wait = this.trace.due[packet] + delay - this.trace.arrival[packet];
    return wait > this.depth + RESYNC_SECONDS ? this.begin(packet) : delay;
  }

  drops(): boolean {
    return false;
  }
}

/** One run through a trace, packet by packet in order of play. */
class Playing {
  private readonly trace: JitterTrace;
  private readonly rule: DelayRule;
  private readonly outcome: JitterOutcome;
  private readonly lostBetween: LostBetween;
  private delay = 0;
  /** The packet before in order of play, whatever became of it; −1 at the beginning of a segment. */
  private before = -1;
  /** The last one that is heard. */
  private heard = -1;
  /** Packets since that one that are not heard, and seconds put in since to grow the delay. */
  private missing = 0;
  private putIn = 0;
  /** When the first of a run of late packets was due. */
  private lateSince = Infinity;
  private waited = 0;

  constructor(trace: JitterTrace, rule: DelayRule, outcome: JitterOutcome) {
    this.trace = trace;
    this.rule = rule;
    this.outcome = outcome;
    this.lostBetween = new LostBetween(trace);
  }

  run(): void {
    const { trace, outcome } = this;
    let segment = 0;
    for (const packet of orderOfPlay(trace)) {
      if (this.before < 0 || trace.segment[packet] !== segment) this.beginSegment(packet);
      else this.follow(packet);
      segment = trace.segment[packet];
      outcome.delay[packet] = this.delay;
      this.before = packet;
    }
    const { counts } = outcome;
    if (counts.played > 0) counts.meanDelayMs = (this.waited / counts.played) * 1000;
  }

  private beginSegment(packet: number): void {
    const isFirst = this.before < 0;
    const delay = this.rule.begin(packet);
    if (!isFirst && delay !== this.delay) this.outcome.counts.adaptations++;
    this.delay = delay;
    this.heard = -1;
    this.missing = 0;
    this.putIn = 0;
    this.lateSince = Infinity;
    this.play(packet);
  }

  private follow(packet: number): void {
    const { trace, outcome, rule } = this;
    const { counts, fate } = outcome;
    const lost = this.lostBetween.count(this.before, packet);
    counts.lost += lost;
    this.missing += lost;
    const isSpurtStart = this.lostBetween.isSpurtStart(this.before, packet, lost);
    const delay = rule.next(packet, this.delay, isSpurtStart);
    // A pause that is longer is silence all the same.
    if (!isSpurtStart) this.putIn += delay - this.delay;
    this.adapt(delay);
    if (!isSpurtStart && rule.drops(packet, this.delay)) {
      fate[packet] = Fate.Dropped;
      counts.dropped++;
      counts.adaptations++;
      this.delay -= trace.packetSeconds;
      return;
    }
    if (trace.arrival[packet] <= trace.due[packet] + this.delay + ROUNDING_SECONDS) {
      this.play(packet);
      return;
    }
    this.lateSince = Math.min(this.lateSince, trace.due[packet]);
    if (trace.due[packet] - this.lateSince >= RESYNC_SECONDS) {
      this.adapt(rule.begin(packet));
      this.play(packet);
      return;
    }
    fate[packet] = Fate.Late;
    counts.late++;
    this.missing++;
  }

  private adapt(delay: number): void {
    if (delay === this.delay) return;
    this.outcome.counts.adaptations++;
    this.delay = delay;
  }

  private play(packet: number): void {
    const { trace, outcome, heard } = this;
    const { counts, bridged, delay, fate } = outcome;
    const { due, arrival, packetSeconds } = trace;
    if (heard >= 0) {
      const gap = due[packet] + this.delay - (due[heard] + delay[heard] + packetSeconds);
      const most = this.missing * packetSeconds + Math.max(0, this.putIn);
      bridged[heard] = Math.max(0, Math.min(gap, most));
      if (packetSeconds > 0) counts.concealed += Math.round(bridged[heard] / packetSeconds);
    }
    fate[packet] = Fate.Played;
    counts.played++;
    const wait = due[packet] + this.delay - arrival[packet];
    this.waited += wait;
    counts.maxDelayMs = Math.max(counts.maxDelayMs, wait * 1000);
    this.heard = packet;
    this.missing = 0;
    this.putIn = 0;
    this.lateSince = Infinity;
  }
}
