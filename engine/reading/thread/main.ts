/** What runs in the reading thread: it reads a capture from the front, and hands batches over as they are asked for. */
import { readSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { openReader } from '../../readers/detect.ts';
import { type CaptureExtras, type CaptureReader, FrameBatch } from '../../readers/frame-batch.ts';
import type { ByteSource } from '../../sources/byte-source.ts';
import { DatagramsAhead } from '../datagrams-ahead.ts';
import type { ReaderFindings, ReadingNews, ReadingOrder } from '../messages.ts';
import { BlockRing } from './block-ring.ts';

const order = workerData as ReadingOrder;
const { port, descriptor, lengthBytes } = order;
const done = new Int32Array(order.done);

function tell(news: ReadingNews): void {
  port.postMessage(news);
}

/** Here nothing else waits for the thread, so it may wait for the disk. */
const source: ByteSource = {
  name: '',
  lengthBytes,
  read: (offset, into, at, length) => {
    let got = 0;
    while (got < length) {
      const more = readSync(descriptor, into, at + got, length - got, offset + got);
      if (more === 0) break;
      got += more;
    }
    return Promise.resolve(got);
  },
  close: () => Promise.resolve(),
};

/** Hands over every frame. */
async function handOver(): Promise<void> {
  const blocks = new BlockRing(order.blocks, waitUntil);
  const reader = await openReader(source, { buffers: blocks });
  const findings = new Findings(reader);
  const ahead = new DatagramsAhead();
  const batches = order.columns.map((columns) => new FrameBatch(columns));
  let handed = 0;
  for (;;) {
    waitUntil(handed - batches.length + 1);
    const batch = batches[handed % batches.length];
    if (!(await reader.next(batch))) break;
    batch.note();
    ahead.look(batch, reader.interfaces);
    handed++;
    const { bytes, count, fileOffset, earliest, latest, isUsual } = batch;
    const block = blocks.use(bytes, handed);
    tell({
      kind: 'batch',
      count,
      fileOffset,
      // A record larger than a block: it is copied on the way.
      block: block < 0 ? bytes : block,
      start: bytes.byteOffset,
      lengthBytes: bytes.length,
      earliest,
      latest,
      isUsual,
      found: findings.news(),
    });
  }
  tell({ kind: 'end', found: findings.news() });
  port.close();
}

/** Waits until the other side is done with so many batches. */
function waitUntil(batches: number): void {
  for (;;) {
    const now = Atomics.load(done, 0);
    if (now >= batches) return;
    Atomics.wait(done, 0, now);
  }
}

/** What the reader came upon, told piece by piece. */
class Findings {
  private readonly reader: CaptureReader;
  private interfaces = 0;
  private issues = 0;
  private comments = 0;
  private names = 0;
  private secrets = 0;

  constructor(reader: CaptureReader) {
    this.reader = reader;
  }

  /** What is new since the last call. */
  news(): ReaderFindings {
    const { interfaces, issues, extras } = this.reader;
    const fresh: CaptureExtras = {
      comments: extras.comments.slice(this.comments),
      names: extras.names.slice(this.names),
      secrets: extras.secrets.slice(this.secrets),
      droppedFrames: extras.droppedFrames,
    };
    const found = { interfaces: interfaces.slice(this.interfaces), issues: issues.slice(this.issues), extras: fresh };
    this.interfaces = interfaces.length;
    this.issues = issues.length;
    this.comments = extras.comments.length;
    this.names = extras.names.length;
    this.secrets = extras.secrets.length;
    return found;
  }
}

handOver().catch(({ message, code }: NodeJS.ErrnoException) =>
  tell({ kind: 'failed', message, ...(code !== undefined && { code }) }),
);
