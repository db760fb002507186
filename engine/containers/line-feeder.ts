import type { Converter, LineConverter } from './converter.ts';
import type { PacketSink } from './packet-sink.ts';

/** The longest packet takes three characters for an octet; what stands around it is short. */
const MAX_LINE_CHARACTERS = 1 << 20;

/**
 * Splits octets into lines for a converter. Text is UTF-16 where it begins with that byte order mark (logs that a Windows
 * shell redirected), octet for character otherwise: what matters is ASCII. A line too long to hold a packet is left out.
 */
export class LineFeeder implements Converter {
  readonly format: string;
  private readonly lines: LineConverter;
  private readonly sink: PacketSink;
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private rest = '';
  private number = 0;
  /** Inside a line that is too long. */
  private isSkipping = false;

  constructor(lines: LineConverter, sink: PacketSink) {
    this.format = lines.format;
    this.lines = lines;
    this.sink = sink;
  }

  feed(chunk: Uint8Array): void {
    this.decoder ??= decoderOf(chunk);
    const text = this.rest + this.decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.take(text.slice(from, to), true);
      from = to + 1;
    }
    this.rest = text.slice(from);
    if (this.rest.length <= MAX_LINE_CHARACTERS) return;
    if (!this.isSkipping) this.sink.damage(this.number + 1, 'is too long to be a packet and was passed over');
    this.isSkipping = true;
    this.rest = '';
  }

  end(): void {
    if (this.rest !== '') this.take(this.rest, false);
    this.rest = '';
    this.lines.end();
  }

  private take(line: string, isWhole: boolean): void {
    this.number++;
    if (this.isSkipping) this.isSkipping = false;
    else this.lines.line(line.endsWith('\r') ? line.slice(0, -1) : line, this.number, isWhole);
  }
}

/** The decoder for text that begins with `start`. */
export function decoderOf(start: Uint8Array): InstanceType<typeof TextDecoder> {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le');
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('latin1');
}
