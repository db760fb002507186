import type { Span } from './span.ts';

/** Peaks of a lane over a stretch of the audio. */
export interface LanePeaks {
  readonly span: Span;
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly rms: Float32Array;
}

export interface LaneColours {
  readonly peak: string;
  readonly rms: string;
  readonly line: string;
}

/** Below so many samples a pixel a wave is a line through its samples. */
const LINE_BELOW = 2;

/**
 * Draws what is seen of a lane: a column a pixel, peak to peak in the pale colour and RMS in the lane's. Columns come from
 * peaks of any stretch, so that while zooming the old ones serve until the new are there.
 */
export function paintLane(
  context: CanvasRenderingContext2D,
  peaks: LanePeaks | null,
  window: Span,
  sampleRate: number,
  colours: LaneColours,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const middle = Math.floor(height / 2);
  context.fillStyle = colours.line;
  context.fillRect(0, middle, width, 1);
  if (peaks === null || peaks.max.length === 0) return;
  const columns = columnsOf(peaks, window, width);
  const scale = (height - 4) / 2;
  if (((window.to - window.from) * sampleRate) / width < LINE_BELOW) {
    paintLine(context, columns, middle, scale, colours.rms);
    return;
  }
  for (const [values, colour] of [
    ['peak', colours.peak],
    ['rms', colours.rms],
  ] as const) {
    context.fillStyle = colour;
    for (let x = 0; x < width; x++) {
      const low = values === 'peak' ? columns.min[x] : -columns.rms[x];
      const high = values === 'peak' ? columns.max[x] : columns.rms[x];
      if (Number.isNaN(high) || high - low <= 0) continue;
      const top = Math.round(middle - high * scale);
      context.fillRect(x, top, 1, Math.max(1, Math.round(middle - low * scale) - top));
    }
  }
}

function paintLine(
  context: CanvasRenderingContext2D,
  { min, max }: Pick<LanePeaks, 'min' | 'max'>,
  middle: number,
  scale: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.beginPath();
  for (let x = 0; x < max.length; x++) {
    if (Number.isNaN(max[x])) continue;
    context.lineTo(x + 0.5, middle - ((min[x] + max[x]) / 2) * scale);
  }
  context.stroke();
}

/** The peaks of each of `width` columns of `window`; NaN where the peaks at hand do not reach. */
export function columnsOf(peaks: LanePeaks, window: Span, width: number): Omit<LanePeaks, 'span'> {
  const { span } = peaks;
  const count = peaks.max.length;
  const min = new Float32Array(width).fill(Number.NaN);
  const max = new Float32Array(width).fill(Number.NaN);
  const rms = new Float32Array(width).fill(Number.NaN);
  const perPixel = (window.to - window.from) / width;
  const perColumn = (span.to - span.from) / count;
  for (let x = 0; x < width; x++) {
    // A rounding error must not make a column of the column before.
    const first = Math.floor((window.from + x * perPixel - span.from) / perColumn + 1e-6);
    const end = Math.max(first + 1, Math.floor((window.from + (x + 1) * perPixel - span.from) / perColumn + 1e-6));
    if (end <= 0 || first >= count) continue;
    const from = Math.max(0, first);
    const to = Math.min(count, end);
    let low = Infinity;
    let high = -Infinity;
    let squares = 0;
    for (let i = from; i < to; i++) {
      low = Math.min(low, peaks.min[i]);
      high = Math.max(high, peaks.max[i]);
      squares += peaks.rms[i] ** 2;
    }
    min[x] = low;
    max[x] = high;
    rms[x] = Math.sqrt(squares / (to - from));
  }
  return { min, max, rms };
}
