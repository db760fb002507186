/** Codecs that carry state, and those whose payload alone says how long it is, on the way from packets to samples. */
import { describe, expect, test } from 'vitest';
import { MU_LAW } from '../codecs/g711-laws.ts';
import type { CodecFormat } from '../codecs/index.ts';
import {
  amrFrames,
  bandwidthEfficient,
  codecWith,
  cut,
  decodeAll,
  fixture,
  signalToNoise,
} from '../../test/codecs/fixtures.ts';
import { type ListedPacket, listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudio } from './mix.ts';
import {
  extentOf,
  outputRate,
  packetToMeasure,
  prepareStream,
  type StreamAudio,
  withLastPayload,
} from './stream-audio.ts';

interface Case {
  readonly name: string;
  readonly format: CodecFormat;
  readonly payloads: readonly Uint8Array[];
  /** Timestamp units a packet. */
  readonly step: number;
}

function mono(encoding: string, clockRate: number): CodecFormat {
  return { encoding, clockRate, channels: 1 };
}

const repeatedOpus = Array.from({ length: 10 }, () => cut(fixture('speech.opus-packets'), 60)).flat();
const CASES: readonly Case[] = [
  { name: 'G.722', format: mono('G722', 8000), payloads: cut(fixture('speech.g722'), 160), step: 160 },
  { name: 'G.726', format: mono('G726-32', 8000), payloads: cut(fixture('speech.g726-32'), 80), step: 160 },
  { name: 'GSM', format: mono('GSM', 8000), payloads: cut(fixture('speech.gsm'), 33), step: 160 },
  {
    name: 'AMR-WB',
    format: mono('AMR-WB', 16000),
    payloads: amrFrames(fixture('speech.amr-wb'), true).map((frame) => bandwidthEfficient([frame])),
    step: 320,
  },
  { name: 'Opus', format: { encoding: 'opus', clockRate: 48000, channels: 2 }, payloads: repeatedOpus, step: 960 },
];

/** Packets of a case, the first at 0 s; those of which `isLost` holds never come. */
function packetsOf({ payloads, step, format }: Case, isLost: (i: number) => boolean = () => false): ListedPacket[] {
  return payloads.flatMap((payload, i) => {
    const arrival = (i * step) / format.clockRate;
    return isLost(i) ? [] : [{ sequence: i, timestamp: 1000 + i * step, arrival, payloadType: 96, payload }];
  });
}

function prepared(format: CodecFormat, list: readonly ListedPacket[]): StreamAudio {
  const audio = prepareStream(listedPackets(list), [{ ...format, payloadType: 96 }]);
  const last = packetToMeasure(audio);
  return last < 0 ? audio : withLastPayload(audio, list[last].payload, 0, list[last].payload.length);
}

async function render(
  audio: StreamAudio,
  list: readonly ListedPacket[],
  from: number,
  to: number,
): Promise<Int16Array> {
  const samples = new Int16Array(to - from);
  let at = 0;
  await renderAudio({ channels: [[audio]], fromSample: from, toSample: to }, listedPayloads([list]), (block) => {
    samples.set(block, at);
    at += block.length;
  });
  return samples;
}

describe.each(CASES)('$name', (each) => {
  const { format, payloads, step } = each;
  const { sampleRate } = codecWith(format);
  const perPacket = (step * sampleRate) / format.clockRate;
  const length = payloads.length * perPacket;

  test('is as long as its packets, and what its decoder gives packet after packet', async () => {
    const list = packetsOf(each);
    const audio = prepared(format, list);
    expect(outputRate([audio])).toBe(sampleRate);
    expect(extentOf([audio], sampleRate)).toEqual({ from: 0, to: length });
    const expected = decodeAll(await codecWith(format).open(), payloads);
    expect(await render(audio, list, 0, length)).toEqual(expected);
  });

  test('loss is silence of its length, and moves nothing that follows', async () => {
    const lost = [12, 13, 30];
    const list = packetsOf(each, (i) => lost.includes(i));
    const audio = prepared(format, list);
    const heard = await render(audio, list, 0, length);
    const decoder = await codecWith(format).open();
    for (const [i, payload] of payloads.entries()) {
      const expected = lost.includes(i) ? new Int16Array(perPacket) : decodeAll(decoder, [payload]);
      expect(heard.subarray(i * perPacket, (i + 1) * perPacket)).toEqual(expected);
    }
  });

  test('a part is nearly what the whole has there', async () => {
    // Three times over, so that a part can begin after the second that decoders are given to find their feet.
    const long = { ...each, payloads: [...payloads, ...payloads, ...payloads] };
    const list = packetsOf(long);
    const audio = prepared(format, list);
    const whole = await render(audio, list, 0, 3 * length);
    const from = Math.round(1.7 * sampleRate) + 7;
    const part = await render(audio, list, from, 3 * length);
    expect(signalToNoise(part, whole.subarray(from))).toBeGreaterThan(40);
  });

  test('two renderings at a time do not disturb each other', async () => {
    const list = packetsOf(each);
    const audio = prepared(format, list);
    const [a, b] = await Promise.all([render(audio, list, 0, length), render(audio, list, 0, length)]);
    expect(a).toEqual(b);
  });
});

test('RED: what was lost is heard from what later packets repeat, over the seams of blocks too', async () => {
  const octets = Uint8Array.from({ length: 160 * 150 }, (_, i) => (i * 31 + (i >> 7)) & 0xff);
  const part = (i: number): Uint8Array => octets.subarray(160 * i, 160 * (i + 1));
  const older = (i: number, distance: number): number[] =>
    i < distance ? [] : [128, (160 * distance) >> 6, ((160 * distance) << 2) & 0xff, 160];
  // Each repeats the two before it; the 50th begins at the second block of a second. Three lost in a row are one too many.
  const lost = [20, 49, 50, 99, 120, 121, 122];
  const list = Array.from({ length: 150 }, (_, i) => {
    const blocks = [2, 1].flatMap((distance) => (i < distance ? [] : [...part(i - distance)]));
    const payload = Uint8Array.of(...older(i, 2), ...older(i, 1), 0, ...blocks, ...part(i));
    return { sequence: i, timestamp: 160 * i, arrival: 0.02 * i, payloadType: 96, payload };
  }).filter((_, i) => !lost.includes(i));
  const blocks = new Map([[0, mono('PCMU', 8000)]]);
  const audio = prepared({ ...mono('red', 8000), blocks }, list);
  const heard = await render(audio, list, 0, octets.length);
  const expected = Int16Array.from(octets, (octet, i) => (Math.floor(i / 160) === 120 ? 0 : MU_LAW[octet]));
  expect(heard).toEqual(expected);
  expect(await render(audio, list, 7900, octets.length)).toEqual(expected.subarray(7900));
});

test('Opus of several durations: every packet where its timestamp says, to the end of the last', async () => {
  const packets = cut(fixture('speech.opus-packets'), 60).slice(0, 6);
  // Two frames in one packet (code 3, both 59 octets): 40 ms.
  const double = Uint8Array.of(packets[4][0] | 3, 2, ...packets[4].subarray(1), ...packets[5].subarray(1));
  const payloads = [...packets.slice(0, 4), double];
  const list = payloads.map((payload, i) => ({
    sequence: i,
    timestamp: i * 960,
    arrival: i * 0.02,
    payloadType: 96,
    payload,
  }));
  const format = { encoding: 'opus', clockRate: 48000, channels: 2 };
  const audio = prepared(format, list);
  expect(extentOf([audio], 48000)).toEqual({ from: 0, to: 6 * 960 });
  const expected = decodeAll(await codecWith(format).open(), packets);
  expect(await render(audio, list, 0, 6 * 960)).toEqual(expected);
});
