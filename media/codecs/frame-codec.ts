/** Codecs whose payloads are whole frames of one length in samples, decoded as a file of frames. */
import type { AudioDecoder, Codec, DecodedRun, PayloadRun } from './codec.ts';
import { type DecodeFile, type FrameFile, placeParts, startFileDecoder } from './frame-files.ts';

/** What a codec of frames is to those who make files of them. */
export interface FrameFormat {
  readonly sampleRate: number;
  readonly frameSamples: number;
  /** The most frames that a payload of `length` octets can hold. */
  readonly mostFrames: (length: number) => number;
  /** The frames of the payload `bytes[at … at + length)`, as the file has them; empty where it is no payload of the codec. */
  readonly frames: (bytes: Uint8Array, at: number, length: number) => readonly Uint8Array[];
  /** A file of them. */
  readonly file: (frames: readonly Uint8Array[]) => FrameFile;
  /** A frame that says: one was lost here. */
  readonly lostFrame?: Uint8Array;
  /** A frame that says: nothing was sent, go on with noise. `null` where `payload` does not end in a pause. */
  readonly pauseFrame?: (payload: Uint8Array) => Uint8Array | null;
  /** Samples of the file's beginning that stand for nothing. */
  readonly delay?: number;
  /** Noise that goes on after `payload`: fills `into` from `at` on. Told which sample frames of the payload are decoded. */
  readonly noise?:
    | ((payload: Uint8Array) => ((into: Int16Array, at: number, count: number) => void) | null)
    | undefined;
}

/** Lost frames that a decoder is told of, so that its state is what the receiver's was; beyond them it is a new beginning. */
const MOST_LOST_FRAMES = 8;
/** A run that breaks the decoder is decoded in halves, down to this many payloads. */
const FEWEST_PAYLOADS = 32;
/** Pieces of a stream that may break the decoder before nothing more of it is decoded. */
const MOST_FAILURES = 16;

/** The codec of `format`. */
export function frameCodec(format: FrameFormat): Codec {
  const { sampleRate, frameSamples } = format;
  const samplesIn = (length: number): number => format.mostFrames(length) * frameSamples;
  return {
    sampleRate,
    channels: 1,
    samplesIn,
    samplesOf: (bytes, at, length) => {
      if (at + length > bytes.length) return 0;
      const frames = format.frames(bytes, at, length).length;
      const hasNoise = frames === 0 && (format.noise?.(bytes.subarray(at, at + length)) ?? null) !== null;
      return (hasNoise ? 1 : frames) * frameSamples;
    },
    isInRuns: true,
    open: async () => new FrameDecoder(format, samplesIn, await startFileDecoder()),
  };
}

class FrameDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  readonly samplesIn: (length: number) => number;
  private readonly format: FrameFormat;
  private readonly decodeFile: DecodeFile;
  private failures = 0;

  constructor(format: FrameFormat, samplesIn: (length: number) => number, decodeFile: DecodeFile) {
    this.format = format;
    this.sampleRate = format.sampleRate;
    this.samplesIn = samplesIn;
    this.decodeFile = decodeFile;
  }

  decode(): number {
    return 0;
  }

  reset(): void {}

  readonly decodeRun = async (run: PayloadRun): Promise<DecodedRun> => {
    const whole = await this.decodeSpan(run, 0, run.payloads.length);
    const total = whole.reduce((sum, { length }) => sum + length, 0);
    const samples = new Int16Array(total);
    const starts = new Uint32Array(run.payloads.length + 1);
    let at = 0;
    for (const [i, part] of whole.entries()) {
      samples.set(part, at);
      at += part.length;
      starts[i + 1] = at;
    }
    return { samples, starts };
  };

  /** The samples of payloads `from … to`, each by itself. */
  private async decodeSpan(run: PayloadRun, from: number, to: number): Promise<Int16Array[]> {
    const { frames, spans } = collectFrames(this.format, run, from, to);
    let decoded: Int16Array;
    try {
      decoded = await this.decodeFrames(frames);
    } catch {
      if (to - from > FEWEST_PAYLOADS && this.failures < MOST_FAILURES) {
        const middle = (from + to) >> 1;
        return [...(await this.decodeSpan(run, from, middle)), ...(await this.decodeSpan(run, middle, to))];
      }
      this.failures++;
      decoded = new Int16Array(frames.length * this.format.frameSamples);
    }
    return spans.map(({ first, count }, i) => this.withNoise(run, from + i, decoded, first, count));
  }

  private async decodeFrames(frames: readonly Uint8Array[]): Promise<Int16Array> {
    const { frameSamples, delay = 0 } = this.format;
    const total = frames.length * frameSamples;
    if (total === 0 || this.failures >= MOST_FAILURES) return new Int16Array(total);
    const decoded = await this.decodeFile(this.format.file(frames));
    return placeParts(decoded, total + delay).subarray(delay);
  }

  private withNoise(run: PayloadRun, i: number, decoded: Int16Array, first: number, count: number): Int16Array {
    const { frameSamples, noise } = this.format;
    const own = decoded.subarray(first * frameSamples, (first + count) * frameSamples);
    const fill = noise?.(run.payloads[i]) ?? null;
    if (fill === null || run.room[i] <= own.length) return own;
    const filled = new Int16Array(run.room[i]);
    filled.set(own);
    fill(filled, own.length, filled.length - own.length);
    return filled;
  }
}

/** The frames of payloads `from … to` and of what lies between them; `spans` are those of each payload. */
function collectFrames(
  format: FrameFormat,
  run: PayloadRun,
  from: number,
  to: number,
): { frames: Uint8Array[]; spans: { first: number; count: number }[] } {
  const { frameSamples, lostFrame, pauseFrame } = format;
  const frames: Uint8Array[] = [];
  const spans: { first: number; count: number }[] = [];
  let end = run.at[from];
  for (let i = from; i < to; i++) {
    const payload = run.payloads[i];
    const missing = Math.round((run.at[i] - end) / frameSamples);
    if (lostFrame !== undefined && missing > 0 && missing <= MOST_LOST_FRAMES) {
      for (let lost = 0; lost < missing; lost++) frames.push(lostFrame);
    }
    const first = frames.length;
    for (const frame of format.frames(payload, 0, payload.length)) frames.push(frame);
    const pause = pauseFrame?.(payload) ?? null;
    const room = Math.floor(run.room[i] / frameSamples);
    if (pause !== null) while (frames.length - first < room) frames.push(pause);
    spans.push({ first, count: frames.length - first });
    end = run.at[i] + (frames.length - first) * frameSamples;
  }
  return { frames, spans };
}

/** `header`, then every frame, in one array. */
export function joinFrames(header: Uint8Array, frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, header.length));
  bytes.set(header);
  let at = header.length;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}
