import { beforeAll, describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { PEAK_CHUNK } from '../../media/audio/peaks.ts';
import type { Capture } from '../capture.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { ChunkCache } from './chunk-cache.ts';
import { DecodedAudio } from './decoded-audio.ts';
import { hearChannels } from './heard-audio.ts';

/** L16 at 44.1 kHz (payload type 11): the samples in the packets are those that have to come out. */
const RATE = 44_100;
const PACKET = 441;
const PACKETS = 2000;
const SECOND_FROM = 22_050;
const FRAMES = PACKETS * PACKET + SECOND_FROM;

/** By channel, every sample of the audio: two sines that swell and fade; the second begins half a second later. */
function truth(): Int16Array[] {
  const sine = (i: number, cycles: number): number =>
    Math.round(20_000 * Math.sin((2 * Math.PI * cycles * i) / RATE) * Math.sin(i / 90_000));
  const first = Int16Array.from({ length: FRAMES }, (_, i) => (i < PACKETS * PACKET ? sine(i, 440) : 0));
  const second = Int16Array.from({ length: FRAMES }, (_, i) => (i >= SECOND_FROM ? sine(i, 97) : 0));
  return [first, second];
}

const channels = truth();

async function readSines(): Promise<Capture> {
  const datagrams: TestDatagram[] = [];
  for (let packet = 0; packet < PACKETS; packet++) {
    for (const [channel, start] of [0, SECOND_FROM].entries()) {
      const payload = new Uint8Array(PACKET * 2);
      const view = new DataView(payload.buffer);
      for (let i = 0; i < PACKET; i++) view.setInt16(i * 2, channels[channel][start + packet * PACKET + i]);
      datagrams.push({
        at: (packet * PACKET + start) / RATE,
        from: `10.0.0.${channel + 1}:7000`,
        to: `10.0.0.${2 - channel}:7000`,
        payload: rtpPacket({
          ssrc: 0x1000 + channel,
          sequence: 65_000 + packet,
          timestamp: 0xffff0000 + packet * PACKET,
          payloadType: 11,
          payload,
        }),
      });
    }
  }
  return captureOf(
    datagrams.toSorted((a, b) => a.at - b.at),
    builtIns,
  );
}

let capture: Capture;

beforeAll(async () => {
  capture = await readSines();
});

/** `capBytes` of the cache: as small as it gets, each chunk is decoded again whenever it is wanted. */
async function decoded(capBytes = 1 << 30): Promise<DecodedAudio> {
  const streams = capture.streams.streams.toSorted((a, b) => a.ssrc - b.ssrc);
  const heard = await hearChannels(capture, { channels: streams.map((stream) => [stream]) });
  expect([heard.frames, heard.sampleRate]).toEqual([FRAMES, RATE]);
  return new DecodedAudio(capture, heard, 'x', new ChunkCache(capBytes));
}

function interleaved(from: number, to: number): Int16Array {
  return Int16Array.from({ length: (to - from) * 2 }, (_, i) => channels[i & 1][from + (i >> 1)]);
}

/** Smallest, largest and RMS of the samples from index `from` to `to` (both whole), the plain way. */
function brute(channel: number, from: number, to: number): [number, number, number] {
  let [min, max, squares] = [Infinity, -Infinity, 0];
  for (const sample of channels[channel].subarray(Math.max(0, from), Math.max(0, to))) {
    min = Math.min(min, sample / 32768);
    max = Math.max(max, sample / 32768);
    squares += (sample / 32768) ** 2;
  }
  return [min, max, Math.sqrt(squares / (Math.min(to, FRAMES) - Math.max(0, from)))];
}

describe('decoded samples', () => {
  test.each([
    ['all kept', 1 << 30],
    ['none kept', 1],
  ])('%s: those that were sent, over the seams of chunks', async (_, capBytes) => {
    const audio = await decoded(capBytes);
    const parts = [
      [PEAK_CHUNK - 3, PEAK_CHUNK + 2],
      [0, 1],
      [FRAMES - 1, FRAMES],
      [PEAK_CHUNK * 2 - 1, PEAK_CHUNK * 3 + 1],
      [0, FRAMES],
    ];
    for (const [from, to] of parts) {
      const samples = await audio.samples(from, to);
      expect(Buffer.from(samples.buffer).equals(Buffer.from(interleaved(from, to).buffer))).toBe(true);
    }
  });

  test('less where the audio ends, nothing beyond', async () => {
    const audio = await decoded();
    expect((await audio.samples(FRAMES - 10, FRAMES + 1000)).length).toBe(20);
    expect((await audio.samples(FRAMES + 5, FRAMES + 9)).length).toBe(0);
    expect((await audio.samples(7, 7)).length).toBe(0);
  });

  test('many at once, some of them given up: each of the others gets its own', async () => {
    const audio = await decoded(PEAK_CHUNK * 4 + 1);
    const wanted = Array.from({ length: 16 }, (_, i) => {
      const from = (i * 304_729) % (FRAMES - 5000);
      const abort = new AbortController();
      const samples = audio.samples(from, from + 5000, abort.signal);
      if (i % 4 === 3) abort.abort();
      return { from, samples, isGivenUp: i % 4 === 3 };
    });
    const results = await Promise.allSettled(wanted.map(({ samples }) => samples));
    for (const [i, result] of results.entries()) {
      const { from, isGivenUp } = wanted[i];
      expect(result.status).toBe(isGivenUp ? 'rejected' : 'fulfilled');
      if (result.status === 'fulfilled') expect(result.value).toEqual(interleaved(from, from + 5000));
      else expect(result.reason).toMatchObject({ name: 'AbortError' });
    }
    // Whoever comes after all have given up is served all the same.
    const abort = new AbortController();
    const fresh = await decoded();
    const left = fresh.peaks(0, FRAMES, 10, abort.signal);
    abort.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect(await fresh.samples(0, 3)).toEqual(interleaved(0, 3));
    await expect(fresh.samples(0, 3, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('peaks', () => {
  test.each([
    ['a sample a column', 1000, 1064, 64],
    ['several columns a sample', 50_000, 50_008, 64],
    ['odd edges, from samples', 12_345.25, 12_345.25 + 333.3, 7],
    ['over the seam of chunks, from samples', PEAK_CHUNK - 500, PEAK_CHUNK + 500, 10],
  ])('%s', async (_, from, to, columns) => {
    const lanes = await (await decoded()).peaks(from, to, columns);
    const width = (to - from) / columns;
    for (let channel = 0; channel < 2; channel++) {
      const { min, max, rms } = lanes[channel];
      for (let column = 0; column < columns; column++) {
        const begin = from + column * width;
        const first = Math.ceil(begin);
        const end = Math.ceil(begin + width);
        const expected = first < end ? brute(channel, first, end) : brute(channel, first - 1, first);
        expect([min[column], max[column]]).toEqual([Math.fround(expected[0]), Math.fround(expected[1])]);
        expect(rms[column]).toBeCloseTo(expected[2], 6);
      }
    }
  });

  test.each([
    ['256 samples a column, the finest from spans', 64 * 1000, 64 * 1000 + 256 * 500, 500],
    ['the whole in columns of a widest span', 0, PEAK_CHUNK * 4, 1],
    ['over seams', PEAK_CHUNK - 4096, PEAK_CHUNK * 2 + 4096, 66],
  ])('%s: exact where columns begin with a span', async (_, from, to, columns) => {
    const lanes = await (await decoded()).peaks(from, to, columns);
    const width = (to - from) / columns;
    for (let channel = 0; channel < 2; channel++) {
      for (let column = 0; column < columns; column++) {
        const expected = brute(channel, from + column * width, from + (column + 1) * width);
        expect(lanes[channel].min[column]).toBe(Math.fround(expected[0]));
        expect(lanes[channel].max[column]).toBe(Math.fround(expected[1]));
        expect(lanes[channel].rms[column]).toBeCloseTo(expected[2], 5);
      }
    }
  });

  test('an odd part at any zoom: each column holds its own three quarters and at most a quarter of its neighbour', async () => {
    const audio = await decoded();
    for (const [from, to, columns] of [
      [777.7, FRAMES - 1234.5, 1000],
      [300_000.1, 600_000.9, 613],
      [-10_000, FRAMES + 20_000, 333],
    ]) {
      const lanes = await audio.peaks(from, to, columns);
      const width = (to - from) / columns;
      for (let column = 0; column < columns; column++) {
        const at = from + column * width;
        // Both ends of the audio, where a column is only in part of it.
        if (at < width || at + 2 * width > FRAMES) continue;
        const [min, max] = brute(0, Math.ceil(at), Math.floor(at + width * 0.75));
        const [least, most] = brute(0, Math.floor(at - width / 4), Math.ceil(at + width));
        expect(lanes[0].min[column]).toBeLessThanOrEqual(min);
        expect(lanes[0].max[column]).toBeGreaterThanOrEqual(max);
        expect(lanes[0].min[column]).toBeGreaterThanOrEqual(least);
        expect(lanes[0].max[column]).toBeLessThanOrEqual(most);
      }
    }
  });

  test('nothing is drawn outside the audio', async () => {
    const audio = await decoded();
    for (const [from, to, columns] of [
      [-1000, 0, 4],
      [-1_000_000, -5, 10],
      [FRAMES, FRAMES + 8, 16],
      // A column may begin a quarter of its width too early.
      [FRAMES + PEAK_CHUNK, FRAMES + 1e12, 100],
    ]) {
      for (const { min, max, rms } of await audio.peaks(from, to, columns)) {
        expect([...min, ...max, ...rms].every((value) => value === 0)).toBe(true);
      }
    }
  });

  test('nothing but finite figures within -1 … 1, whatever part is asked for', async () => {
    const audio = await decoded();
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    for (let round = 0; round < 150; round++) {
      const from = (random() * 1.4 - 0.2) * FRAMES;
      const to = from + 10 ** (random() * 9 - 2);
      const columns = 1 + Math.floor(random() * 500);
      for (const { min, max, rms } of await audio.peaks(from, to, columns)) {
        expect(min.length).toBe(columns);
        expect(min.every((value, i) => value <= max[i] && value >= -1 && max[i] <= 1)).toBe(true);
        expect(rms.every((value, i) => value >= 0 && value <= Math.max(max[i], -min[i]) + 1e-6)).toBe(true);
      }
    }
  });
});

test('a capture that cannot be read any more is a rejection for each who waits, and no endless work', async () => {
  const audio = await decoded(1);
  const { source } = capture;
  const read = source.read.bind(source);
  source.read = () => Promise.reject(new Error('gone'));
  try {
    const asked = await Promise.allSettled([audio.samples(0, 10), audio.peaks(0, FRAMES, 3), audio.quietRuns(1, 1, 1)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  } finally {
    source.read = read;
  }
  expect(await audio.samples(0, 10)).toEqual(interleaved(0, 10));
});

test('quiet runs are those of the samples, to within one of the narrowest spans', async () => {
  const runs = await (await decoded()).quietRuns(0.001, 20_000, 1764);
  // Silent up to where it begins; the sines fade through zero much faster than that.
  expect(runs[1][0].from).toBe(0);
  expect(Math.abs(runs[1][0].to - SECOND_FROM)).toBeLessThanOrEqual(64);
  expect(runs[0].length).toBe(1);
  expect(runs[0][0].to).toBe(FRAMES);
});
