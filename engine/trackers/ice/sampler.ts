import { MOST_CHECK_TIMES } from './ice-timing.ts';

/** Keeps at most so many of many, evenly. */
export class Sampler {
  readonly frames: number[] = [];
  private every = 1;
  private seen = 0;

  take(frame: number): void {
    if (this.seen++ % this.every !== 0) return;
    this.frames.push(frame);
    if (this.frames.length <= MOST_CHECK_TIMES) return;
    let kept = 0;
    for (let i = 0; i < this.frames.length; i += 2) this.frames[kept++] = this.frames[i];
    this.frames.length = kept;
    this.every *= 2;
  }
}
