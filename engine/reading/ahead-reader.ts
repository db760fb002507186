import { setImmediate as turn } from 'node:timers/promises';
import { throwIfAborted, untilAborted } from '../readers/abort.ts';
import type {
  CaptureExtras,
  CaptureInterface,
  CaptureReader,
  FrameBatch,
  ReaderIssue,
} from '../readers/frame-batch.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { noExtras } from '../readers/extras.ts';
import type { ReaderFindings } from './messages.ts';
import { ReadingThread } from './reading-thread.ts';

/** From this size on a thread is worth its start. */
const AHEAD_FROM_BYTES = 32 * 1024 * 1024;
/** How long the event loop may be kept waiting by batches that are there already. */
const TURN_MS = 8;

/** Has a large file read by a thread beside this one, which looks into the frames as well; anything else stays with `reader`. */
export function readAhead(reader: CaptureReader, source: ByteSource, signal: AbortSignal | undefined): CaptureReader {
  const { descriptor, lengthBytes } = source;
  if (descriptor === undefined || lengthBytes < AHEAD_FROM_BYTES) return reader;
  return new AheadReader(reader, new ReadingThread(descriptor, lengthBytes), signal);
}

/** Reads by itself until the thread has started, and goes on with what the thread reads then. */
export class AheadReader implements CaptureReader {
  readonly format: string;
  private readonly first: CaptureReader;
  protected readonly thread: ReadingThread;
  private readonly signal: AbortSignal | undefined;
  private found: Findings | null = null;
  private frames = 0;
  private isOver = false;
  private turnedMs = performance.now();

  constructor(first: CaptureReader, thread: ReadingThread, signal: AbortSignal | undefined) {
    this.format = first.format;
    this.first = first;
    this.thread = thread;
    this.signal = signal;
  }

  get interfaces(): readonly CaptureInterface[] {
    return (this.found ?? this.first).interfaces;
  }

  get issues(): readonly ReaderIssue[] {
    return (this.found ?? this.first).issues;
  }

  get extras(): CaptureExtras {
    return (this.found ?? this.first).extras;
  }

  async next(batch: FrameBatch): Promise<boolean> {
    throwIfAborted(this.signal);
    if (this.isOver) return false;
    if (this.found === null) {
      // A thread that cannot even start is done without.
      if (!this.thread.hasNews || (await this.thread.next()).kind === 'failed') return this.byItself(batch);
      this.thread.begin(this.frames);
      this.found = new Findings();
    }
    return this.fromThread(batch, this.found);
  }

  close(): void {
    this.thread.close();
  }

  private async byItself(batch: FrameBatch): Promise<boolean> {
    const hasMore = await this.first.next(batch);
    this.frames += hasMore ? batch.count : 0;
    if (!hasMore) this.end();
    return hasMore;
  }

  private async fromThread(batch: FrameBatch, found: Findings): Promise<boolean> {
    this.thread.giveBack();
    if (performance.now() - this.turnedMs > TURN_MS) {
      await turn();
      this.turnedMs = performance.now();
    }
    const news = await (this.thread.hasNews ? this.thread.next() : untilAborted(this.thread.next(), this.signal));
    switch (news.kind) {
      case 'batch':
        found.add(news.found);
        this.thread.show(news, batch);
        return true;
      case 'end':
        found.add(news.found);
        this.end();
        return false;
      case 'failed':
        this.end();
        throw Object.assign(new Error(news.message), { code: news.code });
      case 'ready':
        throw new Error('the reading thread began twice');
    }
  }

  private end(): void {
    this.isOver = true;
    this.close();
  }
}

/** What the thread's reader came upon, put together again. */
class Findings implements ReaderFindings {
  readonly interfaces: CaptureInterface[] = [];
  readonly issues: ReaderIssue[] = [];
  readonly extras: CaptureExtras = noExtras();

  add({ interfaces, issues, extras }: ReaderFindings): void {
    this.interfaces.push(...interfaces);
    this.issues.push(...issues);
    this.extras.comments.push(...extras.comments);
    this.extras.names.push(...extras.names);
    this.extras.secrets.push(...extras.secrets);
    this.extras.droppedFrames = extras.droppedFrames;
  }
}
