// Every program that imports this file needs the declaration, and a declaration of a wildcard is nothing to import.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./amr-wasm.d.ts" />
/** AMR and AMR-WB (3GPP TS 26.090, 26.190; RTP: RFC 4867) by opencore-amr, from the package @audio/decode-amr. */
import type { AmrModule } from '../../node_modules/@audio/decode-amr/src/amr.wasm.js';
import { AMR_MOST_FRAMES, AMR_NO_DATA, type AmrAlignment, AmrPayload, bitsAt } from './amr-payload.ts';
import type { Codec, CodecFormat } from './codec.ts';
import { LibraryDecoder, type LibraryInstance } from './library-decoder.ts';
import { parameterOf } from './parameters.ts';

/** Octets of the longest frame (AMR-WB at 23.85 kbit/s) and the one before it that names its type. */
const MOST_FRAME_OCTETS = 61;
/** A payload has at least six bits a frame. */
const LEAST_FRAME_BITS = 6;
/** Options of the octet-aligned format that put more, or something else, into a payload (RFC 4867 section 8.1). */
const OPTIONS_NOT_READ = ['crc', 'robust-sorting', 'interleaving'];

/** Which option of `format` (of AMR or AMR-WB) stands in the way of decoding it; null where none does. */
export function amrOptionNotRead({ parameters = '' }: CodecFormat): string | null {
  for (const option of OPTIONS_NOT_READ) {
    const value = parameterOf(parameters, option);
    if (value !== null && value !== '0') return option;
  }
  return null;
}

/** AMR, or AMR-WB where `isWide`; null where an option of its format is not read. */
export function amrCodec(format: CodecFormat, isWide: boolean): Codec | null {
  if (format.channels !== 1 || amrOptionNotRead(format) !== null) return null;
  const alignment = alignmentOf(format);
  const sampleRate = isWide ? 16_000 : 8000;
  const frameSamples = sampleRate / 50;
  const samplesIn = (length: number): number =>
    Math.min(AMR_MOST_FRAMES, Math.floor((8 * length) / LEAST_FRAME_BITS)) * frameSamples;
  const parsed = new AmrPayload(isWide, alignment);
  return {
    sampleRate,
    channels: 1,
    samplesIn,
    samplesOf: (bytes, at, length) => (parsed.parse(bytes, at, length) ? parsed.frames * frameSamples : 0),
    open: () =>
      LibraryDecoder.open({
        sampleRate,
        channels: 1,
        samplesIn,
        make: () => makeInstance(isWide, alignment),
      }),
  };
}

function alignmentOf({ parameters = '' }: CodecFormat): AmrAlignment {
  const value = parameterOf(parameters, 'octet-align');
  return value === null ? 'either' : value === '1' ? 'octets' : 'bits';
}

async function makeInstance(isWide: boolean, alignment: AmrAlignment): Promise<LibraryInstance> {
  // Not by the package's name: that shares one memory between all streams, and has no way to a new one.
  const { default: createAmr } = await import('../../node_modules/@audio/decode-amr/src/amr.wasm.js');
  const module = await createAmr({ printErr: () => {} });
  return new AmrInstance(module, isWide ? wideOf(module) : narrowOf(module), new AmrPayload(isWide, alignment));
}

/** The functions of one of the library's two decoders. */
interface Functions {
  readonly frameSamples: number;
  /** Octets of memory, 0 where there is none left. */
  readonly allocate: (bytes: number) => number;
  readonly create: () => number;
  readonly close: (handle: number) => void;
  /** Gives the samples decoded, which then stand at `output()` as fractions of full scale. */
  readonly decode: (handle: number, at: number, length: number) => number;
  readonly output: () => number;
}

function narrowOf(module: AmrModule): Functions {
  const { _malloc: allocate, _amr_nb_create: create, _amr_nb_close: close } = module;
  const { _amr_nb_decode: decode, _amr_nb_output: output } = module;
  return { frameSamples: 160, allocate, create, close, decode, output };
}

function wideOf(module: AmrModule): Functions {
  const { _malloc: allocate, _amr_wb_create: create, _amr_wb_close: close } = module;
  const { _amr_wb_decode: decode, _amr_wb_output: output } = module;
  return { frameSamples: 320, allocate, create, close, decode, output };
}

class AmrInstance implements LibraryInstance {
  private readonly module: AmrModule;
  private readonly functions: Functions;
  private readonly payload: AmrPayload;
  private readonly frameAt: number;
  private handle: number;

  constructor(module: AmrModule, functions: Functions, payload: AmrPayload) {
    this.module = module;
    this.functions = functions;
    this.payload = payload;
    this.frameAt = functions.allocate(MOST_FRAME_OCTETS);
    this.handle = this.create();
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const { payload } = this;
    const { frameSamples } = this.functions;
    if (!payload.parse(bytes, at, length)) return 0;
    const frames = Math.min(payload.frames, Math.floor((into.length - intoAt) / frameSamples));
    for (let frame = 0; frame < frames; frame++) {
      const octets = this.putFrame(bytes, frame);
      this.decodeFrame(octets, into, intoAt + frame * frameSamples);
    }
    return Math.max(0, frames) * frameSamples;
  }

  /** A frame without data where there was speech is a lost one to the decoder (TS 26.091, TS 26.191). */
  conceal(count: number, into: Int16Array, intoAt: number): number {
    const { frameSamples } = this.functions;
    const end = Math.min(intoAt + count, into.length);
    for (let at = intoAt; at < end; at += frameSamples) {
      this.module.HEAPU8[this.frameAt] = (AMR_NO_DATA << 3) | 4;
      this.decodeFrame(1, into.subarray(0, end), at);
    }
    return Math.max(0, end - intoAt);
  }

  reset(): void {
    this.functions.close(this.handle);
    this.handle = this.create();
  }

  private create(): number {
    const handle = this.functions.create();
    if (handle === 0 || this.frameAt === 0) throw new Error('opencore-amr has no memory left');
    return handle;
  }

  /** Writes a frame as files have it (RFC 4867 section 5.3): an octet with its type, then its bits. Gives the octets. */
  private putFrame(bytes: Uint8Array, frame: number): number {
    const { payload, frameAt } = this;
    const { HEAPU8: memory } = this.module;
    const bits = payload.bitCounts[frame];
    const from = payload.bitAts[frame];
    memory[frameAt] = (payload.types[frame] << 3) | 4;
    let to = frameAt + 1;
    for (let bit = 0; bit < bits; bit += 8) {
      const count = Math.min(8, bits - bit);
      memory[to++] = bitsAt(bytes, from + bit, count) << (8 - count);
    }
    return to - frameAt;
  }

  private decodeFrame(octets: number, into: Int16Array, intoAt: number): void {
    const { decode, output, frameSamples } = this.functions;
    const samples = decode(this.handle, this.frameAt, octets);
    if (samples !== frameSamples) throw new Error(`opencore-amr gave ${samples} samples for a frame`);
    const from = output() / 4;
    const decoded = this.module.HEAPF32;
    const count = Math.min(samples, into.length - intoAt);
    for (let i = 0; i < count; i++) into[intoAt + i] = Math.max(-32768, Math.min(32767, decoded[from + i] * 32768));
  }
}
