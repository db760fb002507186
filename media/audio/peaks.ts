/**
 * Smallest and largest sample and mean power of one channel over spans of growing size, so that any part of any length is
 * drawn from a few numbers. Filled a chunk at a time, in any order.
 */

/** Sample frames that are filled in at once; the widest span. */
export const PEAK_CHUNK = 1 << 18;
/** Samples in the narrowest span, unless the channel is so long that this would take too much memory. */
const NARROWEST = 64;
const WIDENING = 4;
/** The most spans of the narrowest kind: 8 octets each. */
const MOST_SPANS = 8 << 20;

/** What columns of a drawing show: smallest and largest sample (-1..1) and RMS (0..1). */
export interface PeakColumns {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly rms: Float32Array;
}

interface Level {
  /** Samples in a span. */
  readonly span: number;
  readonly min: Int16Array;
  readonly max: Int16Array;
  /** Mean of the squares, of samples from -1 to 1. */
  readonly power: Float32Array;
}

/** A run of quiet, in sample frames. */
export interface QuietRun {
  readonly from: number;
  readonly to: number;
}

export class PeakPyramid {
  readonly frames: number;
  private readonly levels: readonly Level[];

  /** For a channel of `frames` samples. */
  constructor(frames: number, mostSpans = MOST_SPANS) {
    this.frames = frames;
    const levels: Level[] = [];
    let span = NARROWEST;
    while (frames / span > mostSpans && span < PEAK_CHUNK) span *= WIDENING;
    for (; span <= PEAK_CHUNK; span *= WIDENING) {
      const count = Math.ceil(frames / span);
      levels.push({
        span,
        min: new Int16Array(count),
        max: new Int16Array(count),
        power: new Float32Array(count),
      });
    }
    this.levels = levels;
  }

  /** Samples in the narrowest span. */
  get narrowest(): number {
    return this.levels[0].span;
  }

  /**
   * Takes the chunk that begins at sample `at`, a multiple of PEAK_CHUNK: `count` samples of `samples`, from index `offset`
   * on and `stride` apart. Only the last chunk may be short.
   */
  add(samples: Int16Array, offset: number, stride: number, at: number, count: number): void {
    const [first, ...wider] = this.levels;
    const { span, min, max, power } = first;
    for (let from = 0, bucket = at / span, index = offset; from < count; from += span, bucket++) {
      const to = Math.min(count, from + span);
      let low = 32767;
      let high = -32768;
      let squares = 0;
      for (let i = from; i < to; i++, index += stride) {
        const sample = samples[index];
        low = Math.min(low, sample);
        high = Math.max(high, sample);
        squares += sample * sample;
      }
      min[bucket] = low;
      max[bucket] = high;
      power[bucket] = squares / (to - from) / (32768 * 32768);
    }
    let narrow = first;
    for (const level of wider) {
      this.widen(narrow, level, at, at + count);
      narrow = level;
    }
  }

  /**
   * `columns` columns over samples `from … to` (fractions allowed), from spans at most a quarter of a column wide: a column
   * begins at the span its beginning lies in, so what is drawn is at most that much too early. Null where a column is too
   * narrow for the spans: it has to be made of samples (see `peaksOfSamples`).
   */
  columns(from: number, to: number, columns: number): PeakColumns | null {
    const perColumn = (to - from) / columns;
    const level = this.levels.findLast(({ span }) => span * WIDENING <= perColumn);
    if (level === undefined) return null;
    const result = emptyColumns(columns);
    const { span, min, max, power } = level;
    const last = min.length;
    for (let column = 0; column < columns; column++) {
      const first = Math.max(0, Math.floor((from + column * perColumn) / span));
      const next = from + (column + 1) * perColumn;
      // The last span is a short one.
      const end = next >= this.frames ? last : Math.floor(next / span);
      if (first >= end) continue;
      let low = 32767;
      let high = -32768;
      let sum = 0;
      for (let i = first; i < end; i++) {
        if (min[i] < low) low = min[i];
        if (max[i] > high) high = max[i];
        sum += power[i] * this.samplesIn(i, span);
      }
      result.min[column] = low / 32768;
      result.max[column] = high / 32768;
      result.rms[column] = Math.sqrt(sum / (Math.min(end * span, this.frames) - first * span));
    }
    return result;
  }

  /**
   * Runs of at least `atLeast` samples in which no span (the widest up to `resolution` samples) has an RMS of `below` or more.
   * They begin and end with one of the narrowest spans, so a run lacks less than one of these at either end.
   */
  quietRuns(below: number, atLeast: number, resolution: number): QuietRun[] {
    const level = this.levels.findLast(({ span }) => span <= resolution) ?? this.levels[0];
    const limit = below * below;
    const [narrow] = this.levels;
    const isQuietAt = (bucket: number): boolean => bucket >= 0 && narrow.power[bucket] < limit;
    const runs: QuietRun[] = [];
    let start = -1;
    for (let i = 0; i <= level.power.length; i++) {
      const isQuiet = i < level.power.length && level.power[i] < limit;
      if (isQuiet && start < 0) start = i;
      if (isQuiet || start < 0) continue;
      // The spans at both ends are quiet in part.
      let first = (start * level.span) / narrow.span;
      let end = Math.min(narrow.power.length, (i * level.span) / narrow.span);
      for (const least = first - level.span / narrow.span; first > least && isQuietAt(first - 1); ) first--;
      for (const most = end + level.span / narrow.span; end < most && isQuietAt(end); ) end++;
      const from = first * narrow.span;
      const to = Math.min(this.frames, end * narrow.span);
      if (to - from > atLeast - 2 * narrow.span) runs.push({ from, to });
      start = -1;
    }
    return runs;
  }

  private samplesIn(bucket: number, span: number): number {
    return Math.min(span, this.frames - bucket * span);
  }

  private widen(narrow: Level, wide: Level, from: number, to: number): void {
    for (let bucket = from / wide.span; bucket * wide.span < to; bucket++) {
      const first = bucket * WIDENING;
      const end = Math.min(narrow.min.length, first + WIDENING);
      let low = 32767;
      let high = -32768;
      let sum = 0;
      let samples = 0;
      for (let i = first; i < end; i++) {
        low = Math.min(low, narrow.min[i]);
        high = Math.max(high, narrow.max[i]);
        const count = this.samplesIn(i, narrow.span);
        sum += narrow.power[i] * count;
        samples += count;
      }
      wide.min[bucket] = low;
      wide.max[bucket] = high;
      wide.power[bucket] = sum / samples;
    }
  }
}

/**
 * `columns` columns over samples `from … to` (fractions allowed) straight from the samples: index 0 of `samples` (after
 * `offset`, `stride` apart) is sample `at`. A column holds the samples that begin in it; one without any shows the sample
 * it lies in.
 */
export function peaksOfSamples(
  samples: Int16Array,
  offset: number,
  stride: number,
  at: number,
  from: number,
  to: number,
  columns: number,
): PeakColumns {
  const result = emptyColumns(columns);
  const count = Math.floor((samples.length - offset + stride - 1) / stride);
  const perColumn = (to - from) / columns;
  for (let column = 0; column < columns; column++) {
    const begin = from + column * perColumn - at;
    let first = Math.max(0, Math.ceil(begin));
    let end = Math.min(count, Math.ceil(begin + perColumn));
    if (first >= end) {
      first = Math.floor(begin);
      end = first + 1;
      if (first < 0 || first >= count) continue;
    }
    let low = 32767;
    let high = -32768;
    let squares = 0;
    for (let i = first; i < end; i++) {
      const sample = samples[offset + i * stride];
      if (sample < low) low = sample;
      if (sample > high) high = sample;
      squares += sample * sample;
    }
    result.min[column] = low / 32768;
    result.max[column] = high / 32768;
    result.rms[column] = Math.sqrt(squares / (end - first)) / 32768;
  }
  return result;
}

function emptyColumns(columns: number): PeakColumns {
  return { min: new Float32Array(columns), max: new Float32Array(columns), rms: new Float32Array(columns) };
}
