/** The one list of codecs that are decoded. A new codec is a file beside this one and a line here. */
import { amrCodec, amrOptionNotRead } from './amr.ts';
import { type AudioDecoder, type Codec, type CodecFormat, plainCodec } from './codec.ts';
import { comfortNoiseCodec } from './comfort-noise.ts';
import { Dvi4Decoder, dvi4SamplesOf } from './dvi4.ts';
import { G711Decoder } from './g711.ts';
import { PCMA, PCMU } from './g711-laws.ts';
import { G722Decoder } from './g722.ts';
import { G723 } from './g723.ts';
import { G726Decoder } from './g726.ts';
import { G729 } from './g729.ts';
import { GsmDecoder, gsmSamplesOf } from './gsm.ts';
import { gsmEfrCodec } from './gsm-efr.ts';
import { ilbcCodec } from './ilbc.ts';
import { L16Decoder } from './l16.ts';
import { L24Decoder } from './l24.ts';
import { L8Decoder } from './l8.ts';
import { OPUS } from './opus.ts';
import { redCodec } from './red.ts';
import { silkCodec } from './silk.ts';
import { speexCodec } from './speex.ts';

export type { AudioDecoder, Codec, CodecFormat, DecodedRun, PayloadRun } from './codec.ts';

type MakeCodec = (format: CodecFormat) => Codec | null;

/** Codecs of which one channel is all there is. `samplesOf` where the payload can be told from what is none. */
function mono(make: (clockRate: number) => AudioDecoder, samplesOf?: NonNullable<Codec['samplesOf']>): MakeCodec {
  return ({ clockRate, channels }) => {
    if (channels !== 1) return null;
    const codec = plainCodec(() => make(clockRate));
    return samplesOf === undefined ? codec : { ...codec, samplesOf };
  };
}

/** Codecs of one channel, and of none other. */
function one(make: MakeCodec): MakeCodec {
  return (format) => (format.channels === 1 ? make(format) : null);
}

function g726(bits: 2 | 3 | 4 | 5, isHighFirst: boolean): MakeCodec {
  return mono((clockRate) => new G726Decoder(bits, isHighFirst, clockRate));
}

// By encoding name in upper case, as in the rtpmap of an SDP (RFC 8866 section 6.6, RFC 4855).
const CODECS: ReadonlyMap<string, MakeCodec> = new Map<string, MakeCodec>([
  ['PCMU', ({ clockRate, channels }) => plainCodec(() => new G711Decoder(PCMU, clockRate, channels))],
  ['PCMA', ({ clockRate, channels }) => plainCodec(() => new G711Decoder(PCMA, clockRate, channels))],
  ['L8', ({ clockRate, channels }) => plainCodec(() => new L8Decoder(clockRate, channels))],
  ['L16', ({ clockRate, channels }) => plainCodec(() => new L16Decoder(clockRate, channels))],
  ['L24', ({ clockRate, channels }) => plainCodec(() => new L24Decoder(clockRate, channels))],
  ['DVI4', mono((clockRate) => new Dvi4Decoder(clockRate), dvi4SamplesOf)],
  ['G722', mono(() => new G722Decoder())],
  ['G726-16', g726(2, false)],
  ['G726-24', g726(3, false)],
  ['G726-32', g726(4, false)],
  ['G726-40', g726(5, false)],
  // The name before G.721 became G.726.
  ['G721', g726(4, false)],
  ['AAL2-G726-16', g726(2, true)],
  ['AAL2-G726-24', g726(3, true)],
  ['AAL2-G726-32', g726(4, true)],
  ['AAL2-G726-40', g726(5, true)],
  ['GSM', mono((clockRate) => new GsmDecoder(clockRate), gsmSamplesOf)],
  ['AMR', (format) => amrCodec(format, false)],
  ['AMR-WB', (format) => amrCodec(format, true)],
  ['GSM-EFR', one(gsmEfrCodec)],
  ['G723', one(() => G723)],
  ['G729', one(() => G729)],
  // Names that some phones say for the same payload.
  ['G7231', one(() => G723)],
  ['G723.1', one(() => G723)],
  ['G729A', one(() => G729)],
  ['G729B', one(() => G729)],
  ['G729AB', one(() => G729)],
  ['G.729', one(() => G729)],
  ['ILBC', one(ilbcCodec)],
  ['SPEEX', one(({ clockRate }) => speexCodec(clockRate))],
  ['SILK', one(({ clockRate }) => silkCodec(clockRate))],
  ['CN', one(({ clockRate }) => comfortNoiseCodec(clockRate))],
  ['OPUS', () => OPUS],
  ['RED', red],
]);

/** Names of encodings that are decoded, with the clock rate and channels they usually have: `PCMU/8000`, `opus/48000/2`. */
export function decodableEncodings(): string[] {
  return [...CODECS.keys()].map((name) => {
    if (name === 'OPUS') return 'opus/48000/2';
    if (name === 'L16' || name === 'L24') return `${name}/44100`;
    return `${name}/${name === 'AMR-WB' || name === 'SILK' ? 16_000 : 8000}`;
  });
}

/** What can be decoded of the blocks and sounds like the first of them, which is the newest in every packet. */
function red({ blocks, clockRate }: CodecFormat): Codec | null {
  const codecs = new Map<number, Codec>();
  for (const [payloadType, block] of blocks ?? []) {
    const codec = block.encoding.toUpperCase() === 'RED' ? null : codecFor(block);
    const [first] = codecs.values();
    if (codec === null || (first !== undefined && !isAlike(codec, first))) continue;
    codecs.set(payloadType, codec);
  }
  return codecs.size === 0 ? null : redCodec(codecs, clockRate);
}

function isAlike(a: Codec, b: Codec): boolean {
  return a.sampleRate === b.sampleRate && a.channels === b.channels && a.isInRuns === b.isInRuns;
}

// What signalling may say is believed only within these: a rate sizes buffers and filters.
const SLOWEST_HZ = 1_000;
const FASTEST_HZ = 192_000;
const MOST_CHANNELS = 32;

/**
 * The codec of streams of `format`, or null where it is not decoded (see `reasonNotDecodable`) or its rate or channel count
 * is absurd. Loads nothing: a library is loaded when a decoder is opened.
 */
export function codecFor(format: CodecFormat): Codec | null {
  const { encoding, clockRate, channels } = format;
  const make = CODECS.get(encoding.toUpperCase());
  if (make === undefined) return null;
  if (!Number.isInteger(clockRate) || clockRate < SLOWEST_HZ || clockRate > FASTEST_HZ) return null;
  if (!Number.isInteger(channels) || channels < 1 || channels > MOST_CHANNELS) return null;
  return make(format);
}

/** Encodings that streams of RTP have and that are no audio, and what they are. */
const NO_AUDIO: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'is video':
      'AV1 BMPEG CELB H261 H263 H263-1998 H263-2000 H264 H264-SVC H265 H266 JPEG MP2T MPV MP4V-ES NV RAW THEORA VP8 VP9',
    'repairs packets that were lost, and has no audio of its own':
      'ULPFEC PARITYFEC FLEXFEC FLEXFEC-03 RAPTORFEC X-ULPFECUC',
    'sends packets again that were lost, and is not played by itself': 'RTX',
    'is fax': 'T38',
    'is text': 'T140 T140C',
  }).flatMap(([kind, names]) => names.split(' ').map((name): [string, string] => [name, kind])),
);

/** A sentence, without its full stop, saying why streams of `format` cannot be heard. */
export function reasonNotDecodable(format: CodecFormat): string {
  const name = format.encoding.trim().slice(0, 40);
  const key = name.toUpperCase();
  if (name === '') return 'The codec of this stream is not known';
  if (key === 'TELEPHONE-EVENT') return 'telephone-event carries digits, not audio';
  const kind = NO_AUDIO.get(key);
  if (kind !== undefined) return `${name} ${kind}`;
  if (key === 'RED') return 'red carries blocks of a codec that is not named or not decoded';
  const option = key === 'AMR' || key === 'AMR-WB' ? amrOptionNotRead(format) : null;
  if (option !== null) return `${name} with ${option} is not decoded in this version`;
  if (CODECS.has(key)) return `${name} is not decoded with this clock rate or number of channels`;
  return `${name} is not decoded in this version`;
}
