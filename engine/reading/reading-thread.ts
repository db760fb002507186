import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import script from 'bundled:./thread/main.ts';
import { BUFFER_BYTES } from '../readers/block-reader.ts';
import { BATCH_COLUMN_BYTES, FrameBatch } from '../readers/frame-batch.ts';
import { BATCHES, BLOCKS, type BatchNews, type ReadingNews, type ReadingOrder, WAKE_AT_FREE } from './messages.ts';

/** A thread that reads a file of frames ahead of who takes them. */
export class ReadingThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly blocks: readonly SharedArrayBuffer[];
  private readonly batches: readonly FrameBatch[];
  private readonly done = new Int32Array(new SharedArrayBuffer(4));
  private taken = 0;
  /** What was taken when the thread was last woken. */
  private woken = 0;
  /** News that came while nobody waited for them, and who waits. */
  private readonly news: ReadingNews[] = [];
  private wake: (() => void) | null = null;

  /** Reads the open file `descriptor` of `lengthBytes` octets. */
  constructor(descriptor: number, lengthBytes: number) {
    this.blocks = Array.from({ length: BLOCKS }, () => new SharedArrayBuffer(BUFFER_BYTES));
    const columns = Array.from({ length: BATCHES }, () => new SharedArrayBuffer(BATCH_COLUMN_BYTES));
    this.batches = columns.map((each) => new FrameBatch(each));
    const { port1, port2 } = new MessageChannel();
    const order: ReadingOrder = {
      port: port2,
      descriptor,
      lengthBytes,
      blocks: this.blocks,
      columns,
      done: this.done.buffer,
    };
    this.worker = new Worker(script, {
      eval: true,
      workerData: order,
      transferList: [port2],
      env: {},
      execArgv: [],
      argv: [],
    });
    this.worker.unref();
    this.worker.on('error', ({ message }) => this.take({ kind: 'failed', message }));
    this.worker.on('exit', () => {
      // What it said last may come after the news of its end.
      while (this.receive());
      this.take({ kind: 'failed', message: 'The thread that reads has ended.' });
    });
    this.port = port1;
    this.port.on('message', (news: ReadingNews) => this.take(news));
    this.port.unref();
  }

  /** Whether `next` has not to wait. */
  get hasNews(): boolean {
    // What has come is there before the event loop says so.
    return this.news.length > 0 || this.receive();
  }

  /** The next news. */
  async next(): Promise<ReadingNews> {
    for (;;) {
      const news = this.hasNews ? this.news.shift() : undefined;
      if (news !== undefined) return news;
      // Nothing else is to come that would wake it: one frame may want every block there is.
      this.wakeThread();
      this.port.ref();
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.port.unref();
    }
  }

  /** Shows the frames of a batch in `batch`, until `giveBack`. */
  show({ block, start, lengthBytes, ...said }: BatchNews, batch: FrameBatch): void {
    const shown = this.batches[this.taken++ % BATCHES];
    shown.bytes = typeof block === 'number' ? new Uint8Array(this.blocks[block], start, lengthBytes) : block;
    shown.count = said.count;
    shown.fileOffset = said.fileOffset;
    shown.earliest = said.earliest;
    shown.latest = said.latest;
    shown.isUsual = said.isUsual;
    shown.isNoted = true;
    batch.show(shown);
  }

  /** Every batch that was shown may be written over. */
  giveBack(): void {
    Atomics.store(this.done, 0, this.taken);
    if (this.taken >= this.woken + WAKE_AT_FREE) this.wakeThread();
  }

  /** Ends the thread. */
  close(): void {
    this.port.close();
    void this.worker.terminate();
  }

  /** Takes what the thread said that nobody has heard yet; false where that is nothing. */
  private receive(): boolean {
    const received = receiveMessageOnPort(this.port);
    if (received === undefined) return false;
    this.news.push(received.message);
    return true;
  }

  private wakeThread(): void {
    this.woken = this.taken;
    Atomics.notify(this.done, 0);
  }

  private take(news: ReadingNews): void {
    this.news.push(news);
    this.wake?.();
    this.wake = null;
  }
}
