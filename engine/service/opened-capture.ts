import type { Capture } from '../capture.ts';
import { CaptureIndex } from '../query/capture-index.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { RowViews } from './rows/row-views.ts';

/** While a capture is read, what is derived from it may lag behind by this much. */
const LAG_MS = 300;

/** A capture of the window's: being read, or read. */
export class OpenedCapture {
  readonly name: string;
  /** Ends the reading and everything that is worked out about the capture. */
  readonly abort = new AbortController();
  readonly views: RowViews;
  /** null until the file proved to be a capture. */
  capture: Capture | null = null;
  source: ByteSource | null = null;
  isReading = true;
  /** The person wants what was read so far. */
  isStopped = false;
  /** Settles once nothing reads the source any more. */
  done: Promise<unknown> = Promise.resolve();
  private known: { readonly index: CaptureIndex; readonly madeMs: number; readonly ofWhole: boolean } | null = null;

  constructor(name: string) {
    this.name = name;
    this.views = new RowViews(this);
  }

  /** What queries share; null where there is no capture yet. */
  get index(): CaptureIndex | null {
    const { capture, known } = this;
    if (capture === null) return null;
    const isFresh = known !== null && (known.ofWhole || (this.isReading && performance.now() - known.madeMs < LAG_MS));
    if (!isFresh) {
      const index = new CaptureIndex(capture, !this.isReading);
      this.known = { index, madeMs: performance.now(), ofWhole: !this.isReading };
    }
    return this.known?.index ?? null;
  }

  /** Cancels what is under way and lets go of the file. */
  async close(): Promise<void> {
    this.abort.abort();
    await this.done.catch(() => undefined);
    await this.source?.close().catch(() => undefined);
  }
}
