import { beforeAll, describe, expect, test } from 'vitest';
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import { cut, fixture, signalToNoise } from '../../test/codecs/fixtures.ts';
import type { AudioDecoder, PayloadRun } from '../codecs/index.ts';
import { type ListedPacket, listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudio } from './mix.ts';
import { RunAhead } from './run-ahead.ts';
import { prepareStream } from './stream-audio.ts';

beforeAll(() => provideDecodeThread());

const G729 = { payloadType: 18, encoding: 'G729', clockRate: 8000, channels: 1 };
const PCMU = { payloadType: 0, encoding: 'PCMU', clockRate: 8000, channels: 1 };
const SPEECH = cut(fixture('speech.g729'), 20);

/** Packets of 20 ms of G.729, the same second of speech again and again. */
function speech(packets: number): ListedPacket[] {
  return Array.from({ length: packets }, (_, i) => ({
    sequence: i & 0xffff,
    timestamp: 160 * i,
    arrival: i / 50,
    payloadType: 18,
    payload: SPEECH[i % SPEECH.length],
  }));
}

async function render(
  list: readonly ListedPacket[],
  fromSample = 0,
  toSample = 160 * list.length,
): Promise<Int16Array> {
  const samples: number[] = [];
  const stream = prepareStream(listedPackets(list), [G729, PCMU]);
  const options = { channels: [[stream]], sampleRate: 8000, fromSample, toSample };
  await renderAudio(options, listedPayloads([list]), (block) => void samples.push(...block));
  return Int16Array.from(samples);
}

describe('what is decoded in runs', () => {
  test('is the same wherever rendering begins and runs meet, but for what a decoder forgets in two seconds', async () => {
    // Runs meet after a minute.
    const list = speech(50 * 63);
    const whole = await render(list);
    expect(whole.length).toBe(8000 * 63);
    const around = await render(list, 8000 * 59, 8000 * 62);
    expect(signalToNoise(whole.subarray(8000 * 59, 8000 * 62), around)).toBeGreaterThan(25);
    // The same speech every second: after the first it is at the same place in each.
    for (const second of [30, 59, 60, 61]) {
      const part = whole.subarray(8000 * second, 8000 * (second + 1));
      expect(signalToNoise(part, whole.subarray(8000 * 10, 8000 * 11))).toBeGreaterThan(15);
    }
  });

  test('takes turns with what is decoded packet by packet', async () => {
    const list = speech(150).map((packet, i) =>
      i >= 50 && i < 100 ? { ...packet, payloadType: 0, payload: new Uint8Array(160).fill(0x80) } : packet,
    );
    const samples = await render(list);
    expect(samples.subarray(8000, 16_000).every((sample) => sample === samples[8000] && sample > 30_000)).toBe(true);
    const speechOnly = await render(speech(150));
    expect(samples.subarray(0, 8000)).toEqual(speechOnly.subarray(0, 8000));
    expect(samples.subarray(16_000).some((sample) => sample !== 0)).toBe(true);
  });

  test('a payload that is none of the codec is silent, and moves nothing', async () => {
    const whole = await render(speech(100));
    const list = speech(100).map((packet, i) =>
      i === 30 ? { ...packet, payload: new Uint8Array(7).fill(1) } : packet,
    );
    const samples = await render(list);
    expect(samples.subarray(30 * 160, 31 * 160).every((sample) => sample === 0)).toBe(true);
    expect(samples.subarray(0, 30 * 160)).toEqual(whole.subarray(0, 30 * 160));
    expect(signalToNoise(samples.subarray(50 * 160), whole.subarray(50 * 160))).toBeGreaterThan(10);
  });
});

test('no run is longer than a minute, whatever there is, and none goes beyond what is rendered', () => {
  const list = speech(20_000);
  const stream = prepareStream(listedPackets(list), [G729]);
  const runs: PayloadRun[] = [];
  const decoder: AudioDecoder = {
    sampleRate: 8000,
    channels: 1,
    samplesIn: () => 160,
    decode: () => 0,
    reset() {},
    decodeRun: (run) => {
      runs.push(run);
      return Promise.resolve({ samples: new Int16Array(0), starts: new Uint32Array(run.payloads.length + 1) });
    },
  };
  const ahead = new RunAhead(stream, 8000, 65_536, () => decoder);
  ahead.seek(0);
  const rows: number[][] = [];
  for (let second = 0; second < 100; second++) {
    const next = ahead.next(second * 50, (second + 1) * 8000, 100 * 8000);
    if (next.length > 0) rows.push([...next]);
  }
  // A minute; then two seconds again before the rest of the hundred.
  expect(rows.map((run) => [run[0], run.at(-1)])).toEqual([
    [0, 2999],
    [2900, 4999],
  ]);
});
