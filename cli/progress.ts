import type { Writable } from 'node:stream';
import type { Progress } from '../engine/engine.ts';
import { countOf, formatBytes } from './format.ts';

const REDRAW_MS = 100;
const ERASE_LINE = '\r\u001b[K';

/** One line on a terminal that says how far reading has come, rewritten at most ten times a second. */
export class ProgressLine {
  private readonly stream: Writable;
  private readonly now: () => number;
  private readonly startedAt: number;
  private drawnAt: number;
  private drawn = false;

  /** `now` in milliseconds; for tests. */
  constructor(stream: Writable, now: () => number = () => performance.now()) {
    this.stream = stream;
    this.now = now;
    this.startedAt = now();
    // What is read within the first moment needs no line.
    this.drawnAt = this.startedAt + REDRAW_MS;
  }

  report(progress: Progress): void {
    const at = this.now();
    if (at - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = at;
    this.drawn = true;
    this.stream.write(ERASE_LINE + progressText(progress, (at - this.startedAt) / 1000));
  }

  /** Takes the line away. */
  clear(): void {
    if (this.drawn) this.stream.write(ERASE_LINE);
    this.drawn = false;
  }
}

/** `reading  42 %  1,234,567 packets  210 MB/s`. */
export function progressText({ bytesRead, bytesTotal, packets }: Progress, seconds: number): string {
  const share = bytesTotal > 0 ? Math.min(100, Math.floor((bytesRead * 100) / bytesTotal)) : -1;
  const done = share < 0 ? formatBytes(bytesRead) : `${share} %`;
  const rate = seconds > 0 ? `  ${formatBytes(bytesRead / seconds)}/s` : '';
  return `reading  ${done}  ${countOf(packets, 'packet')}${rate}`;
}
