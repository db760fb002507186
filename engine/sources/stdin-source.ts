import type { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.ts';
import { type Producer, SpooledSource } from './spooled-source.ts';

/** Chunks of a stream, one at a time. */
class StreamProducer implements Producer {
  private readonly stream: Readable;
  private readonly chunks: AsyncIterator<unknown>;

  constructor(stream: Readable) {
    this.stream = stream;
    this.chunks = stream[Symbol.asyncIterator]();
  }

  async next(): Promise<Uint8Array | undefined> {
    const { value, done } = await this.chunks.next();
    if (done) return undefined;
    return value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
  }

  async stop(): Promise<void> {
    this.stream.destroy();
  }
}

/** A source over any stream of octets: standard input, a pipe, a socket. Closing it destroys the stream. */
export function openStreamSource(stream: Readable, name = 'standard input'): ByteSource {
  return new SpooledSource(name, new StreamProducer(stream));
}
