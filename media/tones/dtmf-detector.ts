/**
 * Finds DTMF digits (ITU-T Q.23) in audio of 8000 samples a second, with the tolerances of ITU-T Q.24: frequencies within 1.5 % and not
 * beyond 3.5 %, 40 ms long, at any level that people dial with, the two tones up to 10 dB apart, and speech is no digit.
 *
 * Every 8 ms a window of 16 ms is looked at. It shows a digit where one tone of each group stands out of its group and both together are
 * most of what is heard. A digit is a run of such windows, long enough, of one level, whose exact frequencies (by the advance of the
 * phase from window to window) are those of the digit: what speech hardly ever is.
 */
import { Goertzel } from './goertzel.ts';

export const DTMF_SAMPLE_RATE = 8000;
const LOW_GROUP = [697, 770, 852, 941];
const HIGH_GROUP = [1209, 1336, 1477, 1633];
/** The event code (RFC 4733) by row and column. */
const EVENTS = [1, 2, 3, 12, 4, 5, 6, 13, 7, 8, 9, 14, 10, 0, 11, 15];

/** Samples from one window to the next; a window is two of these. */
const HOP = 64;
const WINDOW = 2 * HOP;
/** Full scale is a sine of +3.14 dBm0 (G.711), so dBm0 = dBFS + 3.14 with dBFS of a sine. */
const FULL_SCALE_DBM0 = 3.14;
/** Each tone at least; Q.24's administrations want −24 to −29 dBm. */
const LEAST_TONE_DBM0 = -36;
const MOST_TWIST_DB = 10.5;
/** By how much the strongest tone of a group is above the others of it. */
const STANDS_OUT_DB = 6;
/**
 * The two tones' part of the whole power: at 1.5 % off there is still this much. Of a window that holds the tone in part the share
 * is that part, so half a window shows the digit.
 */
const LEAST_SHARE = 0.5;
/** The same of windows that lie in the digit, the tones measured at their exact frequency; 8 dB of noise leave this much. */
const LEAST_SHARE_INSIDE = 0.8;
/** Windows that show the digit: 40 ms have five, 24 ms three. */
const LEAST_WINDOWS = 4;
/** An interruption of so many windows does not end a digit; a pause of 40 ms has five. */
const MOST_INTERRUPTED = 3;
/** Between what must be taken and what must not. */
const MOST_OFF = 0.025;
/** Windows inside a digit do not differ by more. */
const MOST_LEVEL_CHANGE_DB = 7;

/** A digit that was heard. */
export interface HeardDigit {
  /** Event code as in RFC 4733: 0–9, 10 `*`, 11 `#`, 12–15 A–D. */
  readonly event: number;
  /** The first sample; good to about 8 ms, and so is the length. */
  readonly at: number;
  readonly samples: number;
  /** Power of both tones, dBm0. */
  readonly levelDbm0: number;
  /** High tone against low tone. */
  readonly twistDb: number;
}

const toneLevel = (dbm0: number): number => 10 ** ((dbm0 - FULL_SCALE_DBM0) / 10) * 32768 * 32768 * 0.5;
const ratio = (db: number): number => 10 ** (db / 10);

const LEAST_POWER = toneLevel(LEAST_TONE_DBM0);
const MOST_TWIST = ratio(MOST_TWIST_DB);
const STANDS_OUT = ratio(STANDS_OUT_DB);
const MOST_LEVEL_CHANGE = ratio(MOST_LEVEL_CHANGE_DB);

/** A run of windows that show the same digit. */
interface Run {
  /** Row × 4 + column. */
  readonly key: number;
  /** Windows counted from the first sample given. */
  readonly first: number;
  last: number;
  windows: number;
  /** The windows, and the power of each tone and of all that is heard in them, in order. */
  readonly places: number[];
  readonly low: number[];
  readonly high: number[];
  readonly total: number[];
  /** Sums of the turn of each tone's phase from window to window, beyond what its nominal frequency makes. */
  lowRe: number;
  lowIm: number;
  highRe: number;
  highIm: number;
}

/** Longer digits are measured by this many windows; their length is right all the same. */
const MOST_MEASURED = 64;

export class DtmfDetector {
  private readonly goertzel = new Goertzel([...LOW_GROUP, ...HIGH_GROUP], HOP, DTMF_SAMPLE_RATE);
  private readonly turnRe: Float64Array;
  private readonly turnIm: Float64Array;
  private readonly block = new Float64Array(HOP);
  private filled = 0;
  /** Blocks that are complete. */
  private blocks = 0;
  private energyBefore = 0;
  /** Mean power of the window that ends with the block at hand. */
  private total = 0;
  // Sums of the block before, and of the last window, by frequency.
  private readonly blockRe = new Float64Array(8);
  private readonly blockIm = new Float64Array(8);
  private readonly windowRe = new Float64Array(8);
  private readonly windowIm = new Float64Array(8);
  private readonly power = new Float64Array(8);
  private readonly phaseRe = new Float64Array(8);
  private readonly phaseIm = new Float64Array(8);
  private hasWindowBefore = false;
  private run: Run | null = null;
  private readonly take: (digit: HeardDigit) => void;

  /** `take` is given every digit when it has ended. */
  constructor(take: (digit: HeardDigit) => void) {
    this.take = take;
    const turns = [...LOW_GROUP, ...HIGH_GROUP].map((hz) => (2 * Math.PI * hz * HOP) / DTMF_SAMPLE_RATE);
    this.turnRe = Float64Array.from(turns, Math.cos);
    this.turnIm = Float64Array.from(turns, Math.sin);
  }

  /** Takes `count` samples of `samples`, from index `at` on and `stride` apart. */
  push(samples: Int16Array, at = 0, stride = 1, count = samples.length): void {
    for (let i = 0, index = at; i < count; i++, index += stride) {
      this.block[this.filled++] = samples[index];
      if (this.filled === HOP) this.endBlock();
    }
  }

  /** There is no more: what is under way has ended. */
  finish(): void {
    this.block.fill(0, this.filled);
    this.endBlock();
    this.endRun();
  }

  private endBlock(): void {
    this.filled = 0;
    let energy = 0;
    for (const sample of this.block) energy += sample * sample;
    const isQuiet = energy + this.energyBefore < LEAST_POWER * WINDOW;
    if (isQuiet && energy < LEAST_POWER * HOP) {
      // Nothing of this block can be part of a tone that counts.
      this.blockRe.fill(0);
      this.blockIm.fill(0);
      this.hasWindowBefore = false;
      this.see(-1);
    } else {
      this.look(energy);
    }
    this.energyBefore = energy;
    this.blocks++;
  }

  private look(energy: number): void {
    const { goertzel, blockRe, blockIm, windowRe, windowIm, power, phaseRe, phaseIm, turnRe, turnIm } = this;
    goertzel.run(this.block, 0);
    const scale = 2 / (WINDOW * WINDOW);
    for (let k = 0; k < 8; k++) {
      // The second block begins HOP samples after the window: its sums are turned by that.
      const re = blockRe[k] + goertzel.re[k] * turnRe[k] + goertzel.im[k] * turnIm[k];
      const im = blockIm[k] + goertzel.im[k] * turnRe[k] - goertzel.re[k] * turnIm[k];
      power[k] = (re * re + im * im) * scale;
      // This window against the one before, less the nominal turn of a hop.
      const alongRe = re * windowRe[k] + im * windowIm[k];
      const alongIm = im * windowRe[k] - re * windowIm[k];
      phaseRe[k] = alongRe * turnRe[k] + alongIm * turnIm[k];
      phaseIm[k] = alongIm * turnRe[k] - alongRe * turnIm[k];
      windowRe[k] = re;
      windowIm[k] = im;
      blockRe[k] = goertzel.re[k];
      blockIm[k] = goertzel.im[k];
    }
    this.total = (energy + this.energyBefore) / WINDOW;
    this.see(this.digitIn(this.total));
    this.hasWindowBefore = true;
  }

  /** Row × 4 + column of the digit that the window shows, where its mean power is `total`; −1 for none. */
  private digitIn(total: number): number {
    const { power } = this;
    const row = strongest(power, 0);
    const column = strongest(power, 4);
    const low = power[row];
    const high = power[column];
    if (low < LEAST_POWER || high < LEAST_POWER) return -1;
    if (low > high * MOST_TWIST || high > low * MOST_TWIST) return -1;
    if (low + high < LEAST_SHARE * total) return -1;
    for (let k = 0; k < 8; k++) {
      if (k !== row && k !== column && power[k] * STANDS_OUT > (k < 4 ? low : high)) return -1;
    }
    return row * 4 + column - 4;
  }

  /** Takes note of what the window that ends with this block shows. */
  private see(key: number): void {
    const { run } = this;
    const window = this.blocks - 1;
    if (run !== null && (key < 0 ? window - run.last > MOST_INTERRUPTED : key !== run.key)) this.endRun();
    if (key < 0) return;
    const low = this.power[key >> 2];
    const high = this.power[4 + (key & 3)];
    if (this.run === null || this.run.key !== key) {
      const tones = { places: [], low: [], high: [], total: [] };
      this.run = { key, first: window, last: window, windows: 0, ...tones, lowRe: 0, lowIm: 0, highRe: 0, highIm: 0 };
    } else if (this.hasWindowBefore && this.run.last === window - 1) {
      this.run.lowRe += this.phaseRe[key >> 2];
      this.run.lowIm += this.phaseIm[key >> 2];
      this.run.highRe += this.phaseRe[4 + (key & 3)];
      this.run.highIm += this.phaseIm[4 + (key & 3)];
    }
    this.run.last = window;
    this.run.windows++;
    if (this.run.low.length >= MOST_MEASURED) return;
    this.run.places.push(window);
    this.run.low.push(low);
    this.run.high.push(high);
    this.run.total.push(this.total);
  }

  private endRun(): void {
    const { run } = this;
    this.run = null;
    if (run === null || run.windows < LEAST_WINDOWS) return;
    const row = run.key >> 2;
    const column = run.key & 3;
    const lowOff = offsetOf(run.lowRe, run.lowIm);
    const highOff = offsetOf(run.highRe, run.highIm);
    // Written so that it holds where nothing could be measured, too.
    if (!(Math.abs(lowOff) <= MOST_OFF * LOW_GROUP[row] && Math.abs(highOff) <= MOST_OFF * HIGH_GROUP[column])) return;
    const inner = insideOf(run.places);
    if (!isSteady(inner, run.low) || !isSteady(inner, run.high)) return;
    const shares = inner.map((i) => (run.low[i] / keptAt(lowOff) + run.high[i] / keptAt(highOff)) / run.total[i]);
    if (median(shares) < LEAST_SHARE_INSIDE) return;
    const low = median(run.low) / keptAt(lowOff);
    const high = median(run.high) / keptAt(highOff);
    // Windows at the ends hold the tone in part: by their power, which falls with its square, it is known in how much.
    const firstPart = partOf(run.low[0], median(run.low));
    const at = (run.first + 1) * HOP + HOP - Math.round(firstPart * WINDOW);
    const isMeasured = run.windows <= MOST_MEASURED;
    const lastPart = isMeasured ? partOf(run.low[run.low.length - 1], median(run.low)) : 1;
    const end = run.last * HOP + Math.round(lastPart * WINDOW);
    this.take({
      event: EVENTS[run.key],
      at: Math.max(0, at),
      samples: end - at,
      levelDbm0: 10 * Math.log10((low + high) / (32768 * 32768 * 0.5)) + FULL_SCALE_DBM0,
      twistDb: 10 * Math.log10(high / low),
    });
  }
}

function strongest(power: Float64Array, from: number): number {
  let best = from;
  for (let k = from + 1; k < from + 4; k++) if (power[k] > power[best]) best = k;
  return best;
}

/** Hz off the nominal frequency, of a phase that turned by this from hop to hop beyond its nominal turn; NaN for no phase. */
function offsetOf(re: number, im: number): number {
  return re === 0 && im === 0 ? Number.NaN : (Math.atan2(im, re) * DTMF_SAMPLE_RATE) / (2 * Math.PI * HOP);
}

/** What of a tone's power is seen at `off` Hz from it. */
function keptAt(off: number): number {
  const x = (Math.PI * off * WINDOW) / DTMF_SAMPLE_RATE;
  return x === 0 ? 1 : (Math.sin(x) / x) ** 2;
}

/** The part of a window that holds the tone, where whole ones have the power `whole`. */
function partOf(power: number, whole: number): number {
  return Math.min(1, Math.sqrt(power / whole));
}

/** Which windows have one before and one after: those at a beginning or end hold the tone in part. */
function insideOf(places: readonly number[]): number[] {
  const inner: number[] = [];
  for (let i = 1; i + 1 < places.length; i++) {
    if (places[i] - places[i - 1] === 1 && places[i + 1] - places[i] === 1) inner.push(i);
  }
  return inner;
}

function isSteady(inner: readonly number[], powers: readonly number[]): boolean {
  let least = Infinity;
  let most = 0;
  for (const i of inner) {
    least = Math.min(least, powers[i]);
    most = Math.max(most, powers[i]);
  }
  return most > 0 && most <= MOST_LEVEL_CHANGE * least;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
