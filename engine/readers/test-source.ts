import type { ByteSource } from '../sources/byte-source.ts';
import { type CaptureReader, FrameBatch } from './frame-batch.ts';

/** Octets in memory as a source, for tests. `reads` counts the calls. */
export class MemorySource implements ByteSource {
  readonly name = 'memory';
  readonly lengthBytes: number;
  reads = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.lengthBytes = bytes.length;
  }

  async read(offset: number, into: Uint8Array, at: number, length: number): Promise<number> {
    this.reads++;
    const part = this.bytes.subarray(offset, offset + length);
    into.set(part, at);
    return part.length;
  }

  async close(): Promise<void> {}
}

/** One frame as the batch gave it, copied out. */
export interface TakenFrame {
  readonly fileOffset: number;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly interfaceIndex: number;
}

/** Reads to the end. Throws where a frame breaks what every reader promises. */
export async function takeFrames(reader: CaptureReader, batch = new FrameBatch()): Promise<TakenFrame[]> {
  const frames: TakenFrame[] = [];
  while (await reader.next(batch)) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.at[i];
      const end = at + batch.capturedLength[i];
      if (at < 0 || end < at || end > batch.bytes.length)
        throw new Error(`frame ${frames.length} is outside its block`);
      if (batch.wireLength[i] < batch.capturedLength[i])
        throw new Error(`frame ${frames.length} is longer than its wire`);
      if (batch.nanoseconds[i] > 999_999_999) throw new Error(`frame ${frames.length} has more than a second over`);
      if (batch.interfaceIndex[i] >= reader.interfaces.length)
        throw new Error(`frame ${frames.length} has no interface`);
      frames.push({
        fileOffset: batch.fileOffset + at,
        bytes: batch.bytes.slice(at, end),
        wireLength: batch.wireLength[i],
        seconds: batch.seconds[i],
        nanoseconds: batch.nanoseconds[i],
        interfaceIndex: batch.interfaceIndex[i],
      });
    }
  }
  return frames;
}

/** Octets from numbers (an octet each), `u16`/`u32` values and other octets, for files made by hand. */
export class Octetter {
  private readonly parts: number[] = [];
  private readonly littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  u8(...values: number[]): this {
    for (const value of values) this.parts.push(value & 0xff);
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) this.number(value, 2);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.number(value, 4);
    return this;
  }

  add(bytes: Iterable<number>): this {
    for (const value of bytes) this.parts.push(value);
    return this;
  }

  text(text: string): this {
    return this.add(new TextEncoder().encode(text));
  }

  /** Zeros up to a multiple of four. */
  pad(): this {
    while (this.parts.length % 4 !== 0) this.parts.push(0);
    return this;
  }

  get length(): number {
    return this.parts.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.parts);
  }

  private number(value: number, size: number): void {
    for (let i = 0; i < size; i++) {
      const shift = 8 * (this.littleEndian ? i : size - 1 - i);
      this.parts.push(Math.floor(value / 2 ** shift) & 0xff);
    }
  }
}

export interface PcapRecord {
  readonly seconds: number;
  readonly fraction: number;
  readonly frame: Iterable<number>;
  readonly wireLength?: number;
  readonly capturedLength?: number;
}

/** A pcap made by hand. */
export function makePcap(
  records: readonly PcapRecord[],
  options: { littleEndian?: boolean; magic?: number; snapLength?: number; linkType?: number; minor?: number } = {},
): Uint8Array {
  const { littleEndian = true, magic = 0xa1b2c3d4, snapLength = 65535, linkType = 1, minor = 4 } = options;
  const out = new Octetter(littleEndian);
  out.u32(magic).u16(2, minor).u32(0, 0, snapLength, linkType);
  for (const { seconds, fraction, frame, wireLength, capturedLength } of records) {
    const bytes = Uint8Array.from(frame);
    const captured = capturedLength ?? bytes.length;
    const wire = wireLength ?? captured;
    out.u32(seconds, fraction, ...(minor < 3 ? [wire, captured] : [captured, wire]));
    if (magic === 0xa1b2cd34) out.u32(7, 0);
    out.add(bytes);
  }
  return out.bytes();
}

/** One pcapng option; `text` or octets. */
export function makeOption(littleEndian: boolean, code: number, value: string | Iterable<number>): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : Uint8Array.from(value);
  return new Octetter(littleEndian).u16(code, bytes.length).add(bytes).pad().bytes();
}

/** A pcapng block around `body`, which is padded. */
export function makeBlock(littleEndian: boolean, type: number, body: Iterable<number>): Uint8Array {
  const padded = new Octetter(littleEndian).add(body).pad().bytes();
  const total = padded.length + 12;
  return new Octetter(littleEndian).u32(type, total).add(padded).u32(total).bytes();
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
