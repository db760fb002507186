import type { CaptureSource } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import type { RunningPlugins } from '../plugins/running-plugins.ts';
import { CaptureIndex } from '../query/capture-index.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { RowViews } from './rows/row-views.ts';

/** While a capture is read, what is derived from it may lag behind by this much. */
const LAG_MS = 300;

/** A capture of the window's: being read, or read. */
export class OpenedCapture {
  readonly name: string;
  /** What the window asked to open. */
  readonly from: CaptureSource;
  /** Ends the reading and everything that is worked out about the capture. */
  readonly abort = new AbortController();
  readonly views: RowViews;
  /** null until the file proved to be a capture. */
  capture: Capture | null = null;
  source: ByteSource | null = null;
  /** Those it is read with; null where there are none. */
  plugins: RunningPlugins | null = null;
  /** See `fingerprintOf`; null before it was looked at. */
  fingerprint: string | null = null;
  isReading = true;
  /** The person wants what was read so far. */
  wantsStop = false;
  /** The reading ends with the block that has this packet. */
  mostPackets = Infinity;
  /** The reading ended early because of that. */
  isStopped = false;
  /** Settles once nothing reads the source any more. */
  done: Promise<unknown> = Promise.resolve();
  /** Questions being answered: the reading waits for them, but not long. */
  answering = 0;
  private known: { readonly index: CaptureIndex; readonly madeMs: number } | null = null;

  constructor(from: CaptureSource) {
    this.from = from;
    this.name = from.kind === 'blob' ? from.name : (from.path.split(/[\\/]/).at(-1) ?? from.path);
    this.views = new RowViews(this);
  }

  /** Where it lies; null where only the window holds it. */
  get path(): string | null {
    return this.from.kind === 'path' ? this.from.path : null;
  }

  /** What queries share; null where there is no capture yet. */
  get index(): CaptureIndex | null {
    const { capture, known } = this;
    if (capture === null) return null;
    if (known !== null && (!this.isReading || performance.now() - known.madeMs < LAG_MS)) return known.index;
    const index = new CaptureIndex(capture, false);
    this.known = { index, madeMs: performance.now() };
    return index;
  }

  /** The capture was read: works out what is only known of the whole. */
  async conclude(capture: Capture): Promise<CaptureIndex> {
    const index = new CaptureIndex(capture);
    await index.prepare(new Turns(this.abort.signal));
    this.known = { index, madeMs: performance.now() };
    this.isReading = false;
    return index;
  }

  /** Cancels what is under way and lets go of the file. */
  async close(): Promise<void> {
    this.abort.abort();
    await this.done.catch(() => undefined);
    await this.source?.close().catch(() => undefined);
    this.plugins?.close();
  }
}
