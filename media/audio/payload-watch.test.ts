/** Payloads that are none of their codec, and such that make good what was lost, as those are told who render. */
import { beforeAll, expect, test } from 'vitest';
import { cut, fixture } from '../../test/codecs/fixtures.ts';
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import type { CodecFormat } from '../codecs/index.ts';
import { listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudio } from './mix.ts';
import { extentOf, outputRate, prepareStream } from './stream-audio.ts';

beforeAll(() => provideDecodeThread());

/** Which of the packets, 20 ms apart but for those that never come, are told of. */
async function told(
  format: CodecFormat,
  payloads: readonly (Uint8Array | null)[],
  part: { readonly from?: number } = {},
): Promise<{ damaged: number[]; repeats: number[] }> {
  const step = format.clockRate / 50;
  const list = payloads.flatMap((payload, i) =>
    payload === null ? [] : [{ sequence: i, timestamp: i * step, arrival: i / 50, payloadType: 96, payload }],
  );
  const audio = prepareStream(listedPackets(list), [{ ...format, payloadType: 96 }]);
  const extent = extentOf([audio], outputRate([audio])) ?? { from: 0, to: 0 };
  const damaged: number[] = [];
  const repeats: number[] = [];
  const watch = {
    damaged: (_stream: number, packet: number) => damaged.push(list[packet].sequence),
    repeats: (_stream: number, packet: number) => repeats.push(list[packet].sequence),
  };
  const options = { channels: [[audio]], fromSample: part.from ?? extent.from, toSample: extent.to, watch };
  await renderAudio(options, listedPayloads([list]), () => {});
  return { damaged, repeats };
}

function mono(encoding: string, clockRate = 8000): CodecFormat {
  return { encoding, clockRate, channels: 1 };
}

function spoilt(payloads: readonly Uint8Array[], places: Readonly<Record<number, Uint8Array>>): Uint8Array[] {
  return payloads.map((payload, i) => places[i] ?? payload);
}

const opus: CodecFormat = { encoding: 'opus', clockRate: 48000, channels: 2 };

test.each([
  ['GSM', mono('GSM'), cut(fixture('speech.gsm'), 33), { 3: new Uint8Array(20), 9: new Uint8Array(33) }],
  ['G.729, in runs', mono('G729'), cut(fixture('speech.g729'), 20), { 3: new Uint8Array(23), 9: new Uint8Array(1) }],
  [
    'DVI4',
    mono('DVI4'),
    cut(fixture('speech.dvi4'), 84),
    { 3: new Uint8Array(3), 9: Uint8Array.of(0, 0, 99, 0, 1, 2) },
  ],
  // R3 of RFC 6716 section 3.4: two frames of one length are an even number of octets.
  ['Opus', opus, cut(fixture('speech.opus-packets'), 60), { 3: Uint8Array.of(73, 1), 9: Uint8Array.of(75, 0) }],
  [
    'L16',
    mono('L16'),
    Array.from({ length: 12 }, () => new Uint8Array(320)),
    { 3: new Uint8Array(1), 9: new Uint8Array(1) },
  ],
] as const)('%s: what is no payload of it', async (_name, format, payloads, places) => {
  expect(await told(format, payloads)).toEqual({ damaged: [], repeats: [] });
  expect(await told(format, spoilt(payloads, places))).toEqual({ damaged: [3, 9], repeats: [] });
});

test('AMR: a mode that is not in use (RFC 4867 section 4.3.2)', async () => {
  const payloads = Array.from({ length: 12 }, () => Uint8Array.of(0xf6, 0x40));
  expect(await told(mono('AMR'), payloads)).toEqual({ damaged: [...payloads.keys()], repeats: [] });
});

test('a payload of no octets is nothing to be decoded, and none that is before the part', async () => {
  const payloads = Array.from({ length: 100 }, (_, i) => new Uint8Array(i === 50 ? 0 : i === 10 || i === 90 ? 5 : 33));
  for (const [i, payload] of payloads.entries()) if (i !== 10 && i !== 50 && i !== 90) payload.fill(0xd0, 0, 1);
  expect(await told(mono('GSM'), payloads)).toEqual({ damaged: [10, 90], repeats: [] });
  expect(await told(mono('GSM'), payloads, { from: 160 * 60 })).toEqual({ damaged: [90], repeats: [] });
});

test('packets with in-band FEC of a packet that was lost', async () => {
  const lost = [5, 12, 27, 35];
  const payloads = cut(fixture('speech-fec.opus-packets'), 60).map((payload, i) => (lost.includes(i) ? null : payload));
  // 28 repeats nothing.
  expect(await told(opus, payloads)).toEqual({ damaged: [], repeats: [6, 13, 36] });
});
