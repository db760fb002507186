/**
 * Renders streams to interleaved 16-bit PCM, block after block in time order, in memory that does not depend on the
 * length of the call. Payloads are asked for in batches, a second of all streams at a time and near the order of the
 * file, so the reader behind can read on through a capture of any size.
 */
import { type SampleMemory, takeSampleMemory } from '../simd/sample-memory.ts';
import { outputRate, type StreamAudio } from './stream-audio.ts';
import { type PayloadView, type PayloadWatch, Track } from './track.ts';

export type { PayloadView, PayloadWatch } from './track.ts';

/** Packets about to be read: packet `packet[i]` of stream `stream[i]`, for i below `count`. Reused by the renderer. */
export interface PayloadBatch {
  count: number;
  /** The stream's number: channel 0's streams in their order, then channel 1's, … */
  readonly stream: Uint32Array;
  readonly packet: Uint32Array;
}

/** How the renderer gets at payloads. */
export interface PayloadReader {
  /** Makes the payloads of the batch readable, all of them until the next `load`. */
  load(batch: PayloadBatch): Promise<void> | void;
  /** Points `into` at a payload of the batch; false when it is not to be had (it stays silent). */
  read(stream: number, packet: number, into: PayloadView): boolean;
}

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

const BATCH_PACKETS = 4096;
const NOTHING = new Uint8Array(0);
/** Payloads are copied to where they are decoded up to so many octets at once: a second of a call's. Longer ones are decoded where they are. */
const COPIED_BYTES = 32 << 10;
/** Payloads with more octets between them are copied one by one. */
const MOST_BETWEEN_BYTES = 1 << 10;

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
  const { blockFrames } = renderer;
  yield renderer.open();
  // One block before the first: for packets that reach into the part, and for codecs to find their feet.
  renderer.seek(fromSample - blockFrames);
  for (let at = fromSample - blockFrames; at < toSample; at += blockFrames) {
    if (options.isCancelled?.() === true) return Math.max(0, at - fromSample);
    const count = Math.min(blockFrames, toSample - at);
    renderer.moveTo(at);
    yield* renderer.decodeRuns(reader, at + count, toSample);
    while (renderer.fillBatch(at + count)) {
      yield reader.load(renderer.batch);
      renderer.decodeBatch(reader);
    }
    if (at >= fromSample) yield sink(renderer.mix(at, count));
  }
  return Math.max(0, toSample - fromSample);
}

class Renderer {
  readonly blockFrames: number;
  private readonly options: RenderOptions;
  private readonly channels: readonly (readonly Track[])[];
  private readonly tracks: readonly Track[];
  /** Where the block, the tracks' samples and copies of payloads are; null where there is no such memory. */
  private readonly memory: SampleMemory | null;
  private readonly copiesAt: number;
  private readonly block: Int16Array;
  private readonly sum: Int32Array;
  readonly batch: PayloadBatch;
  private readonly batchTrack = new Uint32Array(BATCH_PACKETS);
  private readonly batchRow = new Uint32Array(BATCH_PACKETS);
  /** By track, while the batch is filled. */
  private readonly nextArrival: Float64Array;
  // Where the payloads of the batch are.
  private readonly payloadBytes: Uint8Array[] = Array.from({ length: BATCH_PACKETS }, () => NOTHING);
  private readonly payloadAt = new Uint32Array(BATCH_PACKETS);
  /** -1 where it is not to be had. */
  private readonly payloadLength = new Int32Array(BATCH_PACKETS);
  private readonly view: PayloadView = { bytes: new Uint8Array(0), at: 0, length: 0 };

  constructor(options: RenderOptions) {
    const sampleRate = options.sampleRate ?? outputRate(options.channels.flat());
    this.options = options;
    this.blockFrames = sampleRate;
    let stream = 0;
    this.channels = options.channels.map((streams) =>
      streams.flatMap((audio) => {
        const number = stream++;
        return audio.timeline.rates.map((rate) => new Track(number, audio, rate, sampleRate, this.blockFrames));
      }),
    );
    this.tracks = this.channels.flat();
    this.nextArrival = new Float64Array(this.tracks.length);
    const blockSamples = this.blockFrames * this.channels.length;
    const pieces = [blockSamples, ...this.tracks.map(({ mostSamples }) => mostSamples)].map((count) => 2 * count);
    const memory = takeSampleMemory([COPIED_BYTES, ...pieces]);
    this.memory = memory;
    this.copiesAt = memory?.room(COPIED_BYTES) ?? 0;
    this.block = memory?.samples(blockSamples) ?? new Int16Array(blockSamples);
    for (const track of this.tracks) track.useMemory(memory);
    this.sum = new Int32Array(this.blockFrames);
    this.batch = { count: 0, stream: new Uint32Array(BATCH_PACKETS), packet: new Uint32Array(BATCH_PACKETS) };
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

  /** Fills the batch with the next packets for output before `outEnd`, those captured first first; false: none left. */
  fillBatch(outEnd: number): boolean {
    const { batch, batchTrack, batchRow, tracks, nextArrival } = this;
    for (let t = 0; t < tracks.length; t++) nextArrival[t] = tracks[t].nextArrival(outEnd);
    let count = 0;
    for (; count < BATCH_PACKETS; count++) {
      let earliest = -1;
      let earliestArrival = Infinity;
      for (let t = 0; t < tracks.length; t++) {
        if (nextArrival[t] >= earliestArrival) continue;
        earliest = t;
        earliestArrival = nextArrival[t];
      }
      if (earliest < 0) break;
      const track = tracks[earliest];
      const row = track.take();
      batch.stream[count] = track.stream;
      batch.packet[count] = track.packetOf(row);
      batchTrack[count] = earliest;
      batchRow[count] = row;
      nextArrival[earliest] = track.nextArrival(outEnd);
    }
    batch.count = count;
    return count > 0;
  }

  /** Where codecs decode in runs: has what is wanted up to `outEnd` decoded, and what follows along with it up to `outLast`. */
  *decodeRuns(reader: PayloadReader, outEnd: number, outLast: number): Generator<Promise<unknown> | void, void, void> {
    const { batch, view } = this;
    for (const track of this.tracks) {
      for (let rows = track.rowsOfRun(outEnd, outLast); rows.length > 0; rows = track.rowsOfRun(outEnd, outLast)) {
        batch.count = Math.min(rows.length, BATCH_PACKETS);
        batch.stream.fill(track.stream, 0, batch.count);
        for (let i = 0; i < batch.count; i++) batch.packet[i] = track.packetOf(rows[i]);
        yield reader.load(batch);
        const payloads = Array.from(rows, (_, i) =>
          i < batch.count && reader.read(track.stream, batch.packet[i], view)
            ? view.bytes.slice(view.at, view.at + view.length)
            : NOTHING,
        );
        yield track.decodeRun(payloads);
      }
    }
  }

  /** Decodes the batch, which the reader has loaded. */
  decodeBatch(reader: PayloadReader): void {
    const { batch, batchTrack, batchRow, payloadBytes, payloadAt, payloadLength, view, tracks, options } = this;
    const { watch, fromSample, toSample } = options;
    for (let i = 0; i < batch.count; i++) {
      const isThere = reader.read(batch.stream[i], batch.packet[i], view);
      payloadBytes[i] = view.bytes;
      payloadAt[i] = view.at;
      payloadLength[i] = isThere ? view.length : -1;
    }
    for (let i = 0, copied = 0; i < batch.count; i++) {
      if (payloadLength[i] < 0) continue;
      if (i >= copied) copied = this.copyPayloads(i);
      view.bytes = payloadBytes[i];
      view.at = payloadAt[i];
      view.length = payloadLength[i];
      const track = tracks[batchTrack[i]];
      const isTold = watch !== undefined && track.isWithin(batchRow[i], fromSample, toSample);
      track.decode(batchRow[i], view, isTold ? watch : null);
    }
  }

  /**
   * Copies payload `first` of the batch into the memory, and with it those after it that lie behind it in the same octets, with
   * little between them: one copy of all takes no longer than a copy of one. Gives the first payload that is not copied.
   */
  private copyPayloads(first: number): number {
    const { memory, batch, payloadBytes, payloadAt, payloadLength, copiesAt } = this;
    const from = payloadAt[first];
    let to = from + payloadLength[first];
    if (memory === null || to - from > COPIED_BYTES) return first + 1;
    const bytes = payloadBytes[first];
    let next = first + 1;
    for (; next < batch.count; next++) {
      const at = payloadAt[next];
      const end = at + payloadLength[next];
      if (payloadBytes[next] !== bytes || at < from || at - to > MOST_BETWEEN_BYTES || end - from > COPIED_BYTES) break;
      to = Math.max(to, end);
    }
    memory.bytes.set(bytes.subarray(from, to), copiesAt);
    for (let i = first; i < next; i++) {
      payloadBytes[i] = memory.bytes;
      payloadAt[i] += copiesAt - from;
    }
    return next;
  }

  /** The block of `count` sample frames at `outAt`, all channels. */
  mix(outAt: number, count: number): Int16Array {
    const stride = this.channels.length;
    if (!this.mixPlain(outAt, count)) {
      for (let channel = 0; channel < stride; channel++) this.mixChannel(channel, stride, outAt, count);
    }
    return count === this.blockFrames ? this.block : this.block.subarray(0, count * stride);
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
