/**
 * Renders streams to interleaved 16-bit PCM, block after block in time order, in memory that does not depend on the
 * length of the call. Payloads are asked for in batches, a few seconds of all streams at a time, so the reader behind can
 * read on through a capture of any size.
 */
import { type SampleMemory, takeSampleMemory } from '../simd/sample-memory.ts';
import { emptyBatch, type PayloadBatch, type PayloadCopies, payloadOf, type PayloadReader } from './payload-batch.ts';
import { outputRate, type StreamAudio } from './stream-audio.ts';
import { type PayloadWatch, Track } from './track.ts';

export type { PayloadWatch } from './track.ts';

export interface RenderOptions {
  /** What is heard on each output channel; several streams of one channel are added, with saturation. */
  readonly channels: readonly (readonly StreamAudio[])[];
  /** Samples a second of the output; the highest of the streams' when left out. */
  readonly sampleRate?: number;
  /** The part to render, in output samples from the call's zero (see `extentOf`); `from` may lie below 0. */
  readonly fromSample: number;
  readonly toSample: number;
  /** Asked before every block; true ends the rendering. */
  readonly isCancelled?: () => boolean;
  /** Told of payloads of the part; streams and packets are numbered as in a `PayloadBatch`. */
  readonly watch?: PayloadWatch;
}

/** Takes a block of whole sample frames. The block is reused: what is kept of it must be copied before resolving. */
export type BlockSink = (block: Int16Array) => Promise<void> | void;

/** Sample frames of a block: 4 s of telephony, 0.7 s of music. */
const BLOCK_FRAMES = 32_000;
const BATCH_PACKETS = 4096;
const NOTHING = new Uint8Array(0);
/** Payloads are copied to where they are decoded up to so many octets at once: a block of a call's, and what lies between. */
const COPIED_BYTES = 128 << 10;

/** Renders `options.channels` to `sink`. Gives the sample frames rendered: all, unless cancelled. */
export async function renderAudio(options: RenderOptions, reader: PayloadReader, sink: BlockSink): Promise<number> {
  const renderer = new Renderer(options);
  try {
    const steps = renderSteps(renderer, options, reader, sink);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      if (step.value !== undefined) await step.value;
    }
    return step.value;
  } finally {
    renderer.release();
  }
}

/** `renderAudio` without a wait, for a reader and a sink that have what they need at hand, and codecs without a library. */
export function renderAudioNow(
  options: RenderOptions,
  reader: PayloadReader & { load(batch: PayloadBatch): void },
  sink: (block: Int16Array) => void,
): number {
  const renderer = new Renderer(options);
  try {
    const steps = renderSteps(renderer, options, reader, sink);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  } finally {
    renderer.release();
  }
}

/** Two channels: what the left and the right ear hear. */
export function renderStereo(
  options: Omit<RenderOptions, 'channels'> & { left: readonly StreamAudio[]; right: readonly StreamAudio[] },
  reader: PayloadReader,
  sink: BlockSink,
): Promise<number> {
  return renderAudio({ ...options, channels: [options.left, options.right] }, reader, sink);
}

/** The rendering, step by step: it pauses wherever the reader or the sink may want to be waited for. */
function* renderSteps(
  renderer: Renderer,
  options: RenderOptions,
  reader: PayloadReader,
  sink: BlockSink,
): Generator<Promise<unknown> | void, number, void> {
  const { fromSample, toSample } = options;
  yield renderer.open();
  // A second before the first block: for packets that reach into the part, and for codecs to find their feet.
  let at = fromSample - renderer.sampleRate;
  renderer.seek(at);
  for (let count = 0; at < toSample; at += count) {
    if (options.isCancelled?.() === true) return Math.max(0, at - fromSample);
    count = Math.min(BLOCK_FRAMES, (at < fromSample ? fromSample : toSample) - at);
    renderer.moveTo(at);
    if (renderer.hasRuns) yield* renderer.decodeRuns(reader, at + count, toSample);
    yield* renderer.decodeBlock(reader, at + count);
    if (at < fromSample) continue;
    const taken = sink(renderer.mix(at, count));
    if (taken !== undefined) yield taken;
  }
  return Math.max(0, toSample - fromSample);
}

class Renderer {
  readonly sampleRate: number;
  private readonly channels: readonly (readonly Track[])[];
  private readonly tracks: readonly Track[];
  /** Where the block, the tracks' samples and copies of payloads are; null where there is no such memory. */
  private readonly memory: SampleMemory | null;
  private readonly copiesAt: number;
  private readonly block: Int16Array;
  private readonly sum: Int32Array;
  private readonly batch: PayloadBatch = emptyBatch(BATCH_PACKETS);
  /** The batch has packets of one track after those of the other: those of track `i` end before entry `trackEnd[i]`. */
  private readonly trackEnd: Uint32Array;

  constructor(options: RenderOptions) {
    const sampleRate = options.sampleRate ?? outputRate(options.channels.flat());
    this.sampleRate = sampleRate;
    let stream = 0;
    this.channels = options.channels.map((streams) =>
      streams.flatMap((audio) => {
        const number = stream++;
        return audio.timeline.rates.map((rate) => new Track(number, audio, rate, sampleRate, BLOCK_FRAMES, options));
      }),
    );
    this.tracks = this.channels.flat();
    this.trackEnd = new Uint32Array(this.tracks.length);
    const blockSamples = BLOCK_FRAMES * this.channels.length;
    const pieces = [blockSamples, ...this.tracks.map(({ mostSamples }) => mostSamples)].map((count) => 2 * count);
    const memory = takeSampleMemory([COPIED_BYTES, ...pieces]);
    this.memory = memory;
    this.copiesAt = memory?.room(COPIED_BYTES) ?? 0;
    this.block = memory?.samples(blockSamples) ?? new Int16Array(blockSamples);
    for (const track of this.tracks) track.useMemory(memory);
    this.sum = new Int32Array(BLOCK_FRAMES);
  }

  /** Lets go of the memory. Nothing may be rendered after that. */
  release(): void {
    this.memory?.release();
  }

  /** Opens every decoder. */
  open(): Promise<unknown> | undefined {
    const opening = this.tracks.flatMap((track) => track.open() ?? []);
    return opening.length === 0 ? undefined : Promise.all(opening);
  }

  seek(outAt: number): void {
    for (const track of this.tracks) track.seek(outAt);
  }

  moveTo(outAt: number): void {
    for (const track of this.tracks) track.moveTo(outAt);
  }

  /** Fills the batch with the next packets for output before `outEnd`, one track after the other; false: none left. */
  private fillBatch(outEnd: number): boolean {
    const { batch, tracks, trackEnd } = this;
    batch.count = 0;
    for (let t = 0; t < tracks.length; t++) {
      tracks[t].take(outEnd, batch);
      trackEnd[t] = batch.count;
    }
    return batch.count > 0;
  }

  /** Whether any codec decodes in runs. */
  get hasRuns(): boolean {
    return this.tracks.some((track) => track.hasRuns);
  }

  /** Where codecs decode in runs: has what is wanted up to `outEnd` decoded, and what follows along with it up to `outLast`. */
  *decodeRuns(reader: PayloadReader, outEnd: number, outLast: number): Generator<Promise<unknown> | void, void, void> {
    const { batch } = this;
    for (const track of this.tracks) {
      for (let rows = track.rowsOfRun(outEnd, outLast); rows.length > 0; rows = track.rowsOfRun(outEnd, outLast)) {
        batch.count = Math.min(rows.length, BATCH_PACKETS);
        batch.stream.fill(track.stream, 0, batch.count);
        for (let i = 0; i < batch.count; i++) batch.packet[i] = track.packetOf(rows[i]);
        yield reader.load(batch);
        const payloads = Array.from(rows, (_, i) => (i < batch.count ? payloadOf(batch, i)?.slice() : null) ?? NOTHING);
        yield track.decodeRun(payloads);
      }
    }
  }

  /** Decodes the packets of the block up to `outEnd`. */
  *decodeBlock(reader: PayloadReader, outEnd: number): Generator<Promise<unknown> | void, void, void> {
    while (this.fillBatch(outEnd)) {
      const loaded = reader.load(this.batch);
      if (loaded !== undefined) yield loaded;
      this.decodeBatch();
      if (this.batch.count < BATCH_PACKETS) return;
    }
  }

  /** Decodes the batch, which the reader has loaded. */
  private decodeBatch(): void {
    const { batch, tracks, trackEnd } = this;
    const copies = this.copyPayloads();
    for (let t = 0, from = 0; t < tracks.length; t++) {
      tracks[t].decode(batch, from, trackEnd[t], copies);
      from = trackEnd[t];
    }
  }

  /** Copies the batch's payloads into the memory, with what lies between them: one copy of all takes no longer than a copy of one. */
  private copyPayloads(): PayloadCopies | null {
    const { memory, copiesAt } = this;
    const { together } = this.batch;
    if (memory === null || together === null || together.to - together.from > COPIED_BYTES) return null;
    memory.bytes.set(together.bytes.subarray(together.from, together.to), copiesAt);
    return { bytes: memory.bytes, shift: copiesAt - together.from };
  }

  /** The block of `count` sample frames at `outAt`, all channels. */
  mix(outAt: number, count: number): Int16Array {
    const stride = this.channels.length;
    if (!this.mixPlain(outAt, count)) {
      for (let channel = 0; channel < stride; channel++) this.mixChannel(channel, stride, outAt, count);
    }
    return count === BLOCK_FRAMES ? this.block : this.block.subarray(0, count * stride);
  }

  /**
   * The case that calls and streams are: one channel or two, each with one stream at the output rate or with nothing. Done here
   * in a fraction of the time that adding and saturating take. False where the case is another.
   */
  private mixPlain(outAt: number, count: number): boolean {
    const { channels, memory, block } = this;
    if (channels.length > 2 || memory === null) return false;
    const left = onlyTrack(channels[0] ?? []);
    const right = onlyTrack(channels[1] ?? []);
    if (left === null) return false;
    if (channels.length === 1) block.set(left.buffer.subarray(left.indexOf(outAt), left.indexOf(outAt) + count));
    else if (right === null) return false;
    else memory.interleave(addressIn(left, outAt), addressIn(right, outAt), block.byteOffset, count);
    return true;
  }

  private mixChannel(channel: number, stride: number, outAt: number, count: number): void {
    const { block, sum } = this;
    sum.fill(0, 0, count);
    for (const track of this.channels[channel]) if (!track.isSilent) track.addTo(sum, outAt, count);
    for (let i = 0, to = channel; i < count; i++, to += stride) {
      block[to] = Math.max(-32768, Math.min(32767, sum[i]));
    }
  }
}

/** The one track that is heard in the block, if it is at the output rate; any such, when none is heard; else null. */
function onlyTrack(tracks: readonly Track[]): Track | null {
  let only: Track | null = null;
  for (const track of tracks) {
    if (only !== null && track.isSilent) continue;
    if (only !== null && !only.isSilent) return null;
    only = track;
  }
  return only?.isAtOutputRate === true ? only : null;
}

/** Of a track at the output rate: where its sample at output position `outAt` is in the memory. */
function addressIn(track: Track, outAt: number): number {
  return track.buffer.byteOffset + 2 * track.indexOf(outAt);
}
