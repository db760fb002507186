import { Writable } from 'node:stream';

/** A stream that keeps what is written to it, for tests. */
export class Kept extends Writable {
  readonly chunks: string[] = [];

  get text(): string {
    return this.chunks.join('');
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString('utf8'));
    done();
  }
}
