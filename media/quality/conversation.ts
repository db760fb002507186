/** What only both directions together show: who speaks at the same time, and where one speaks to nobody. */
import { FRAMES_A_SECOND } from './sound-meter.ts';

/** One-way silence: this long without any sound, while the other side speaks for this much of it. */
export const ONE_WAY_SECONDS = 10;
const SPOKEN_SECONDS = 2;
const MOST_SPANS = 100;

export interface Span {
  /** Frames, the last one excluded. */
  readonly from: number;
  readonly to: number;
}

/** Share of the frames with speech in which both speak, percent; null where nobody does. */
export function doubleTalkPercent(a: Uint8Array, b: Uint8Array): number | null {
  const count = Math.max(a.length, b.length);
  let any = 0;
  let both = 0;
  for (let i = 0; i < count; i++) {
    const sum = (a[i] ?? 0) + (b[i] ?? 0);
    if (sum > 0) any++;
    if (sum === 2) both++;
  }
  return any === 0 ? null : (both * 100) / any;
}

/** Where a side has no sound at all while the other speaks: `silence` and `active` by frame. */
export function oneWaySilence(silence: Uint8Array, active: Uint8Array): Span[] {
  const spans: Span[] = [];
  let from = -1;
  let spoken = 0;
  const count = Math.min(silence.length, active.length);
  for (let i = 0; i <= count; i++) {
    const isSilent = i < count && silence[i] === 1;
    if (isSilent) {
      if (from < 0) {
        from = i;
        spoken = 0;
      }
      spoken += active[i];
      continue;
    }
    const isLong = from >= 0 && i - from >= ONE_WAY_SECONDS * FRAMES_A_SECOND;
    if (isLong && spoken >= SPOKEN_SECONDS * FRAMES_A_SECOND && spans.length < MOST_SPANS) spans.push({ from, to: i });
    from = -1;
  }
  return spans;
}
