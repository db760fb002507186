/** Work that several may wait for: it goes on until all of them gave up. */
export class SharedWork<T> {
  readonly result: Promise<T>;
  isSettled = false;
  private readonly abort = new AbortController();
  private waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = work(this.abort.signal);
    const settle = (): void => {
      this.isSettled = true;
    };
    this.result.then(settle, settle);
  }

  /** Nobody waits for it any more, and so it was given up. */
  get isCancelled(): boolean {
    return this.abort.signal.aborted;
  }

  /** The result; rejects with an AbortError as soon as `signal` aborts. */
  async wait(signal: AbortSignal): Promise<T> {
    this.waiting++;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        onAbort = () => reject(new DOMException('Cancelled.', 'AbortError'));
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort);
        this.result.then(resolve, reject);
      });
    } finally {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      if (--this.waiting === 0 && !this.isSettled) this.abort.abort();
    }
  }
}
