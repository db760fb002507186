/** Quality over a stream's time as charts want it: times in seconds since the chart's start, unknown is NaN. */
import type { QualitySeries } from '../../../shared/quality.ts';

export interface OverTime {
  readonly times: readonly number[];
  readonly values: Float64Array;
}

/** The middle of each bucket. */
export function qualityTimes({ bucketSeconds, mos, startTime }: QualitySeries, chartStart: number): number[] {
  return Array.from(mos, (_, index) => startTime - chartStart + (index + 0.5) * bucketSeconds);
}

/** What was reported at which times (seconds since the epoch); null where fewer than two reports say it: they are no line. */
export function reportedOf(time: Float64Array, values: Float64Array, chartStart: number): OverTime | null {
  const known = Array.from(values.keys()).filter((index) => !Number.isNaN(values[index]));
  if (known.length < 2) return null;
  return {
    times: known.map((index) => time[index] - chartStart),
    values: Float64Array.from(known, (index) => values[index]),
  };
}

/** Softer is drawn as this. */
const FLOOR_DBOV = -80;

/** RMS (0..1) as dBov; `later` is how long after the chart's start the audio begins. NaN where nothing was decoded. */
export function levelsOf(rms: Float32Array, seconds: number, later: number): OverTime {
  return {
    times: Array.from(rms, (_, index) => later + ((index + 0.5) * seconds) / rms.length),
    values: Float64Array.from(rms, (value) =>
      Number.isNaN(value) ? Number.NaN : Math.max(FLOOR_DBOV, 20 * Math.log10(value)),
    ),
  };
}
