// gzip: RFC 1952.
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ReaderIssue } from '../readers/frame-batch.ts';
import type { ByteSource } from './byte-source.ts';
import type { Spool } from './spool.ts';
import { type Producer, SpooledSource } from './spooled-source.ts';

/** Small, because one piece may inflate a thousandfold and is held whole. */
const PIECE_BYTES = 32 * 1024;
const OUTPUT_BYTES = 256 * 1024;

/** Whether the first octets are those of a gzip member. */
export function isGzipStart(start: Uint8Array): boolean {
  return start.length >= 3 && start[0] === 0x1f && start[1] === 0x8b && start[2] === 8;
}

/** One run through a gzip: compressed pieces in, inflated chunks out. */
class Inflation {
  /** Octets of the compressed source taken in whole pieces, all of them inflated. */
  taken = 0;
  /** Nothing follows the last member but padding. */
  ended = false;
  private readonly gunzip: Gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  private chunks: Uint8Array[] = [];
  private failure: Error | undefined;

  constructor() {
    this.gunzip.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
    this.gunzip.on('end', () => (this.ended = true));
    this.gunzip.on('error', (error) => (this.failure = error));
  }

  /** Inflates one piece, or with none the end; rejects at damage (Z_DATA_ERROR) or an early end (Z_BUF_ERROR). */
  async feed(piece: Uint8Array | undefined): Promise<Uint8Array[]> {
    await (piece ? this.write(piece) : this.finish());
    if (this.failure) throw this.failure;
    this.taken += piece?.length ?? 0;
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }

  stop(): void {
    this.gunzip.destroy();
  }

  /** Settles once the piece is inflated; at damage the callback never comes and the stream closes instead. */
  private write(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.gunzip.once('close', resolve);
      this.gunzip.write(piece, (error) => {
        this.failure ??= error ?? undefined;
        this.gunzip.off('close', resolve);
        resolve();
      });
    });
  }

  /** The callback of `end` comes before an early end is noticed, so this waits for the stream to close. */
  private finish(): Promise<void> {
    return new Promise((resolve) => {
      if (this.gunzip.closed) return resolve();
      this.gunzip.once('close', resolve);
      this.gunzip.end();
    });
  }
}

/** Inflates members one after the other. What stands before damage or an early end is given; an issue says the rest. */
class GzipProducer implements Producer {
  readonly issues: ReaderIssue[] = [];
  private readonly inner: ByteSource;
  private inflation = new Inflation();
  private readonly ready: Uint8Array[] = [];
  private given = 0;
  private done = false;

  constructor(inner: ByteSource) {
    this.inner = inner;
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.ready.length === 0 && !this.done) await this.advance();
    const chunk = this.ready.shift();
    this.given += chunk?.length ?? 0;
    return chunk;
  }

  async stop(): Promise<void> {
    this.done = true;
    this.inflation.stop();
    await this.inner.close();
  }

  private async advance(): Promise<void> {
    const piece = await this.piece(this.inflation.taken, PIECE_BYTES);
    try {
      this.ready.push(...(await this.inflation.feed(piece)));
      if (piece === undefined || this.inflation.ended) this.done = true;
    } catch (error) {
      // Closed meanwhile: nobody reads on.
      if (this.done) return;
      this.done = true;
      if (isEarlyEnd(error)) this.report('gzip-cut', 'The gzip file was cut off.');
      else await this.recover();
    }
  }

  /**
   * Gives what the failed piece held before the damage. zlib drops the output of the call that fails, so the file is
   * inflated once more, the failed piece octet by octet.
   */
  private async recover(): Promise<void> {
    const failedAt = this.inflation.taken;
    const again = new Inflation();
    this.inflation.stop();
    this.inflation = again;
    let skip = this.given;
    try {
      for (;;) {
        const piece = await this.piece(again.taken, again.taken < failedAt ? PIECE_BYTES : 1);
        for (const chunk of await again.feed(piece)) {
          const rest = chunk.subarray(Math.min(skip, chunk.length));
          skip -= chunk.length - rest.length;
          if (rest.length > 0) this.ready.push(rest);
        }
        if (piece === undefined) break;
      }
    } catch {
      // Where it failed before.
    }
    again.stop();
    const message = `The gzip file is damaged near octet ${again.taken}; what stood before is shown.`;
    this.report('gzip-damaged', message);
  }

  private report(code: string, message: string): void {
    const fileOffset = this.given + this.ready.reduce((sum, chunk) => sum + chunk.length, 0);
    this.issues.push({ code, message, fileOffset });
  }

  private async piece(offset: number, lengthBytes: number): Promise<Uint8Array | undefined> {
    const piece = new Uint8Array(lengthBytes);
    const got = await this.inner.read(offset, piece, 0, lengthBytes);
    return got === 0 ? undefined : piece.subarray(0, got);
  }
}

function isEarlyEnd(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

/** The inflated octets of `inner`, which belongs to the source from then on. `spool` is for tests. */
export function openGzipSource(inner: ByteSource, spool?: Spool): ByteSource {
  return new SpooledSource(inner.name, new GzipProducer(inner), spool);
}
