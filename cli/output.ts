import type { Writable } from 'node:stream';
import { codeOf, Exit, Failure, OutputClosed, reasonOf } from './failure.ts';

const BUFFER_CHARACTERS = 64 * 1024;

/** Text on its way out, in pieces of some 64 KB. Writing rejects with `OutputClosed` once the reader has gone. */
export class Output {
  private readonly stream: Writable;
  private pieces: string[] = [];
  private buffered = 0;
  private failure: unknown = null;

  constructor(stream: Writable) {
    this.stream = stream;
    // Without a listener the error that every later write repeats would end the process.
    stream.on('error', (error) => (this.failure ??= error));
  }

  /** Takes text; where it gives a promise, that has to be awaited before the next. */
  write(text: string): Promise<void> | null {
    this.pieces.push(text);
    this.buffered += text.length;
    return this.buffered < BUFFER_CHARACTERS ? null : this.flush();
  }

  /** Hands everything taken so far to the system. */
  async flush(): Promise<void> {
    const text = this.pieces.join('');
    this.pieces = [];
    this.buffered = 0;
    if (this.failure === null && text !== '') {
      await new Promise<void>((resolve) => {
        this.stream.write(text, (error) => {
          if (error) this.failure ??= error;
          resolve();
        });
      });
    }
    if (this.failure === null) return;
    const code = codeOf(this.failure);
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') throw new OutputClosed();
    throw new Failure(Exit.Unreadable, `cannot write the output: ${reasonOf(this.failure)}.`);
  }
}
