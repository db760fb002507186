/** Hostile payloads for every decoder: made up, damaged, cut, and longer than they should be. */
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import { type AudioDecoder, type Codec, type CodecFormat, codecFor } from '../../media/codecs/index.ts';
import { LibraryDecoder } from '../../media/codecs/library-decoder.ts';
import { amrFrames, bandwidthEfficient, cut, fixture, octetAligned } from '../codecs/fixtures.ts';
import { g729Frames, silkPackets } from '../codecs/payloads.ts';

interface Target {
  readonly codec: Codec;
  readonly decoder: AudioDecoder;
  /** Sound payloads, to be damaged. */
  readonly samples: readonly Uint8Array[];
}

const MOST_OCTETS = 1600;
const GUARD = 12_345;

/** Decodes `inputs` payloads; `random` gives 0 ≤ x < 1. Throws where a decoder throws, breaks, or writes where it may not. */
export async function fuzzCodecs(random: () => number, inputs: number): Promise<void> {
  const targets = await openTargets();
  const into = new Int16Array(20_000);
  for (let i = 0; i < inputs; i++) {
    const { codec, decoder, samples } = pick(random, targets);
    const bytes = hostilePayload(random, samples);
    const at = Math.floor(random() * 4);
    const length = random() < 0.1 ? bytes.length + 5 : Math.max(0, bytes.length - at);
    const intoAt = Math.floor(random() * random() * into.length);
    into.fill(GUARD);
    const frames = decoder.decode(bytes, at, length, into, intoAt);
    const end = intoAt + frames * decoder.channels;
    check(Number.isInteger(frames) && frames >= 0 && end <= into.length, `${frames} sample frames`);
    check(frames <= codec.samplesIn(length), 'more samples than it said');
    check(
      into.every((sample, place) => sample === GUARD || (place >= intoAt && place < end)),
      'wrote elsewhere',
    );
    if (at + length <= bytes.length) {
      const said = codec.samplesOf?.(bytes, at, length) ?? 0;
      check(said >= 0 && said <= codec.samplesIn(length), 'samplesOf is beyond samplesIn');
    }
    check(!(decoder instanceof LibraryDecoder) || decoder.failures === 0, 'the library broke');
    into.fill(GUARD);
    const missing = Math.floor(random() * 2000);
    const repeated = decoder.repeats?.(bytes, at, length, missing) ?? 0;
    check(repeated >= 0 && repeated <= missing, `repeats ${repeated} of ${missing}`);
    decoder.recover?.(bytes, at, length, missing, into, intoAt);
    check(
      into.subarray(intoAt).every((sample) => sample === GUARD),
      'recovered what is not missing',
    );
    into.fill(GUARD);
    const concealed = decoder.conceal?.(missing, into, intoAt) ?? 0;
    check(concealed <= missing && intoAt + concealed <= into.length, `conceals ${concealed} of ${missing}`);
    check(
      into.every((sample, place) => sample === GUARD || (place >= intoAt && place < intoAt + concealed)),
      'concealed elsewhere',
    );
    if (random() < 0.01) decoder.reset();
  }
}

async function openTargets(): Promise<Target[]> {
  const opus = cut(fixture('speech.opus-packets'), 60);
  const narrow = amrFrames(fixture('speech-dtx.amr'), false);
  const wide = amrFrames(fixture('speech.amr-wb'), true);
  const g726 = ['16', '24', '32', '40'].map((rate): [string, number, Uint8Array[]] => [
    `G726-${rate}`,
    8000,
    cut(fixture(`speech.g726-${rate}`), 5 * (Number(rate) / 8)),
  ]);
  const list: [string, number, readonly Uint8Array[]][] = [
    ...g726,
    ['AAL2-G726-24', 8000, cut(fixture('speech.aal2-g726-24'), 60)],
    ['PCMU', 8000, opus],
    ['L8', 8000, opus],
    ['L16', 8000, opus],
    ['L24', 8000, opus],
    ['G722', 8000, cut(fixture('speech.g722'), 160)],
    ['GSM', 8000, cut(fixture('speech.gsm'), 66)],
    ['DVI4', 8000, cut(fixture('speech.dvi4'), 84)],
    ['AMR', 8000, narrow.map((frame) => bandwidthEfficient([frame, frame]))],
    ['AMR-WB', 16000, wide.map((frame) => octetAligned([frame]))],
    ['opus', 48000, opus],
  ];
  const formats: { format: CodecFormat; samples: readonly Uint8Array[] }[] = list.map(
    ([encoding, clockRate, samples]) => ({ format: { encoding, clockRate, channels: 1 }, samples }),
  );
  const blocks = new Map([[0, { encoding: 'PCMU', clockRate: 8000, channels: 1 }]]);
  const red = [Uint8Array.of(128, 2, 128, 2, 0, 1, 2, 3, 4)];
  formats.push({ format: { encoding: 'red', clockRate: 8000, channels: 1, blocks }, samples: red });
  return Promise.all(
    formats.map(async ({ format, samples }) => {
      const codec = codecFor(format);
      if (codec === null) throw new Error(`${format.encoding} is not decoded`);
      return { codec, decoder: await codec.open(), samples };
    }),
  );
}

/** Decodes `runs` runs of hostile payloads, with gaps and overlaps. Throws where a run is rejected or gives what it may not. */
export async function fuzzRuns(random: () => number, runs: number): Promise<void> {
  provideDecodeThread();
  const targets = await openRunTargets();
  for (let i = 0; i < runs; i++) {
    const { codec, decoder, samples } = pick(random, targets);
    const payloads = Array.from({ length: 1 + Math.floor(random() * 80) }, () =>
      random() < 0.5 ? pick(random, samples) : hostilePayload(random, samples),
    );
    let place = 0;
    const at = Float64Array.from(payloads, () => (place += Math.floor(random() ** 3 * 4000)));
    const room = Uint32Array.from(payloads, () => Math.floor(random() ** 4 * 65_536));
    const decoded = await decoder.decodeRun?.({ payloads, at, room });
    check(decoded?.starts.length === payloads.length + 1 && decoded.starts[0] === 0, 'a payload has no place');
    check(decoded?.samples.length === decoded?.starts[payloads.length], 'samples of no payload');
    for (const [p, { length }] of payloads.entries()) {
      const count = (decoded?.starts[p + 1] ?? 0) - (decoded?.starts[p] ?? 0);
      const most = Math.max(codec.samplesIn(length), room[p]);
      check(count >= 0 && count <= most, `${count} samples of ${most}`);
    }
  }
}

async function openRunTargets(): Promise<Target[]> {
  const list: readonly (readonly [string, number, readonly Uint8Array[]])[] = [
    ['G729', 8000, g729Frames()],
    ['G723', 8000, cut(fixture('speech.g723'), 24)],
    ['iLBC', 8000, cut(fixture('random.ilbc30'), 50)],
    ['speex', 8000, cut(fixture('speech.speex-8000'), 38)],
    ['speex', 16_000, cut(fixture('speech.speex-16000'), 70)],
    ['speex', 32_000, cut(fixture('speech.speex-32000'), 74)],
    ['SILK', 8000, silkPackets()],
    ['CN', 8000, [Uint8Array.of(60, 100, 140)]],
  ];
  const blocks = new Map([[18, { encoding: 'G729', clockRate: 8000, channels: 1 }]]);
  const [first, second] = cut(fixture('speech.g729'), 20);
  const red = [Uint8Array.of(0x92, 2, 128, 20, 18, ...first, ...second), Uint8Array.of(18, ...second)];
  return Promise.all(
    [...list, ['red', 8000, red] as const].map(async ([encoding, clockRate, samples]) => {
      const codec = codecFor({ encoding, clockRate, channels: 1, blocks });
      if (codec === null) throw new Error(`${encoding} is not decoded`);
      return { codec, decoder: await codec.open(), samples };
    }),
  );
}

function hostilePayload(random: () => number, samples: readonly Uint8Array[]): Uint8Array {
  if (random() < 0.3) {
    return Uint8Array.from({ length: Math.floor(random() ** 3 * MOST_OCTETS) }, () => Math.floor(random() * 256));
  }
  const sound = pick(random, samples);
  const bytes = random() < 0.2 ? Uint8Array.of(...sound, ...pick(random, samples)) : sound.slice();
  for (let damage = Math.floor(random() * 6); damage > 0 && bytes.length > 0; damage--) {
    bytes[Math.floor(random() ** 2 * bytes.length)] ^= 1 << Math.floor(random() * 8);
  }
  return random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)];
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
