/** Levels of 16-bit PCM in dBFS: 0 is a sample (peak) or a square wave (RMS) of 32,768. */

export interface Level {
  /** -Infinity for silence. */
  readonly peakDbfs: number;
  readonly rmsDbfs: number;
}

/**
 * Peak and RMS of `samples[from … to)`, taking every `stride`-th: with a stride of 2 and `from` 0 or 1, one channel
 * of interleaved stereo.
 */
export function levelOf(samples: Int16Array, from = 0, to = samples.length, stride = 1): Level {
  let peak = 0;
  let squares = 0;
  let count = 0;
  for (let i = from; i < to; i += stride) {
    const sample = samples[i];
    peak = Math.max(peak, Math.abs(sample));
    squares += sample * sample;
    count++;
  }
  return { peakDbfs: decibels(peak / 32768), rmsDbfs: decibels(Math.sqrt(squares / Math.max(1, count)) / 32768) };
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}
