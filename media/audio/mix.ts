/**
 * Renders streams to interleaved 16-bit PCM, block after block in time order, in memory that does not depend on the
 * length of the call. Payloads are asked for in batches, a second of all streams at a time and near the order of the
 * file, so the reader behind can read on through a capture of any size.
 */
import { outputRate, type StreamAudio } from './stream-audio.ts';
import { type PayloadView, Track } from './track.ts';

export type { PayloadView } from './track.ts';

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
}

/** Takes a block of whole sample frames. The block is reused: what is kept of it must be copied before resolving. */
export type BlockSink = (block: Int16Array) => Promise<void> | void;

const BATCH_PACKETS = 4096;

/** Renders `options.channels` to `sink`. Gives the sample frames rendered: all, unless cancelled. */
export async function renderAudio(options: RenderOptions, reader: PayloadReader, sink: BlockSink): Promise<number> {
  const renderer = new Renderer(options);
  const { fromSample, toSample } = options;
  const { blockFrames } = renderer;
  // One block before the first: for packets that reach into the part, and for codecs to find their feet.
  renderer.seek(fromSample - blockFrames);
  await renderer.decodeUpTo(fromSample, reader);
  for (let at = fromSample; at < toSample; at += blockFrames) {
    if (options.isCancelled?.() === true) return at - fromSample;
    const count = Math.min(blockFrames, toSample - at);
    renderer.moveTo(at);
    await renderer.decodeUpTo(at + count, reader);
    await sink(renderer.mix(at, count));
  }
  return Math.max(0, toSample - fromSample);
}

/** Two channels: what the left and the right ear hear. */
export function renderStereo(
  options: Omit<RenderOptions, 'channels'> & { left: readonly StreamAudio[]; right: readonly StreamAudio[] },
  reader: PayloadReader,
  sink: BlockSink,
): Promise<number> {
  return renderAudio({ ...options, channels: [options.left, options.right] }, reader, sink);
}

class Renderer {
  readonly blockFrames: number;
  private readonly channels: readonly (readonly Track[])[];
  private readonly tracks: readonly Track[];
  private readonly block: Int16Array;
  private readonly sum: Int32Array;
  private readonly batch: PayloadBatch;
  private readonly batchTrack = new Uint32Array(BATCH_PACKETS);
  private readonly batchRow = new Uint32Array(BATCH_PACKETS);
  private readonly view: PayloadView = { bytes: new Uint8Array(0), at: 0, length: 0 };

  constructor(options: RenderOptions) {
    const sampleRate = options.sampleRate ?? outputRate(options.channels.flat());
    this.blockFrames = sampleRate;
    let stream = 0;
    this.channels = options.channels.map((streams) =>
      streams.flatMap((audio) => {
        const number = stream++;
        return sampleRatesOf(audio).map((rate) => new Track(number, audio, rate, sampleRate, this.blockFrames));
      }),
    );
    this.tracks = this.channels.flat();
    this.block = new Int16Array(this.blockFrames * this.channels.length);
    this.sum = new Int32Array(this.blockFrames);
    this.batch = { count: 0, stream: new Uint32Array(BATCH_PACKETS), packet: new Uint32Array(BATCH_PACKETS) };
  }

  seek(outAt: number): void {
    for (const track of this.tracks) track.seek(outAt);
  }

  moveTo(outAt: number): void {
    for (const track of this.tracks) track.moveTo(outAt);
  }

  /** Decodes every packet that output before `outEnd` needs. */
  async decodeUpTo(outEnd: number, reader: PayloadReader): Promise<void> {
    const { batch, batchTrack, batchRow, view } = this;
    for (;;) {
      this.fillBatch(outEnd);
      if (batch.count === 0) return;
      await reader.load(batch);
      for (let i = 0; i < batch.count; i++) {
        if (!reader.read(batch.stream[i], batch.packet[i], view)) continue;
        this.tracks[batchTrack[i]].decode(batchRow[i], view);
      }
    }
  }

  /** Fills the batch with the next packets, those captured first first. */
  private fillBatch(outEnd: number): void {
    const { batch, tracks } = this;
    batch.count = 0;
    while (batch.count < BATCH_PACKETS) {
      let earliest = -1;
      let earliestPacket = -1;
      let earliestArrival = Infinity;
      for (let t = 0; t < tracks.length; t++) {
        const packet = tracks[t].nextPacket(outEnd);
        if (packet < 0) continue;
        const arrival = tracks[t].arrival(packet);
        if (earliest >= 0 && arrival >= earliestArrival) continue;
        earliest = t;
        earliestPacket = packet;
        earliestArrival = arrival;
      }
      if (earliest < 0) return;
      const i = batch.count++;
      batch.stream[i] = tracks[earliest].stream;
      batch.packet[i] = earliestPacket;
      this.batchTrack[i] = earliest;
      this.batchRow[i] = tracks[earliest].take();
    }
  }

  /** The block of `count` sample frames at `outAt`, all channels. */
  mix(outAt: number, count: number): Int16Array {
    const stride = this.channels.length;
    for (let channel = 0; channel < stride; channel++) this.mixChannel(channel, stride, outAt, count);
    return count === this.blockFrames ? this.block : this.block.subarray(0, count * stride);
  }

  private mixChannel(channel: number, stride: number, outAt: number, count: number): void {
    const { block, sum } = this;
    const heard = this.channels[channel].filter((track) => !track.isSilent);
    if (heard.length === 1 && heard[0].copyTo(block, channel, stride, outAt, count)) return;
    sum.fill(0, 0, count);
    for (const track of heard) track.addTo(sum, outAt, count);
    for (let i = 0, to = channel; i < count; i++, to += stride) {
      block[to] = Math.max(-32768, Math.min(32767, sum[i]));
    }
  }
}

/** The distinct sample rates of a stream, in the order they come up. */
function sampleRatesOf({ timeline }: StreamAudio): number[] {
  const rates: number[] = [];
  for (let row = 0; row < timeline.rows; row++) {
    if (!rates.includes(timeline.sampleRate[row])) rates.push(timeline.sampleRate[row]);
  }
  return rates;
}
