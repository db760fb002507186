/**
 * Bridges a gap where packets are missing, for codecs that have no way of their own: the last pitch period is repeated and
 * fades, in the manner of G.711 Appendix I. The period is found by correlation; repetitions are joined by overlapping; after 10 ms
 * the level falls by a fifth every 10 ms, so that nothing is heard after 60 ms; what comes after is blended in.
 */

/** Periods looked at: 200 Hz to 66 Hz. */
const SHORTEST_SECONDS = 0.005;
const LONGEST_SECONDS = 0.015;
/** What the period is found in. */
const COMPARED_SECONDS = 0.02;
const FULL_SECONDS = 0.01;
const FALL_A_SECOND = 20;
/** Appendix I blends over 4 ms after a gap of one packet. */
const BLEND_SECONDS = 0.004;

export class Bridge {
  /** Samples of the past that are kept. */
  private readonly history: Int16Array;
  private held = 0;
  private readonly rate: number;
  private readonly tail: Int16Array;
  private tailLength = 0;
  private period = new Float32Array(0);

  constructor(rate: number) {
    this.rate = rate;
    this.history = new Int16Array(Math.ceil((LONGEST_SECONDS + COMPARED_SECONDS) * rate));
    this.tail = new Int16Array(Math.ceil(BLEND_SECONDS * rate));
  }

  /** Takes note of what was heard: `count` samples of `samples` from `at` on. */
  hear(samples: Int16Array, at: number, count: number): void {
    const { history } = this;
    const taken = Math.min(count, history.length);
    const kept = Math.min(this.held, history.length - taken);
    history.copyWithin(history.length - taken - kept, history.length - kept);
    history.set(samples.subarray(at + count - taken, at + count), history.length - taken);
    this.held = kept + taken;
  }

  /** What was heard before says nothing of what follows. */
  forget(): void {
    this.held = 0;
    this.tailLength = 0;
  }

  /** Writes `count` samples to `into` from `at` on, and keeps what the packet after them is blended with. */
  span(into: Int16Array, at: number, count: number): void {
    const { rate, tail } = this;
    this.findPeriod();
    const { period } = this;
    this.tailLength = tail.length;
    for (let i = 0; i < count + tail.length; i++) {
      const fall = Math.max(0, i / rate - FULL_SECONDS) * FALL_A_SECOND;
      const sample = period.length === 0 || fall >= 1 ? 0 : Math.round(period[i % period.length] * (1 - fall));
      if (i < count) into[at + i] = sample;
      else tail[i - count] = sample;
    }
  }

  /** Blends the first of `count` samples of `samples` from `at` on with the gap that was bridged before them. */
  blend(samples: Int16Array, at: number, count: number): void {
    const length = Math.min(this.tailLength, count);
    for (let i = 0; i < length; i++) {
      const share = (i + 1) / (length + 1);
      samples[at + i] = Math.round(this.tail[i] * (1 - share) + samples[at + i] * share);
    }
    this.tailLength = 0;
  }

  /** The newest pitch period, its end blended into its beginning so that it can be repeated. */
  private findPeriod(): void {
    const { history, rate, held } = this;
    const end = history.length;
    const longest = Math.min(Math.ceil(LONGEST_SECONDS * rate), Math.floor(held / 2));
    const shortest = Math.ceil(SHORTEST_SECONDS * rate);
    if (longest < shortest) {
      this.period = new Float32Array(0);
      return;
    }
    const compared = Math.min(Math.ceil(COMPARED_SECONDS * rate), held - longest);
    // At high rates every fourth sample tells a period as well as all of them.
    const stride = Math.max(1, Math.round(rate / 12_000));
    let best = longest;
    let highest = -Infinity;
    for (let lag = shortest; lag <= longest; lag++) {
      let product = 0;
      let energy = 1;
      for (let i = end - compared; i < end; i += stride) {
        product += history[i] * history[i - lag];
        energy += history[i - lag] * history[i - lag];
      }
      const likeness = (product < 0 ? -1 : 1) * product * (product / energy);
      if (likeness > highest) {
        highest = likeness;
        best = lag;
      }
    }
    const quarter = Math.min(best >> 2, held - best);
    const period = new Float32Array(best);
    for (let i = 0; i < best; i++) {
      const now = history[end - best + i];
      const share = Math.max(0, (i - (best - quarter) + 1) / (quarter + 1));
      period[i] = share === 0 ? now : now * (1 - share) + history[end - 2 * best + i] * share;
    }
    this.period = period;
  }
}
