// Every program that imports this file needs the declaration, and a declaration of a wildcard is nothing to import.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./opus-wasm.d.ts" />
/**
 * Opus (RFC 6716, RFC 7587) by libopus, from the package libopus-wasm. What is stereo is folded to one channel, as the renderer
 * would do, which plays a stream as one voice.
 */
import type { OpusModule } from '../../node_modules/libopus-wasm/dist/generated/libopus.generated.mjs';
import type { Codec } from './codec.ts';
import { LibraryDecoder, type LibraryInstance } from './library-decoder.ts';
import { OPUS_MOST_SAMPLES, OPUS_SAMPLE_RATE, opusRepeatedSamples, opusSamplesOf } from './opus-packet.ts';

/** Packets of more octets are not decoded: 120 ms at 256 kbit/s. */
const MOST_OCTETS = 3840;
/** libopus conceals multiples of 2.5 ms. */
const CONCEALED_STEP = 120;

/** Opus, whatever its signalled clock rate and channels. */
export const OPUS: Codec = {
  sampleRate: OPUS_SAMPLE_RATE,
  channels: 1,
  samplesIn: mostSamplesIn,
  samplesOf: opusSamplesOf,
  open: () =>
    LibraryDecoder.open({
      sampleRate: OPUS_SAMPLE_RATE,
      channels: 1,
      samplesIn: mostSamplesIn,
      make: makeInstance,
    }),
};

function mostSamplesIn(length: number): number {
  return length > 0 ? OPUS_MOST_SAMPLES : 0;
}

async function makeInstance(): Promise<LibraryInstance> {
  // Not by the package's name: that shares one memory between all streams, and has no way to a new one.
  const { default: createOpus } = await import('../../node_modules/libopus-wasm/dist/generated/libopus.generated.mjs');
  return new OpusInstance(await createOpus({ printErr: () => {} }));
}

/** The functions of the library. */
interface Functions {
  /** Octets of memory, 0 where there is none left. */
  readonly allocate: OpusModule['_malloc'];
  readonly create: OpusModule['_oc_create_decoder'];
  readonly destroy: OpusModule['_oc_destroy_decoder'];
  readonly decode: OpusModule['_oc_decode'];
}

function functionsOf(module: OpusModule): Functions {
  const { _malloc: allocate, _oc_create_decoder: create, _oc_destroy_decoder: destroy, _oc_decode: decode } = module;
  return { allocate, create, destroy, decode };
}

class OpusInstance implements LibraryInstance {
  private readonly module: OpusModule;
  private readonly functions: Functions;
  private readonly packetAt: number;
  private readonly samplesAt: number;
  private decoder: number;

  constructor(module: OpusModule) {
    this.module = module;
    this.functions = functionsOf(module);
    this.packetAt = this.functions.allocate(MOST_OCTETS);
    this.samplesAt = this.functions.allocate(2 * OPUS_MOST_SAMPLES);
    this.decoder = this.create();
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const samples = opusSamplesOf(bytes, at, length);
    // Only what is Opus goes in: an empty packet would be concealment.
    if (samples === 0 || length > MOST_OCTETS || samples > into.length - intoAt) return 0;
    const decoded = this.run(bytes, at, length, OPUS_MOST_SAMPLES, false);
    return this.copy(0, Math.min(decoded, samples), into, intoAt);
  }

  repeats(bytes: Uint8Array, at: number, length: number, missing: number): number {
    const samples = length > MOST_OCTETS ? 0 : opusRepeatedSamples(bytes, at, length);
    return samples <= missing ? samples : 0;
  }

  recover(bytes: Uint8Array, at: number, length: number, missing: number, into: Int16Array, intoAt: number): void {
    const repeated = this.repeats(bytes, at, length, missing);
    if (repeated === 0 || repeated > intoAt) return;
    // What is missing before it is concealed, and not heard, so that the decoder is where a receiver's would be.
    const most = Math.min(missing, OPUS_MOST_SAMPLES);
    const decoded = this.run(bytes, at, length, most - (most % CONCEALED_STEP), true);
    if (decoded >= repeated) this.copy(decoded - repeated, repeated, into, intoAt - repeated);
  }

  conceal(count: number, into: Int16Array, intoAt: number): number {
    const wanted = Math.min(count, into.length - intoAt);
    let done = 0;
    while (done < wanted) {
      const rest = Math.min(wanted - done, OPUS_MOST_SAMPLES);
      const decoded = this.run(null, 0, 0, Math.ceil(rest / CONCEALED_STEP) * CONCEALED_STEP, false);
      if (decoded <= 0) break;
      done += this.copy(0, Math.min(decoded, rest), into, intoAt + done);
    }
    return done;
  }

  reset(): void {
    this.functions.destroy(this.decoder);
    this.decoder = this.create();
  }

  private create(): number {
    const { functions, packetAt, samplesAt } = this;
    if (packetAt === 0 || samplesAt === 0) throw new Error('libopus has no memory left');
    const decoder = functions.create(OPUS_SAMPLE_RATE, 1, packetAt);
    if (decoder === 0) throw new Error('libopus gave no decoder');
    return decoder;
  }

  /** Decodes a packet, what it repeats, or (null) nothing; gives the samples that then stand at `samplesAt`, at most `frameSize`. */
  private run(bytes: Uint8Array | null, at: number, length: number, frameSize: number, isRepeated: boolean): number {
    const { module, functions, decoder, packetAt, samplesAt } = this;
    if (bytes !== null) module.HEAPU8.set(bytes.subarray(at, at + length), packetAt);
    const octetsAt = bytes === null ? 0 : packetAt;
    return Math.max(0, functions.decode(decoder, octetsAt, length, samplesAt, frameSize, isRepeated ? 1 : 0));
  }

  private copy(from: number, count: number, into: Int16Array, intoAt: number): number {
    const first = this.samplesAt / 2 + from;
    into.set(this.module.HEAP16.subarray(first, first + count), intoAt);
    return count;
  }
}
