import type { ReaderIssue } from '../readers/frame-batch.ts';
import type { ByteSource, SourceContainer } from './byte-source.ts';
import { Spool } from './spool.ts';

/** Where spooled octets come from. */
export interface Producer {
  /** The next octets, in order; undefined at the end. One call at a time. */
  next(): Promise<Uint8Array | undefined>;
  /** Lets go of what the octets come from; a `next` under way may reject. */
  stop(): Promise<void>;
  readonly issues?: readonly ReaderIssue[];
  /** What the octets are made of, where they are made. */
  readonly container?: SourceContainer;
}

/** A source whose octets arrive in order, pulled as far as they are asked for and kept for reading again. */
export class SpooledSource implements ByteSource {
  readonly name: string;
  private readonly producer: Producer;
  private readonly spool: Spool;
  private pulling: Promise<void> | undefined;
  private ended = false;
  private closed = false;

  constructor(name: string, producer: Producer, spool = new Spool()) {
    this.name = name;
    this.producer = producer;
    this.spool = spool;
  }

  get lengthBytes(): number {
    return this.ended ? this.spool.lengthBytes : -1;
  }

  get issues(): readonly ReaderIssue[] {
    return this.producer.issues ?? [];
  }

  get container(): SourceContainer | undefined {
    return this.producer.container;
  }

  async read(offset: number, into: Uint8Array, at: number, length: number): Promise<number> {
    while (!this.closed && !this.ended && this.spool.lengthBytes < offset + length) {
      // Reads may overlap (a detail is asked for while the pass runs): all wait for one and the same pull.
      this.pulling ??= this.pull().finally(() => {
        this.pulling = undefined;
      });
      await this.pulling;
    }
    if (this.closed) throw new Error('The capture was closed.');
    return this.spool.read(offset, into, at, length);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.producer.stop();
    await this.spool.close();
  }

  private async pull(): Promise<void> {
    const chunk = await this.producer.next();
    if (chunk === undefined) this.ended = true;
    else if (!this.closed) await this.spool.append(chunk);
  }
}
