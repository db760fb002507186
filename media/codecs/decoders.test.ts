import { describe, expect, test } from 'vitest';
import { Random } from '../../test/perf/load/random.ts';
import {
  amrFrames,
  bandwidthEfficient,
  codec,
  codecWith,
  cut,
  decodeAll,
  fixture,
  hash,
  hashOf,
  octetAligned,
  signalToNoise,
} from '../../test/codecs/fixtures.ts';

// A second of speech each: encoding, RTP clock, octets in 20 ms.
const EXACT: readonly (readonly [file: string, encoding: string, clockRate: number, octets: number])[] = [
  ['speech.g722', 'G722', 8000, 160],
  ['speech.g726-16', 'G726-16', 8000, 40],
  ['speech.g726-24', 'G726-24', 8000, 60],
  ['speech.g726-32', 'g726-32', 8000, 80],
  ['speech.g726-40', 'G726-40', 8000, 100],
  ['speech.aal2-g726-24', 'AAL2-G726-24', 8000, 60],
  ['speech.gsm', 'GSM', 8000, 33],
  ['speech.dvi4', 'DVI4', 8000, 84],
];

describe('to the last bit what another decoder gives', () => {
  test.each(EXACT)('%s', async (file, encoding, clockRate, octets) => {
    const decoder = await codec(encoding, clockRate).open();
    const samples = decodeAll(decoder, cut(fixture(file), octets));
    expect(samples.length).toBe(decoder.sampleRate);
    expect(hash(samples)).toBe(hashOf(file));
    // A jump forgets what was before.
    decoder.reset();
    expect(hash(decodeAll(decoder, cut(fixture(file), octets)))).toBe(hashOf(file));
  });

  const pack = { 'octet-align=1': octetAligned, 'octet-align=0': bandwidthEfficient };
  const amr = ['speech.amr', 'speech-dtx.amr', 'speech.amr-wb'].flatMap((file) =>
    Object.entries(pack).flatMap(([parameters, packer]) =>
      [1, 3].map((frames) => [file, parameters, frames, packer] as const),
    ),
  );
  test.each(amr)('%s, %s, %i frames a packet', async (file, parameters, count, packer) => {
    const isWide = file.endsWith('wb');
    const frames = amrFrames(fixture(file), isWide);
    const payloads = Array.from({ length: Math.ceil(frames.length / count) }, (_, i) =>
      packer(frames.slice(i * count, (i + 1) * count)),
    );
    // With the parameter, and without: then the payload tells.
    for (const said of [parameters, '']) {
      const { open, samplesOf } = codec(isWide ? 'AMR-WB' : 'AMR', isWide ? 16000 : 8000, said);
      const decoder = await open();
      expect(hash(decodeAll(decoder, payloads))).toBe(hashOf(file));
      decoder.reset();
      expect(hash(decodeAll(decoder, payloads))).toBe(hashOf(file));
      for (const [i, payload] of payloads.entries()) {
        const held = Math.min(count, frames.length - i * count);
        expect(samplesOf?.(payload, 0, payload.length)).toBe(held * (isWide ? 320 : 160));
      }
    }
  });
});

test('Opus is what libopus gives but for the last bit, and each packet tells its length', async () => {
  const { open, samplesOf } = codecWith({ encoding: 'opus', clockRate: 48000, channels: 2 });
  const packets = cut(fixture('speech.opus-packets'), 60);
  for (const packet of packets) expect(samplesOf?.(packet, 0, packet.length)).toBe(960);
  const samples = decodeAll(await open(), packets);
  expect(samples.length).toBe(960 * packets.length);
  const octets = fixture('speech.opus-packets.s16le');
  const expected = new Int16Array(octets.buffer);
  const heard = samples.subarray(312, 312 + expected.length);
  expect(signalToNoise(heard, expected)).toBeGreaterThan(70);
  expect(heard.findIndex((sample, i) => Math.abs(sample - expected[i]) > 1)).toBe(-1);
});

describe('what is no payload of the codec is silent', () => {
  test('GSM: a frame without its signature', async () => {
    const { open, samplesOf } = codec('GSM', 8000);
    const payload = fixture('speech.gsm').slice(0, 66);
    expect(samplesOf?.(payload, 0, 66)).toBe(320);
    payload[33] ^= 0x40;
    expect(samplesOf?.(payload, 0, 66)).toBe(0);
    expect((await open()).decode(payload, 0, 66, new Int16Array(320), 0)).toBe(160);
    expect(samplesOf?.(payload, 0, 65)).toBe(0);
  });

  test('DVI4: a step that does not exist', async () => {
    const payload = fixture('speech.dvi4').slice(0, 84);
    payload[2] = 89;
    expect((await codec('DVI4', 8000).open()).decode(payload, 0, 84, new Int16Array(160), 0)).toBe(0);
  });

  test('AMR: a length that does not fit, in either form', async () => {
    const payload = octetAligned(amrFrames(fixture('speech.amr'), false).slice(0, 1));
    const longer = Uint8Array.of(...payload, 0);
    for (const parameters of ['', 'octet-align=1', 'octet-align=0']) {
      const { open, samplesOf } = codec('AMR', 8000, parameters);
      expect(samplesOf?.(longer, 0, longer.length)).toBe(0);
      expect((await open()).decode(longer, 0, longer.length, new Int16Array(9000), 0)).toBe(0);
    }
    // Signalled as bandwidth-efficient, it is not taken for octet-aligned.
    expect(codec('AMR', 8000, 'octet-align=0').samplesOf?.(payload, 0, payload.length)).toBe(0);
  });

  test('AMR: frames marked as damaged are concealed', async () => {
    const [frame] = amrFrames(fixture('speech.amr'), false);
    const damaged = octetAligned([frame]);
    damaged[1] &= ~4;
    const heard: Int16Array[] = [];
    for (const second of [damaged, octetAligned([{ type: 15, bits: '' }]), octetAligned([frame])]) {
      heard.push(decodeAll(await codec('AMR', 8000, 'octet-align=1').open(), [octetAligned([frame]), second]));
    }
    expect(heard[0]).toEqual(heard[1]);
    expect(heard[0]).not.toEqual(heard[2]);
  });
});

const EVERY = [
  ...EXACT.map(([, encoding, clockRate]) => [encoding, clockRate] as const),
  ['PCMU', 8000],
  ['L8', 8000],
  ['L16', 8000],
  ['L24', 8000],
  ['AMR', 8000],
  ['AMR-WB', 16000],
  ['opus', 48000],
] as const;

test.each(EVERY)('%s writes inside its buffer, and no more than it says', async (encoding, clockRate) => {
  const random = new Random(7);
  const { open, samplesIn, samplesOf } = codec(encoding, clockRate);
  const decoder = await open();
  for (let round = 0; round < 300; round++) {
    const octets = Uint8Array.from({ length: random.between(0, 300) }, () => random.between(0, 256));
    const at = random.between(0, 20);
    const length = random.between(0, 320);
    const into = new Int16Array(random.between(0, 7000)).fill(-31_000);
    const intoAt = random.between(0, 700);
    const frames = decoder.decode(octets, at, length, into, intoAt);
    expect(frames).toBeGreaterThanOrEqual(0);
    expect(frames).toBeLessThanOrEqual(samplesIn(length));
    expect(frames).toBeLessThanOrEqual(Math.max(0, into.length - intoAt));
    expect(into.subarray(0, intoAt).every((sample) => sample === -31_000)).toBe(true);
    expect(into.subarray(intoAt + frames).every((sample) => sample === -31_000)).toBe(true);
    if (at + length <= octets.length) {
      expect(samplesOf?.(octets, at, length) ?? 0).toBeLessThanOrEqual(samplesIn(length));
    }
  }
});
