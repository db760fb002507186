import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import {
  amrFrames,
  codec,
  cut,
  decodeAll,
  decodeInRun,
  fixture,
  hash,
  hashOf,
  octetAligned,
  signalToNoise,
} from '../../test/codecs/fixtures.ts';
import { g729Frames, silkPackets } from '../../test/codecs/payloads.ts';
import { AMR_ORDER } from './gsm-efr.ts';
import { splitSpeex } from './speex.ts';

beforeAll(() => provideDecodeThread());

function samplesOf(name: string): Int16Array {
  return new Int16Array(fixture(name).buffer);
}

/** The payloads of `octets` octets, `count` of them in one. */
function packed(name: string, octets: number, count: number): Uint8Array[] {
  return cut(fixture(name), octets * count);
}

// Encoding, parameters, octets and samples of a frame.
const EXACT: readonly (readonly [file: string, encoding: string, parameters: string, octets: number, step: number])[] =
  [
    ['speech.g729', 'G729', '', 10, 80],
    ['speech.g723', 'G723', '', 24, 240],
    ['random.ilbc20', 'iLBC', 'mode=20', 38, 160],
    ['random.ilbc30', 'iLBC', '', 50, 240],
  ];

describe('to the last bit what FFmpeg gives', () => {
  test.each(EXACT)('%s, one frame and two a payload', async (file, encoding, parameters, octets, step) => {
    const { open, samplesOf: samplesIn } = codec(encoding, 8000, parameters);
    const decoder = await open();
    for (const count of [1, 2]) {
      const payloads = packed(file, octets, count);
      for (const payload of payloads)
        expect(samplesIn?.(payload, 0, payload.length)).toBe((payload.length * step) / octets);
      const samples = await decodeInRun(decoder, payloads, step * count);
      expect(hash(samples)).toBe(hashOf(file));
    }
  });
});

describe('near what an independent decoder gives', () => {
  test('G.729: bcg729, whose post-filter is that of annex A', async () => {
    const samples = await decodeInRun(await codec('G729', 8000).open(), packed('speech.g729', 10, 2), 160);
    expect(signalToNoise(samples, samplesOf('speech.g729.s16le'))).toBeGreaterThan(15);
  });

  // In wideband FFmpeg's high-pass filter turns low frequencies by a little; above them the two are alike.
  test.each([
    [8000, 60, 38],
    [16_000, 12, 70],
    [32_000, 12, 74],
  ])('Speex at %i Hz: libspeex', async (rate, decibels, octets) => {
    const payloads = packed(`speech.speex-${rate}`, octets, 1);
    const samples = await decodeInRun(await codec('speex', rate).open(), payloads, rate / 50);
    const expected = samplesOf(`speech.speex-${rate}.s16le`);
    expect(samples.length).toBe(expected.length);
    expect(signalToNoise(samples, expected)).toBeGreaterThan(decibels);
  });

  test('SILK: the speech that was encoded, as late as the codec is', async () => {
    const packets = silkPackets();
    const samples = await decodeInRun(await codec('SILK', 8000).open(), packets, 160);
    const speech = readFileSync(new URL('../../test/captures/srtp-sdes-speech.caller.wav', import.meta.url));
    const original = new Int16Array(speech.buffer.slice(speech.byteOffset + 44, speech.byteOffset + speech.length));
    const likeness = [...Array(400).keys()].map((delay) => correlation(samples.subarray(delay), original, 40_000));
    expect(Math.max(...likeness)).toBeGreaterThan(0.9);
    expect(likeness.indexOf(Math.max(...likeness))).toBeLessThan(100);
  });
});

function correlation(a: Int16Array, b: Int16Array, count: number): number {
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (let i = 0; i < count; i++) {
    both += a[i] * b[i];
    ofA += a[i] ** 2;
    ofB += b[i] ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}

describe('loss shifts nothing', () => {
  const LOST = new Set([10, 11, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  test.each([
    ['G729', 8000, packed('speech.g729', 10, 1), 80],
    ['G723', 8000, packed('speech.g723', 24, 1), 240],
    ['speex', 8000, packed('speech.speex-8000', 38, 1), 160],
    ['SILK', 8000, silkPackets(), 160],
  ])('%s', async (encoding, rate, payloads, step) => {
    const decoder = await codec(encoding, rate).open();
    const whole = await decodeInRun(decoder, payloads, step);
    const heard = await decodeInRun(decoder, payloads, step, LOST);
    for (const lost of LOST) expect(heard.subarray(lost * step, lost * step + step).every((s) => s === 0)).toBe(true);
    expect(heard.subarray(0, 10 * step)).toEqual(whole.subarray(0, 10 * step));
    // Decoders find back to the same state; a sample's shift would leave nothing alike.
    const after = 31 * step;
    if (payloads.length > 40) expect(signalToNoise(heard.subarray(after), whole.subarray(after))).toBeGreaterThan(8);
  });
});

test('G.729 with pauses: noise as loud as bcg729 makes it goes on until the next payload', async () => {
  const frames = g729Frames();
  const unsent = new Set([...frames.keys()].filter((i) => frames[i].length === 0));
  const { open, samplesOf: samplesIn } = codec('G729', 8000);
  const sid = frames.findIndex((frame) => frame.length === 2);
  expect(sid).toBeGreaterThan(50);
  expect(samplesIn?.(frames[sid], 0, 2)).toBe(80);
  const samples = await decodeInRun(await open(), frames, 80, unsent);
  const noise = samples.subarray(16_000);
  const rms = Math.sqrt(noise.reduce((sum, sample) => sum + sample ** 2, 0) / noise.length) / 32_768;
  const decibels = 20 * Math.log10(rms / Number(hashOf('speech-dtx.g729 noise')));
  expect(Math.abs(decibels)).toBeLessThan(6);
  for (const frame of cut(new Uint8Array(noise.buffer, noise.byteOffset), 160))
    expect(frame.some((octet) => octet !== 0)).toBe(true);
});

test('Speex: frames that share octets are taken apart', async () => {
  // Three frames of 300 bits, bit behind bit: 112.5 octets.
  const frames = packed('speech.speex-8000', 38, 1).slice(0, 3);
  const bits = frames.map((frame) =>
    [...frame]
      .map((octet) => octet.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, 300),
  );
  const text = `${bits.join('')}0111`;
  const payload = Uint8Array.from(text.match(/.{8}/g) ?? [], (octet) => Number.parseInt(octet, 2));
  const { open, samplesOf: samplesIn } = codec('SPEEX', 8000);
  expect(samplesIn?.(payload, 0, payload.length)).toBe(480);
  expect(splitSpeex(payload, 0, payload.length, 0).map((frame) => hash(new Int16Array(frame)))).toEqual(
    frames.map((frame) => hash(new Int16Array(frame))),
  );
  const decoder = await open();
  expect(await decodeInRun(decoder, [payload], 480)).toEqual(await decodeInRun(decoder, frames, 160));
});

test('GSM-EFR is AMR at 12.2 kbit/s with its bits in another order', async () => {
  const frames = amrFrames(fixture('speech.amr'), false);
  const efr = frames.map(({ bits }) => {
    const sorted = Array.from(AMR_ORDER.keys(), (place) => bits[AMR_ORDER.indexOf(place)]);
    return Uint8Array.from(`1100${sorted.join('')}`.match(/.{8}/g) ?? [], (octet) => Number.parseInt(octet, 2));
  });
  const { open, samplesOf: samplesIn } = codec('GSM-EFR', 8000);
  const decoder = await open();
  expect(samplesIn?.(efr[0], 0, 31)).toBe(160);
  expect(samplesIn?.(Uint8Array.of(0xd0, ...efr[0].subarray(1)), 0, 31)).toBe(0);
  const amr = await codec('AMR', 8000, 'octet-align=1').open();
  expect(decodeAll(decoder, efr)).toEqual(
    decodeAll(
      amr,
      frames.map((frame) => octetAligned([frame])),
    ),
  );
});
