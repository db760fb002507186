/** RED around a codec that is decoded in runs: blocks of lost packets take their places among the newest, and the run is decoded whole. */
import type { AudioDecoder, Codec, DecodedRun, PayloadRun } from './codec.ts';
import {
  findPrimary,
  HEADER_OCTETS,
  isHeader,
  octetsOf,
  offsetOf,
  type Primary,
  type RedOptions,
} from './red-payload.ts';

/** A block to decode. */
interface Block {
  readonly payloadType: number;
  readonly octets: Uint8Array;
  /** Where its first sample belongs, as in a run. */
  readonly at: number;
  /** The payload of the run after whose beginning it is heard: its own where it is the newest block, else the one before the gap. */
  readonly payload: number;
}

const SILENCE = new Int16Array(0);

export class RedRunDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  private readonly codecs: ReadonlyMap<number, Codec>;
  private readonly decoders: ReadonlyMap<number, AudioDecoder>;
  private readonly samplesPerUnit: number;

  constructor(codecs: ReadonlyMap<number, Codec>, decoders: ReadonlyMap<number, AudioDecoder>, options: RedOptions) {
    this.codecs = codecs;
    this.decoders = decoders;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.samplesIn = options.samplesIn;
    this.samplesPerUnit = options.samplesPerUnit;
  }

  decode(): number {
    return 0;
  }

  reset(): void {}

  readonly decodeRun = async (run: PayloadRun): Promise<DecodedRun> => {
    const blocks = this.blocksOf(run);
    const heard: Int16Array[] = Array.from(blocks, () => SILENCE);
    for (const [payloadType, decoder] of this.decoders) {
      const own = [...blocks.keys()].filter((i) => blocks[i].payloadType === payloadType);
      const decoded = await decoder.decodeRun?.({
        payloads: own.map((i) => blocks[i].octets),
        at: Float64Array.from(own, (i) => blocks[i].at),
        room: Uint32Array.from(own, (i) => roomOf(run, blocks, i)),
      });
      if (decoded === undefined) continue;
      for (const [place, i] of own.entries()) {
        heard[i] = decoded.samples.subarray(decoded.starts[place], decoded.starts[place + 1]);
      }
    }
    return placed(run, blocks, heard);
  };

  /** The newest block of every payload, and before it what it repeats of a gap. */
  private blocksOf(run: PayloadRun): Block[] {
    const blocks: Block[] = [];
    const primary: Primary = { payloadType: -1, at: 0 };
    let end = Infinity;
    for (const [payload, octets] of run.payloads.entries()) {
      if (!findPrimary(octets, 0, octets.length, primary)) continue;
      end = this.addOlder(blocks, run, payload, end);
      const { payloadType } = primary;
      const newest = octets.subarray(primary.at);
      blocks.push({ payloadType, octets: newest, at: run.at[payload], payload });
      end = run.at[payload] + this.samplesOf(payloadType, newest);
    }
    return blocks;
  }

  /** Adds what payload `payload` repeats of the time from `end` on; gives the end of what there is then. */
  private addOlder(blocks: Block[], run: PayloadRun, payload: number, end: number): number {
    const octets = run.payloads[payload];
    const before = payload - 1;
    let header = 0;
    while (isHeader(octets, header)) header += HEADER_OCTETS;
    let from = header + 1;
    let reached = end;
    for (header = 0; isHeader(octets, header); header += HEADER_OCTETS) {
      const payloadType = octets[header] & 0x7f;
      const older = octets.subarray(from, from + octetsOf(octets, header));
      from += older.length;
      const at = run.at[payload] - Math.round(offsetOf(octets, header) * this.samplesPerUnit);
      const samples = this.samplesOf(payloadType, older);
      if (samples === 0 || at < reached || at + samples > run.at[payload]) continue;
      // Between the two may lie packets of another codec, which have their own.
      if (at + samples > run.at[before] + run.room[before]) continue;
      blocks.push({ payloadType, octets: older, at, payload: before });
      reached = at + samples;
    }
    return reached;
  }

  private samplesOf(payloadType: number, octets: Uint8Array): number {
    const codec = this.codecs.get(payloadType);
    return codec?.samplesOf?.(octets, 0, octets.length) ?? codec?.samplesIn(octets.length) ?? 0;
  }
}

/** Sample frames from block `i` to the next, or that its payload may fill. */
function roomOf(run: PayloadRun, blocks: readonly Block[], i: number): number {
  const { at, payload } = blocks[i];
  const end = run.at[payload] + run.room[payload];
  const next = i + 1 < blocks.length ? blocks[i + 1].at : Infinity;
  return Math.max(0, Math.min(end, next) - at);
}

/** Every payload's samples, with those of the blocks after it in their places. */
function placed(run: PayloadRun, blocks: readonly Block[], heard: readonly Int16Array[]): DecodedRun {
  const starts = new Uint32Array(run.payloads.length + 1);
  const lengths = new Uint32Array(run.payloads.length);
  for (const [i, { at, payload }] of blocks.entries()) {
    if (heard[i].length > 0)
      lengths[payload] = Math.max(lengths[payload], at - run.at[payload] + lengthOf(run, blocks, heard, i));
  }
  for (const [payload, length] of lengths.entries()) starts[payload + 1] = starts[payload] + length;
  const samples = new Int16Array(starts[run.payloads.length]);
  for (const [i, { at, payload }] of blocks.entries()) {
    samples.set(heard[i].subarray(0, lengthOf(run, blocks, heard, i)), starts[payload] + at - run.at[payload]);
  }
  return { samples, starts };
}

/** What is heard of block `i`: a payload's only block is cut by who plays it, others by the next. */
function lengthOf(run: PayloadRun, blocks: readonly Block[], heard: readonly Int16Array[], i: number): number {
  const isOnly = blocks[i - 1]?.payload !== blocks[i].payload && blocks[i + 1]?.payload !== blocks[i].payload;
  return isOnly ? heard[i].length : Math.min(heard[i].length, roomOf(run, blocks, i));
}
