import type { Dissector } from '../../dissectors/dissector.ts';
import type { CaptureSource, OpenFailure, OpenResult, ReadProgress } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { type Progress, readCapture } from '../engine.ts';
import { captureInfo } from '../query/capture-info.ts';
import { warningsOf } from '../query/warnings.ts';
import { throwIfAborted } from '../readers/abort.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { inflated, openSource } from '../sources/open-source.ts';
import { BlobSource, type ReadBlob } from './blob-source.ts';
import { CodedError, noCapture } from './coded-error.ts';
import { openFailure } from './open-failure.ts';
import { OpenedCapture } from './opened-capture.ts';

/** The event loop gets its turn this often while a capture is read. */
const TURN_MS = 8;
/** The reading waits this long for an answer that somebody waits for. */
const ANSWER_MS = 40;
const PROGRESS_MS = 100;

export interface SessionOptions {
  readonly dissectors: readonly Dissector[];
  /** Reads the window's blob; `signal` ends it. */
  readonly blobReader: (signal: AbortSignal) => ReadBlob;
}

export interface OpenCallbacks {
  readonly signal: AbortSignal;
  readonly progress: (progress: ReadProgress) => void;
}

/** Holds the window's one capture: opens, stops, closes it. */
export class CaptureSession {
  readonly dissectors: readonly Dissector[];
  /** About the last capture that could not be opened. */
  failure: OpenFailure | null = null;
  private readonly options: SessionOptions;
  private current: OpenedCapture | null = null;

  constructor(options: SessionOptions) {
    this.options = options;
    this.dissectors = options.dissectors;
  }

  /** The open capture, also while it is being read. Throws with the code `no-capture`. */
  capture(): Capture {
    const capture = this.current?.capture;
    if (capture === null || capture === undefined) throw noCapture();
    return capture;
  }

  /** Where the open capture lies; null where none is open, or only the window holds it. */
  get path(): string | null {
    return this.current?.path ?? null;
  }

  /** The open capture with what belongs to it. Throws with the code `no-capture`. */
  opened(): OpenedCapture {
    this.capture();
    return this.current as OpenedCapture;
  }

  /**
   * Reads a capture in the place of the one before, which is closed. Rejects with an AbortError where it is cancelled or
   * another is opened meanwhile, else with a coded sentence; `failure` then says more.
   */
  async open(source: CaptureSource, callbacks: OpenCallbacks): Promise<OpenResult> {
    const before = this.current;
    const opened = new OpenedCapture(nameOf(source), source.kind === 'path' ? source.path : null);
    this.current = opened;
    this.failure = null;
    const onCancel = (): void => opened.abort.abort();
    callbacks.signal.addEventListener('abort', onCancel);
    if (callbacks.signal.aborted) onCancel();
    const reading = this.read(opened, before, source, callbacks);
    opened.done = reading;
    try {
      return await reading;
    } catch (error) {
      await opened.source?.close().catch(() => undefined);
      if (this.current === opened) this.current = null;
      throw error;
    } finally {
      callbacks.signal.removeEventListener('abort', onCancel);
    }
  }

  /** Ends the reading and keeps what was read. */
  stop(): void {
    this.opened().wantsStop = true;
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = null;
    this.failure = null;
    await current?.close();
  }

  private async read(
    opened: OpenedCapture,
    before: OpenedCapture | null,
    source: CaptureSource,
    { progress }: OpenCallbacks,
  ): Promise<OpenResult> {
    await before?.close();
    const startMs = performance.now();
    const { signal } = opened.abort;
    let reported = -Infinity;
    const report = (state: Progress): void => {
      const now = performance.now();
      if (now - reported < PROGRESS_MS || opened.capture === null) return;
      reported = now;
      progress({ ...state, calls: callCount(opened.capture), elapsedMs: now - startMs });
    };
    try {
      throwIfAborted(signal);
      opened.source = await this.openSource(source, signal);
      throwIfAborted(signal);
      const capture = await readCapture(opened.source, {
        dissectors: this.dissectors,
        signal,
        onOpen: (growing) => (opened.capture = growing),
        onProgress: report,
        goOn: turnsOf(opened),
      });
      throwIfAborted(signal);
      const index = await opened.conclude(capture);
      return {
        info: captureInfo(capture),
        warnings: warningsOf(capture),
        elapsedMs: performance.now() - startMs,
        isStopped: opened.isStopped,
        counts: index.counts,
      };
    } catch (error) {
      if (signal.aborted) throw new DOMException('Reading was cancelled.', 'AbortError');
      this.failure = await openFailure(error, opened.name, opened.source);
      throw new CodedError(this.failure.code, this.failure.message);
    }
  }

  private openSource(source: CaptureSource, signal: AbortSignal): Promise<ByteSource> {
    if (source.kind === 'path') return openSource(source.path);
    return inflated(new BlobSource(source.name, source.lengthBytes, this.options.blobReader(signal)));
  }
}

/** Lets others run every few milliseconds, and finish what they ask; says whether to read on. */
function turnsOf(opened: OpenedCapture): () => Promise<boolean> {
  let last = performance.now();
  return async () => {
    const begin = performance.now();
    if (begin - last >= TURN_MS) {
      do await turn();
      while (opened.answering > 0 && !opened.abort.signal.aborted && performance.now() - begin < ANSWER_MS);
      last = performance.now();
    }
    opened.isStopped = opened.wantsStop;
    return !opened.isStopped;
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function callCount({ calls }: Capture): number {
  let count = 0;
  for (const entry of calls.entries) if (calls.isCall(entry)) count++;
  return count;
}

function nameOf(source: CaptureSource): string {
  return source.kind === 'blob' ? source.name : (source.path.split(/[\\/]/).at(-1) ?? source.path);
}
