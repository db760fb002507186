import { timestampStep } from '../../../base/sequence.ts';
import { PayloadKind } from './payload-map.ts';
import { Arrival, SequenceGaps } from './sequence-gaps.ts';
import { WiresharkFigures } from './wireshark-figures.ts';

/** A step of timestamp against arrival beyond this is a new time base (sender restart, source switch), not jitter. */
const TIME_BASE_CHANGE_MS = 5000;

/** Packets whose fastest stands for the way at its quietest. */
const FLOOR_BLOCK = 512;

/** A doubling of the capture itself: at least this share of a stream's packets came twice. */
const CAPTURED_TWICE_SHARE = 0.5;

/**
 * Figures of one stream by RFC 3550 (section 6.4.1, appendix A.1, A.3, A.8), and Wireshark's beside them. Jitter is in
 * milliseconds, from every packet of media in capture order; duplicates, telephone-events (whose timestamp stands
 * still, RFC 4733 section 2.2.1) and changes of the time base take no part.
 */
export class StreamFigures {
  readonly gaps = new SequenceGaps();
  readonly wireshark = new WiresharkFigures();
  /** Time of the packet that `take` takes. */
  nowMs = 0;
  restarts = 0;
  /** Steps of the RTP clock against arrival that were taken for a new time base. */
  timeBaseChanges = 0;
  /**
   * Ticks from one packet to the next of the same payload type, where that was the same all along; 0 before there are two,
   * -1 where it was not.
   */
  steadyStep = 0;
  maxDeltaMs = 0;
  maxJitterMs = 0;
  /** Largest lead (positive) or lag of the RTP clock against arrival. */
  skewMs = 0;
  private jitterMs = 0;
  private jitterSum = 0;
  private jitterCount = 0;
  private lastTimeMs = -1;
  // The reference of the jitter: the previous packet of media.
  private mediaTimeMs = 0;
  private mediaTimestamp = 0;
  private mediaClock = 0;
  private lastType = -1;
  private leadMs = 0;
  // The lead of the fastest packet: of the first block of packets, of the one before, and of the one at hand.
  private firstFastestMs = Number.NaN;
  private lastFastestMs = Number.NaN;
  private fastestMs = -Infinity;
  private blockPackets = 0;

  /** The next packet in capture order; `timeMs` counts from the capture's first frame. */
  add(
    timeMs: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    marker: boolean,
    clockRate: number,
    kind: number,
  ): Arrival {
    this.nowMs = timeMs;
    return this.take(sequence, timestamp | 0, payloadType, marker, clockRate, kind);
  }

  /**
   * As `add`, for the hot pass: the time is in `nowMs`, and `timestamp` is the same 32 bits, signed. So every argument is a
   * small integer, and none has to be boxed. Gives what the packet is to those before it.
   */
  take(
    sequence: number,
    timestamp: number,
    payloadType: number,
    marker: boolean,
    clockRate: number,
    kind: number,
  ): Arrival {
    const timeMs = this.nowMs;
    const { wireshark } = this;
    wireshark.nowMs = timeMs;
    const wiresharkClock = kind === PayloadKind.Event ? 0 : clockRate;
    wireshark.take(sequence, timestamp, payloadType, marker, wiresharkClock);
    const arrival = this.gaps.add(sequence);
    if (arrival === Arrival.Duplicate) return arrival;
    const isSameType = payloadType === this.lastType;
    // The step from one that came late says nothing.
    this.lastType = arrival === Arrival.Late ? -1 : payloadType;
    if (arrival === Arrival.Restart) this.restarts++;
    if (this.lastTimeMs >= 0) {
      const delta = timeMs - this.lastTimeMs;
      if (delta > this.maxDeltaMs) this.maxDeltaMs = delta;
    }
    this.lastTimeMs = timeMs;
    if (clockRate === 0 || kind === PayloadKind.Event) return arrival;
    if (this.mediaClock === clockRate && arrival !== Arrival.Restart) {
      const step = timestampStep(this.mediaTimestamp, timestamp);
      if (isSameType && arrival === Arrival.InOrder && step !== this.steadyStep) {
        this.steadyStep = this.steadyStep === 0 ? step : -1;
      }
      const sentMs = (step * 1000) / clockRate;
      const transitMs = timeMs - this.mediaTimeMs - sentMs;
      const difference = Math.abs(transitMs);
      if (difference < TIME_BASE_CHANGE_MS) {
        this.jitterMs += (difference - this.jitterMs) / 16;
        this.jitterSum += this.jitterMs;
        this.jitterCount++;
        if (this.jitterMs > this.maxJitterMs) this.maxJitterMs = this.jitterMs;
        this.leadMs -= transitMs;
        if (this.leadMs > this.fastestMs) this.fastestMs = this.leadMs;
        if (++this.blockPackets === FLOOR_BLOCK) this.endBlock();
        if (Math.abs(this.leadMs) > Math.abs(this.skewMs)) this.skewMs = this.leadMs;
      } else {
        this.timeBaseChanges++;
      }
    }
    this.mediaClock = clockRate;
    this.mediaTimeMs = timeMs;
    this.mediaTimestamp = timestamp;
    return arrival;
  }

  /** One run of numbers and of timestamps, from beginning to end. */
  get isContinuous(): boolean {
    return this.gaps.isContinuous && this.restarts === 0 && this.timeBaseChanges === 0;
  }

  /** Jitter after the packet taken last; null before there are two to measure. */
  get jitterNowMs(): number | null {
    return this.jitterCount === 0 ? null : this.jitterMs;
  }

  /** Lead (positive) or lag of the RTP clock at the packet taken last. */
  get skewNowMs(): number | null {
    return this.jitterCount === 0 ? null : this.leadMs;
  }

  /**
   * How far the fastest packets of the end lead those of the beginning: waiting only ever adds, so what moves along the
   * fastest is the clocks'. An estimate; NaN of a stream that is too short.
   */
  get driftMs(): number {
    const last = this.blockPackets * 4 >= FLOOR_BLOCK ? this.fastestMs : this.lastFastestMs;
    return last - this.firstFastestMs;
  }

  private endBlock(): void {
    if (Number.isNaN(this.firstFastestMs)) this.firstFastestMs = this.fastestMs;
    this.lastFastestMs = this.fastestMs;
    this.fastestMs = -Infinity;
    this.blockPackets = 0;
  }

  /** Packets that came after one with a higher number. */
  get outOfOrder(): number {
    return this.gaps.late;
  }

  /** Mean of the jitter over the packets it was measured on; null before there are two. */
  get meanJitterMs(): number | null {
    return this.jitterCount === 0 ? null : this.jitterSum / this.jitterCount;
  }

  /** The capture holds the stream twice (taken on two interfaces, or on both sides of a bridge). */
  get capturedTwice(): boolean {
    return this.gaps.distinct > 3 && this.gaps.duplicates >= this.gaps.distinct * CAPTURED_TWICE_SHARE;
  }
}
