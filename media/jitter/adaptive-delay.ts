import { DelayHistory } from './delay-history.ts';
import type { DelayRule, JitterTrace } from './jitter-buffer.ts';

/** Differences below are those of rounding. */
const ROUNDING_SECONDS = 1e-9;
/** Before this many packets have come, the buffer waits the time below: a second is little to judge by. */
const ENOUGH_PACKETS = 50;
const FIRST_TARGET_SECONDS = 0.06;
/** The target is a whole number of these, at least one. */
const STEP_MS = 20;
const MOST_TARGET_MS = 400;
/** The share of packets that shall be in time. */
const QUANTILE = 0.97;
/** A packet's length is left out at most this often. */
const SHRINK_SECONDS = 0.5;

/**
 * The delay of an adaptive buffer. Its target follows NetEq (WebRTC): how much more than the least of the last two seconds each
 * packet was delayed goes into a histogram, here of the last 500 packets, and the target is the 20 ms step above its 97th
 * percentile. How the target is reached follows the adaptive buffer of Asterisk: at once at the beginning of a talkspurt (the
 * timestamp moved on more than packets account for); within one, the delay grows by a packet's length, which is bridged, wherever it
 * is more than half of one short, and shrinks by leaving out a packet, at most twice a second.
 */
export class AdaptiveDelay implements DelayRule {
  private readonly trace: JitterTrace;
  private readonly history = new DelayHistory();
  /** Packets that have arrived by now. */
  private arrived = 0;
  private lastShrunk = -Infinity;
  private segment = 0;

  constructor(trace: JitterTrace) {
    this.trace = trace;
  }

  begin(packet: number): number {
    const { arrival, due, segment } = this.trace;
    if (this.segment !== segment[packet]) this.history.forgetLeast();
    this.segment = segment[packet];
    this.receive(arrival[packet]);
    return Math.max(arrival[packet] - due[packet], this.desired());
  }

  next(packet: number, delay: number, isSpurtStart: boolean): number {
    const { arrival, due, packetSeconds } = this.trace;
    if (isSpurtStart) {
      this.receive(arrival[packet]);
      // Nothing is being played: the first packet of a talkspurt is never late.
      const chosen = Math.max(arrival[packet] - due[packet], this.desired());
      this.lastShrunk = due[packet] + chosen;
      return chosen;
    }
    this.receive(due[packet] + delay);
    return this.desired() - delay > packetSeconds / 2 ? delay + packetSeconds : delay;
  }

  drops(packet: number, delay: number): boolean {
    const { due, packetSeconds } = this.trace;
    const now = due[packet] + delay;
    if (delay - this.desired() < packetSeconds - ROUNDING_SECONDS || now - this.lastShrunk < SHRINK_SECONDS)
      return false;
    this.lastShrunk = now;
    return true;
  }

  /** Takes note of the packets that arrived until `now`. */
  private receive(now: number): void {
    const { count, arrival, due, segment } = this.trace;
    for (; this.arrived < count && arrival[this.arrived] <= now; this.arrived++) {
      const packet = this.arrived;
      // Other segments have another clock.
      if (segment[packet] > this.segment) return;
      if (segment[packet] === this.segment) this.history.add(arrival[packet], arrival[packet] - due[packet]);
    }
  }

  private desired(): number {
    const { history } = this;
    if (history.count < ENOUGH_PACKETS) return history.least + FIRST_TARGET_SECONDS;
    const steps = Math.floor(history.quantileMs(QUANTILE) / STEP_MS) + 1;
    return history.least + Math.min(MOST_TARGET_MS, steps * STEP_MS) / 1000;
  }
}
