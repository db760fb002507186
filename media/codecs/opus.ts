/**
 * Opus (RFC 6716, RFC 7587) by libopus, from the package opus-decoder. What is stereo is folded to one channel, as the renderer
 * would do, which plays a stream as one voice. The package offers no decoding of in-band FEC: what was lost stays silent.
 */
import type { OpusDecoder } from 'opus-decoder';
import type { Codec } from './codec.ts';
import { LibraryDecoder, type LibraryInstance } from './library-decoder.ts';
import { OPUS_MOST_SAMPLES, OPUS_SAMPLE_RATE, opusSamplesOf } from './opus-packet.ts';

/** What the package takes in one packet of one channel. */
const MOST_OCTETS = 3840;

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
  const library = await import('opus-decoder');
  const decoder = new library.OpusDecoder({ channels: 1 });
  await decoder.ready;
  return new OpusInstance(decoder);
}

class OpusInstance implements LibraryInstance {
  private readonly decoder: OpusDecoder;

  constructor(decoder: OpusDecoder) {
    this.decoder = decoder;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const samples = opusSamplesOf(bytes, at, length);
    // Only what is Opus goes in: an empty packet would be 120 ms of concealment, a broken one a line on the console.
    if (samples === 0 || length > MOST_OCTETS || samples > into.length - intoAt) return 0;
    const { channelData } = this.decoder.decodeFrame(bytes.subarray(at, at + length));
    const [decoded] = channelData;
    const count = Math.min(decoded.length, samples);
    for (let i = 0; i < count; i++) {
      into[intoAt + i] = Math.max(-32768, Math.min(32767, Math.round(decoded[i] * 32768)));
    }
    return count;
  }

  /** The library has none that takes no time; a decoder of Opus finds its feet within a frame or two after any jump. */
  reset(): void {}
}
