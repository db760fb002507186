import { Writable } from 'node:stream';

/** What was written to a stream, for tests. */
export interface Kept {
  readonly stream: Writable;
  readonly chunks: readonly string[];
}

/** A stream that keeps what is written to it; `onChunk` hears of each piece. */
export function keep(onChunk: () => void = () => {}): Kept {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString('utf8'));
      onChunk();
      done();
    },
  });
  return { stream, chunks };
}
