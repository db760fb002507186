import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DecodedFile, DecodeFile, FrameFile } from '../../media/codecs/frame-files.ts';
import { setFileDecoder } from '../../media/codecs/frame-files.ts';
import { NothingToExportError } from '../export/nothing-to-export-error.ts';
import type { DecodeAnswer, DecodeRequest } from './messages.ts';

/** A file that takes longer is given up, and the thread with it: a minute of speech takes a quarter of a second. */
const LONGEST_MS = 30_000;
/** The thread is ended when nobody has wanted it for so long: it holds some 100 MB. */
const IDLE_MS = 15_000;

interface Limits {
  readonly longestMs: number;
  readonly idleMs: number;
}

interface Waiting {
  readonly request: DecodeRequest;
  readonly resolve: (decoded: DecodedFile) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that decodes files of frames, begun when there is a file and ended when there has been none for a while. */
export class DecodeThread {
  private readonly path: string;
  private readonly limits: Limits;
  private worker: Worker | null = null;
  private readonly queue: Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;
  private lastId = 0;

  constructor(path: string, limits: Limits = { longestMs: LONGEST_MS, idleMs: IDLE_MS }) {
    this.path = path;
    this.limits = limits;
  }

  readonly decode: DecodeFile = (file: FrameFile) =>
    new Promise((resolve, reject) => {
      this.queue.push({ request: { id: ++this.lastId, file }, resolve, reject });
      if (this.queue.length === 1) this.next();
    });

  /** Sends the first of the queue. */
  private next(): void {
    const [waiting] = this.queue;
    if (waiting === undefined) {
      this.worker?.unref();
      this.wait(this.limits.idleMs, () => this.end());
      this.timer?.unref();
      return;
    }
    const worker = (this.worker ??= this.begin());
    worker.ref();
    this.wait(this.limits.longestMs, () => this.fail(new Error('decoding took too long')));
    worker.postMessage(waiting.request);
  }

  private begin(): Worker {
    const worker = new Worker(this.path, { stdout: true, stderr: true });
    worker.on('message', (answer: DecodeAnswer) => this.take(answer));
    const onEnd = (error: Error): void => {
      if (worker === this.worker) this.fail(error);
    };
    worker.on('error', onEnd);
    worker.on('exit', () => onEnd(new Error('the decoder ended')));
    return worker;
  }

  private take(answer: DecodeAnswer): void {
    const [waiting] = this.queue;
    if (waiting?.request.id !== answer.id) return;
    if (!('decoded' in answer)) {
      this.fail(new Error(answer.error));
      return;
    }
    this.queue.shift();
    waiting.resolve(answer.decoded);
    this.next();
  }

  /** The first of the queue broke the decoder; what follows gets a new one. */
  private fail(error: Error): void {
    this.end();
    this.queue.shift()?.reject(error);
    this.next();
  }

  private end(): void {
    const { worker } = this;
    this.worker = null;
    this.wait(0, null);
    void worker?.terminate();
  }

  private wait(ms: number, act: (() => void) | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = act === null ? null : setTimeout(act, ms);
  }
}

const MISSING =
  'The decoders that belong to Earshot (its folder dist/codecs) are missing, so this stream cannot be heard.';

let thread: DecodeThread | null = null;

/** Has files of frames decoded in a thread beside this one. Starts nothing before there is something to decode. */
export function provideDecodeThread(): void {
  setFileDecoder({
    // oxlint-disable-next-line typescript/require-await
    start: async () => {
      const path = workerPath();
      if (path === null) throw new NothingToExportError(MISSING);
      thread ??= new DecodeThread(path);
    },
    decode: (file) => thread?.decode(file) ?? Promise.reject(new Error('the decoders were not started')),
  });
}

/** The thread's file: beside the folder of the program that was built, or in what was built of these sources. */
function workerPath(): string | null {
  // CommonJS has no `import.meta`, modules no `__dirname`.
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  // A thread is not begun from within an archive: these files lie beside it.
  const outside = here.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`);
  const candidates = [outside, here].flatMap((folder) => [
    join(folder, '../codecs/decode-worker.cjs'),
    join(folder, '../../dist/codecs/decode-worker.cjs'),
  ]);
  return candidates.find((path) => existsSync(path)) ?? null;
}
