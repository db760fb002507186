import { setImmediate as turn } from 'node:timers/promises';
import { throwIfAborted, untilAborted } from '../readers/abort.ts';
import { noExtras } from '../readers/extras.ts';
import type {
  CaptureExtras,
  CaptureInterface,
  CaptureReader,
  FrameBatch,
  ReaderIssue,
} from '../readers/frame-batch.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { type BegunReading, isOf } from './begun-reading.ts';
import { AHEAD_FROM_BYTES, type ReaderFindings } from './messages.ts';
import { ReadingThread } from './reading-thread.ts';

/** How long the event loop may be kept waiting by batches that are there already. */
const TURN_MS = 8;

/** Has a large file read by a thread beside this one, which looks into the frames as well; anything else stays with `reader`. */
export function readAhead(reader: CaptureReader, source: ByteSource, signal: AbortSignal | undefined): CaptureReader {
  const { descriptor, lengthBytes } = source;
  if (descriptor === undefined || lengthBytes < AHEAD_FROM_BYTES) return reader;
  return new AheadReader(reader, new ReadingThread(descriptor, lengthBytes), signal);
}

/** As `readAhead`, where a thread has begun to read a file: it goes on, if that is what is read first. */
export function readAheadFrom(begun: BegunReading): typeof readAhead {
  let unused: BegunReading | null = begun;
  return (reader, source, signal) => {
    const thread = unused?.thread;
    const isWanted = unused !== null && isOf(unused, source.descriptor);
    unused = null;
    if (thread !== undefined && isWanted) return new AheadReader(reader, thread, signal);
    thread?.close();
    return readAhead(reader, source, signal);
  };
}

/** Gives what a thread reads; what `reader` reads, where no thread can be had. */
export class AheadReader implements CaptureReader {
  readonly format: string;
  private readonly reader: CaptureReader;
  private readonly thread: ReadingThread;
  private readonly signal: AbortSignal | undefined;
  private readonly found = new Findings();
  private state: 'begins' | 'reads' | 'is over' | 'is done without' = 'begins';
  private turnedMs = performance.now();

  constructor(reader: CaptureReader, thread: ReadingThread, signal: AbortSignal | undefined) {
    this.format = reader.format;
    this.reader = reader;
    this.thread = thread;
    this.signal = signal;
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.used.interfaces;
  }

  get issues(): readonly ReaderIssue[] {
    return this.used.issues;
  }

  get extras(): CaptureExtras {
    return this.used.extras;
  }

  async next(batch: FrameBatch): Promise<boolean> {
    throwIfAborted(this.signal);
    if (this.state === 'is over') return false;
    if (this.state === 'is done without') return this.reader.next(batch);
    this.thread.giveBack();
    if (performance.now() - this.turnedMs > TURN_MS) {
      await turn();
      this.turnedMs = performance.now();
    }
    const news = await (this.thread.hasNews ? this.thread.next() : untilAborted(this.thread.next(), this.signal));
    if (news.kind === 'failed') {
      this.close();
      if (this.state === 'reads') throw Object.assign(new Error(news.message), { code: news.code });
      // It did not even start; and what is wrong with the file the other will say.
      this.state = 'is done without';
      return this.reader.next(batch);
    }
    this.found.add(news.found);
    if (news.kind === 'batch') this.thread.show(news, batch);
    else this.close();
    this.state = news.kind === 'batch' ? 'reads' : 'is over';
    return news.kind === 'batch';
  }

  close(): void {
    this.thread.close();
  }

  private get used(): ReaderFindings {
    return this.state === 'is done without' ? this.reader : this.found;
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
