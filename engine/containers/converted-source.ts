import type { ReaderIssue } from '../readers/frame-batch.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { type Producer, SpooledSource } from '../sources/spooled-source.ts';
import type { Converter } from './converter.ts';
import { PacketSink } from './packet-sink.ts';
import { converterFor, FIRST_LOOK_BYTES, mayBeContainer, SNIFF_BYTES } from './sniff.ts';

/** Converted in one go, between two turns of the event loop. */
const PIECE_BYTES = 256 * 1024;

/** Reads a file front to back and gives the pcap that a converter makes of it. */
class ConvertingProducer implements Producer {
  readonly issues: readonly ReaderIssue[];
  readonly container: { readonly format: string; lengthBytes: number };
  private readonly inner: ByteSource;
  private readonly converter: Converter;
  private readonly sink: PacketSink;
  private offset = 0;
  private ended = false;

  constructor(inner: ByteSource, converter: Converter, sink: PacketSink) {
    this.inner = inner;
    this.converter = converter;
    this.sink = sink;
    this.issues = sink.issues;
    this.container = { format: converter.format, lengthBytes: inner.lengthBytes };
  }

  async next(): Promise<Uint8Array | undefined> {
    const piece = new Uint8Array(PIECE_BYTES);
    while (!this.ended) {
      const got = await this.inner.read(this.offset, piece, 0, PIECE_BYTES);
      this.offset += got;
      if (got > 0) this.converter.feed(piece.subarray(0, got));
      else this.finish();
      const made = this.sink.take();
      if (made !== undefined) return made;
    }
    return undefined;
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.inner.close();
  }

  private finish(): void {
    this.ended = true;
    this.container.lengthBytes = this.offset;
    this.converter.end();
    this.sink.end();
  }
}

/**
 * The source itself, or where it is no capture but something that holds packets (a browser's log, a hex dump, an
 * rtpdump), the pcap made of it, converted as far as it is read. `source` belongs to the result. Reading it rejects with
 * UnreadableCaptureError where a browser's log turns out to hold no packet.
 */
export async function converted(source: ByteSource): Promise<ByteSource> {
  const first = new Uint8Array(FIRST_LOOK_BYTES);
  const start = first.subarray(0, await source.read(0, first, 0, first.length));
  if (!mayBeContainer(start)) return source;
  const more = new Uint8Array(SNIFF_BYTES);
  const got = await source.read(0, more, 0, more.length);
  const sink = new PacketSink();
  const converter = converterFor(more.subarray(0, got), sink);
  return converter === undefined
    ? source
    : new SpooledSource(source.name, new ConvertingProducer(source, converter, sink));
}
