/**
 * Whether what one side says is heard again on the other, softer and later: the envelopes of both are compared at every
 * delay up to half a second, where the one has just spoken and the other is softer, so that its own words do not count.
 */
import { FRAMES_A_SECOND } from './sound-meter.ts';
import type { SpeechLevel } from './speech-level.ts';

/** Delays that are looked at, frames. */
const MOST_LAG = 0.5 * FRAMES_A_SECOND;
/** Two seconds of such moments are needed. */
const LEAST_FRAMES = 2 * FRAMES_A_SECOND;
/** Envelopes that go together less than this are not called alike: those of two people who talk at once can reach 0.7. */
export const LEAST_CORRELATION = 0.8;
/** What comes back nearly as loud as it went is no echo unless it is the same to the last detail. */
const SAME_LEVEL_DB = 6;
const SAME_CORRELATION = 0.95;
/** An echo has one delay: at others, this far off, the envelopes go together by so much less. */
const APART_FRAMES = 0.15 * FRAMES_A_SECOND;
const LEAST_PROMINENCE = 0.2;

export interface EchoFound {
  readonly delayMs: number;
  readonly lossDb: number;
  readonly correlation: number;
}

/**
 * Looks for `said` in `heard`, both powers by frame over the same time; `level` is that of `said`. Pauses after each delay.
 * null where there is nothing alike.
 */
export function* findEcho(
  said: Float32Array,
  level: SpeechLevel,
  heard: Float32Array,
): Generator<void, EchoFound | null, void> {
  if (level.activeDbov === null) return null;
  const moments = momentsOf(said, level.threshold, heard);
  if (moments.length < LEAST_FRAMES) return null;
  const found: EchoFound[] = [];
  for (let lag = 0; lag <= MOST_LAG; lag++) {
    found.push(compare(said, heard, moments, lag));
    yield;
  }
  const best = found.reduce((most, each) => (each.correlation > most.correlation ? each : most));
  const least = best.lossDb < SAME_LEVEL_DB ? SAME_CORRELATION : LEAST_CORRELATION;
  const at = found.indexOf(best);
  const others = found.filter((_, lag) => Math.abs(lag - at) >= APART_FRAMES);
  const isAlone = others.every(({ correlation }) => correlation <= best.correlation - LEAST_PROMINENCE);
  return best.correlation >= least && isAlone ? best : null;
}

/** Frames of `heard` in which an echo would be heard and nothing else: the other side spoke within the last half second. */
function momentsOf(said: Float32Array, threshold: number, heard: Float32Array): Uint32Array {
  const count = Math.min(said.length, heard.length);
  const moments = new Uint32Array(count);
  let used = 0;
  // The loudest of the last frames: places in `said`, the loudest first, each louder than those after it.
  const window = new Uint32Array(count + 1);
  let head = 0;
  let tail = 0;
  for (let i = 0; i < count; i++) {
    while (tail > head && said[window[tail - 1]] <= said[i]) tail--;
    window[tail++] = i;
    if (window[head] < i - MOST_LAG) head++;
    const loudest = said[window[head]];
    if (i >= MOST_LAG && loudest >= threshold && heard[i] <= loudest) moments[used++] = i;
  }
  return moments.subarray(0, used);
}

/** Correlation of the envelopes at a delay, and how much softer the later one is (by the line of least squares). */
function compare(said: Float32Array, heard: Float32Array, moments: Uint32Array, lag: number): EchoFound {
  const n = moments.length;
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const x = Math.sqrt(said[moments[k] - lag]);
    const y = Math.sqrt(heard[moments[k]]);
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const [vx, vy, cov] = [sxx - (sx * sx) / n, syy - (sy * sy) / n, sxy - (sx * sy) / n];
  const delayMs = (lag * 1000) / FRAMES_A_SECOND;
  if (!(vx > 0) || !(vy > 0) || cov <= 0) return { delayMs, lossDb: Infinity, correlation: 0 };
  return {
    delayMs,
    lossDb: -20 * Math.log10(cov / vx),
    correlation: cov / Math.sqrt(vx * vy),
  };
}
