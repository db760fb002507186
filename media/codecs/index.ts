/** The one list of codecs that are decoded. A new codec is a file beside this one and a line here. */
import type { AudioDecoder } from './codec.ts';
import { G711Decoder, PCMA, PCMU } from './g711.ts';
import { L16Decoder } from './l16.ts';

export type { AudioDecoder } from './codec.ts';

type MakeDecoder = (clockRate: number, channels: number) => AudioDecoder;

// By encoding name in upper case, as in the rtpmap of an SDP (RFC 8866 section 6.6, RFC 4855).
const DECODERS: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ['PCMU', (clockRate, channels) => new G711Decoder(PCMU, clockRate, channels)],
  ['PCMA', (clockRate, channels) => new G711Decoder(PCMA, clockRate, channels)],
  ['L16', (clockRate, channels) => new L16Decoder(clockRate, channels)],
]);

// What signalling may say is believed only within these: a rate sizes buffers and filters.
const SLOWEST_HZ = 1_000;
const FASTEST_HZ = 192_000;
const MOST_CHANNELS = 32;

/**
 * A new decoder for a stream of `encoding` (an rtpmap's encoding name, any case) with the RTP `clockRate` in Hz, or
 * null where there is none (see `reasonNotDecodable`) or the rate or channel count is absurd.
 */
export function decoderFor(encoding: string, clockRate: number, channels = 1): AudioDecoder | null {
  const make = DECODERS.get(encoding.toUpperCase());
  if (make === undefined) return null;
  if (!Number.isInteger(clockRate) || clockRate < SLOWEST_HZ || clockRate > FASTEST_HZ) return null;
  if (!Number.isInteger(channels) || channels < 1 || channels > MOST_CHANNELS) return null;
  return make(clockRate, channels);
}

/** A sentence saying why streams of `encoding` cannot be heard. */
export function reasonNotDecodable(encoding: string): string {
  const name = encoding.trim().slice(0, 40);
  const key = name.toUpperCase();
  if (name === '') return 'The codec of this stream is not known';
  if (key === 'TELEPHONE-EVENT') return 'telephone-event carries digits, not audio';
  if (key === 'CN') return 'CN carries a noise level, not audio';
  if (DECODERS.has(key)) return `${name} is not decoded with this clock rate or number of channels`;
  return `${name} is not decoded in this version`;
}
