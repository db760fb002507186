import type { Output } from './output.ts';
import { type Paint, paintNothing } from './style.ts';

/** Where people read: lines, how wide they may be, and how text is set off. */
export interface Page {
  /** Columns of the terminal; null where lines may be as long as they are (a pipe, a file). */
  readonly width: number | null;
  readonly paint: Paint;
  /** Lines are neither cut nor set off. */
  readonly isPlain: boolean;
  /** Writes a line; where it gives a promise, that has to be awaited before the next. */
  line(text: string): Promise<void> | null;
}

/** A page on an output. Texts of the capture go through `safeText` before they get here. */
export function pageOn(output: Output, width: number | null, paint: Paint): Page {
  return {
    width,
    paint,
    isPlain: width === null && paint === paintNothing,
    line: (text) => output.write(`${text}\n`),
  };
}
