import { throwIfAborted } from '../readers/abort.ts';

export interface FilterOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rows looked at so far, and all there are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The event loop gets its turn this often. */
const TURN_MS = 8;

/** Keeps long work from holding up everything else. */
export class Turns {
  private readonly signal: AbortSignal | undefined;
  private last = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal;
  }

  /** Lets others run where it is time to. Throws an AbortError where the work was cancelled. */
  wait(): Promise<void> | undefined {
    throwIfAborted(this.signal);
    if (performance.now() - this.last < TURN_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.last = performance.now();
        resolve();
      });
    });
  }
}
