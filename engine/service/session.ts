import { join } from 'node:path';
import type { Dissector } from '../../dissectors/dissector.ts';
import type { CaptureSource, OpenFailure, OpenResult, ReadProgress } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { type Progress, readCapture } from '../engine.ts';
import { captureInfo } from '../query/capture-info.ts';
import { warningsOf } from '../query/warnings.ts';
import { Turns } from '../filter/turns.ts';
import { PluginFolder } from '../plugins/plugin-folder.ts';
import { RunningPlugins } from '../plugins/running-plugins.ts';
import { throwIfAborted, untilAborted } from '../readers/abort.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { inflated, openSource } from '../sources/open-source.ts';
import { BlobSource, type ReadBlob } from './blob-source.ts';
import { CodedError, noCapture } from './coded-error.ts';
import { openFailure } from './open-failure.ts';
import { OpenedCapture } from './opened-capture.ts';
import { fingerprintOf, RuleStore } from './rule-store.ts';
import { SecretStore } from './secret-store.ts';

/** The event loop gets its turn this often while a capture is read. */
const TURN_MS = 8;
/** The reading waits this long for an answer that somebody waits for. */
const ANSWER_MS = 40;
const PROGRESS_MS = 100;

export interface SessionOptions {
  readonly dissectors: readonly Dissector[];
  /** See `RuleStore`. */
  readonly dataFolder?: string | null;
  /** Reads the window's blob; `signal` ends it. */
  readonly blobReader: (signal: AbortSignal) => ReadBlob;
}

export interface OpenCallbacks {
  readonly signal: AbortSignal;
  readonly progress: (progress: ReadProgress) => void;
}

/** Holds the window's one capture: opens, stops, closes it. */
export class CaptureSession {
  readonly builtIns: readonly Dissector[];
  /** Where a person's plugins lie; null where the shell names no folder. */
  readonly plugins: PluginFolder | null;
  /** What every capture is read with. */
  readonly secrets = new SecretStore();
  readonly rules: RuleStore;
  /** About the last capture that could not be opened. */
  failure: OpenFailure | null = null;
  private readonly options: SessionOptions;
  private current: OpenedCapture | null = null;
  /** Settles with the last `reread`. */
  private rereading: Promise<unknown> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.options = options;
    this.rules = new RuleStore(options.dataFolder ?? null);
    this.builtIns = options.dissectors;
    this.plugins = options.dataFolder == null ? null : new PluginFolder(join(options.dataFolder, 'plugins'));
  }

  /** Those of the open capture, plugins' included. */
  get dissectors(): readonly Dissector[] {
    return this.current?.capture?.store.dissectors ?? this.builtIns;
  }

  /** The open capture, also while it is being read. Throws with the code `no-capture`. */
  capture(): Capture {
    const capture = this.current?.capture;
    if (capture === null || capture === undefined) throw noCapture();
    return capture;
  }

  /** Whether there is something to ask about. */
  get hasCapture(): boolean {
    return this.current !== null && this.current.capture !== null;
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
    const opened = new OpenedCapture(source);
    this.current = opened;
    this.failure = null;
    try {
      return await underWay(opened, callbacks.signal, async () => {
        await before?.close();
        return this.read(opened, callbacks);
      });
    } catch (error) {
      const failure = isAbort(error) ? null : await openFailure(error, opened.name, opened.source);
      await opened.source?.close().catch(() => undefined);
      opened.plugins?.close();
      if (this.current === opened) this.current = null;
      if (failure === null) throw error;
      this.failure = failure;
      throw new CodedError(failure.code, failure.message);
    }
  }

  /**
   * Reads the open capture again, from the same octets, with the secrets of now. What was read before answers until then,
   * and stays where this is cancelled or fails. Gives null where none is open, or another was opened meanwhile, which was
   * read with the secrets of now anyway. One after the other.
   */
  reread(callbacks: OpenCallbacks): Promise<OpenResult | null> {
    const result = this.rereading.then(() => this.rereadNow(callbacks));
    this.rereading = result.catch(() => undefined);
    return result;
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

  private async rereadNow(callbacks: OpenCallbacks): Promise<OpenResult | null> {
    const before = this.current;
    if (before === null) return null;
    await untilAborted(
      before.done.catch(() => undefined),
      callbacks.signal,
    );
    if (this.current !== before || before.capture === null || before.isReading) return null;
    const opened = new OpenedCapture(before.from);
    // A pipe gives its octets once, and what was inflated need not be inflated again: the source goes on to who reads last.
    const shared = before.from.kind === 'path' ? before.source : null;
    opened.source = shared;
    opened.fingerprint = before.fingerprint;
    if (before.isStopped) opened.mostPackets = before.capture.store.frames.count;
    const onReplaced = (): void => opened.abort.abort();
    before.abort.signal.addEventListener('abort', onReplaced);
    try {
      const result = await underWay(opened, callbacks.signal, () => this.read(opened, callbacks, before));
      throwIfAborted(before.abort.signal);
      before.abort.signal.removeEventListener('abort', onReplaced);
      this.current = opened;
      if (shared !== null) before.source = null;
      await before.close();
      return result;
    } catch (error) {
      if (shared === null) await opened.source?.close().catch(() => undefined);
      opened.plugins?.close();
      if (before.abort.signal.aborted && !callbacks.signal.aborted) return null;
      if (isAbort(error)) throw error;
      const { code, message } = await openFailure(error, opened.name, opened.source);
      throw new CodedError(code, message);
    } finally {
      before.abort.signal.removeEventListener('abort', onReplaced);
    }
  }

  /** `asked` is the capture that questions are answered for meanwhile. */
  private async read(opened: OpenedCapture, { progress }: OpenCallbacks, asked = opened): Promise<OpenResult> {
    const startMs = performance.now();
    const { signal } = opened.abort;
    let reported = -Infinity;
    const report = (state: Progress): void => {
      const now = performance.now();
      if (now - reported < PROGRESS_MS || opened.capture === null) return;
      reported = now;
      progress({ ...state, calls: callCount(opened.capture), elapsedMs: now - startMs });
    };
    throwIfAborted(signal);
    const secrets = await this.secrets.forReading(new Turns(signal));
    opened.source ??= await this.openSource(opened.from, signal);
    opened.fingerprint ??= await fingerprintOf(opened.source);
    await this.rules.use(opened.fingerprint);
    const plugins = await this.startPlugins(opened);
    const dissectors = [...this.builtIns, ...(plugins?.dissectors ?? [])];
    const rules = await this.rules.forReading(dissectors.map(({ id }) => id));
    throwIfAborted(signal);
    const capture = await readCapture(opened.source, {
      dissectors: this.builtIns,
      ...(plugins === null ? {} : { plugins }),
      secrets,
      ...rules,
      signal,
      onOpen: (growing) => (opened.capture = growing),
      onProgress: report,
      goOn: turnsOf(opened, asked),
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
  }

  /** Starts a person's plugins for one reading; they end with the capture. */
  private async startPlugins(opened: OpenedCapture): Promise<RunningPlugins | null> {
    const loaded = await this.plugins?.loaded();
    if (loaded === undefined || loaded.compiled.length + loaded.errors.length === 0) return null;
    opened.plugins = await RunningPlugins.start(loaded, this.builtIns);
    // It may have been closed while they started.
    if (opened.abort.signal.aborted) opened.plugins.close();
    return opened.plugins;
  }

  private openSource(source: CaptureSource, signal: AbortSignal): Promise<ByteSource> {
    if (source.kind === 'path') return openSource(source.path);
    return inflated(new BlobSource(source.name, source.lengthBytes, this.options.blobReader(signal)));
  }
}

/** Does the reading of a capture; `signal` ends it, and so does whoever closes the capture. Rejects with an AbortError then. */
async function underWay(
  opened: OpenedCapture,
  signal: AbortSignal,
  read: () => Promise<OpenResult>,
): Promise<OpenResult> {
  const onCancel = (): void => opened.abort.abort();
  signal.addEventListener('abort', onCancel);
  if (signal.aborted) onCancel();
  const reading = read();
  opened.done = reading;
  try {
    return await reading;
  } catch (error) {
    if (opened.abort.signal.aborted) throw new DOMException('Reading was cancelled.', 'AbortError');
    throw error;
  } finally {
    signal.removeEventListener('abort', onCancel);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Lets others run every few milliseconds, and finish what they ask; says whether to read on. */
export function turnsOf(opened: OpenedCapture, asked: OpenedCapture): () => Promise<boolean> {
  let last = performance.now();
  return async () => {
    const begin = performance.now();
    if (begin - last >= TURN_MS) {
      do await turn();
      while (asked.answering > 0 && !opened.abort.signal.aborted && performance.now() - begin < ANSWER_MS);
      last = performance.now();
    }
    opened.isStopped = opened.wantsStop || (opened.capture?.store.frames.count ?? 0) >= opened.mostPackets;
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
