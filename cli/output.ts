import type { Writable } from 'node:stream';
import { codeOf, Exit, Failure, OutputClosed, reasonOf } from './failure.ts';

const BUFFER_BYTES = 64 * 1024;
/** Octets of UTF-8 that one UTF-16 unit takes at most. */
const MAX_BYTES_PER_UNIT = 3;

/** Text on its way out, in pieces of some 64 KB. Writing rejects with `OutputClosed` once the reader has gone. */
export class Output {
  private readonly stream: Writable;
  // Encoded at once: lines are put together from many cells, and would pile up as trees of strings.
  private buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  private used = 0;
  private failure: unknown = null;

  constructor(stream: Writable) {
    this.stream = stream;
    // Without a listener the error that every later write repeats would end the process.
    stream.on('error', (error) => (this.failure ??= error));
  }

  /** Takes text; where it gives a promise, that has to be awaited before the next. */
  write(text: string): Promise<void> | null {
    if (this.used + text.length * MAX_BYTES_PER_UNIT > BUFFER_BYTES) return this.writeThrough(text);
    this.used += this.buffer.write(text, this.used);
    return null;
  }

  /** Hands everything taken so far to the system. */
  async flush(): Promise<void> {
    const bytes = this.buffer.subarray(0, this.used);
    if (this.used > 0) this.buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.used = 0;
    await this.send(bytes);
  }

  private async writeThrough(text: string): Promise<void> {
    await this.flush();
    if (text.length * MAX_BYTES_PER_UNIT > BUFFER_BYTES) await this.send(Buffer.from(text));
    else this.used = this.buffer.write(text);
  }

  private async send(bytes: Uint8Array): Promise<void> {
    if (this.failure === null && bytes.length > 0) {
      await new Promise<void>((resolve) => {
        this.stream.write(bytes, (error) => {
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
