/** iLBC (RFC 3951, RFC 3952): frames of 30 ms in 50 octets or of 20 ms in 38, as `mode` says; one payload has one kind. */
import type { Codec, CodecFormat } from './codec.ts';
import { frameCodec, joinFrames } from './frame-codec.ts';
import { parameterOf } from './parameters.ts';

interface Mode {
  readonly octets: number;
  readonly samples: number;
  /** What a file of such frames begins with (RFC 3952 section 4.2). */
  readonly header: Uint8Array;
}

const MODE_20: Mode = { octets: 38, samples: 160, header: ascii('#!iLBC20\n') };
const MODE_30: Mode = { octets: 50, samples: 240, header: ascii('#!iLBC30\n') };

/** iLBC as signalled, 30 ms where nothing is said. */
export function ilbcCodec({ parameters = '' }: CodecFormat): Codec {
  const mode = parameterOf(parameters, 'mode') === '20' ? MODE_20 : MODE_30;
  return frameCodec({
    sampleRate: 8000,
    frameSamples: mode.samples,
    mostFrames: (length) => Math.floor(length / mode.octets),
    frames(bytes, at, length) {
      if (length % mode.octets !== 0) return [];
      return Array.from({ length: length / mode.octets }, (_, i) =>
        bytes.subarray(at + i * mode.octets, at + (i + 1) * mode.octets),
      );
    },
    file: (frames) => ({ format: 'ilbc', bytes: joinFrames(mode.header, frames), sampleRate: 8000 }),
  });
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
