import { expect, test } from 'vitest';
import { Random } from '../../test/perf/load/random.ts';
import { A_LAW, MU_LAW } from '../codecs/g711-laws.ts';
import { type ListedPacket, listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudio, renderStereo } from './mix.ts';
import type { PayloadBatch } from './payload-batch.ts';
import { extentOf, outputRate, type PayloadFormat, prepareStream } from './stream-audio.ts';

const FORMATS: readonly PayloadFormat[] = [
  { payloadType: 0, encoding: 'PCMU', clockRate: 8000, channels: 1 },
  { payloadType: 8, encoding: 'PCMA', clockRate: 8000, channels: 1 },
  { payloadType: 96, encoding: 'L16', clockRate: 16000, channels: 1 },
  { payloadType: 97, encoding: 'L16', clockRate: 8000, channels: 2 },
  { payloadType: 101, encoding: 'telephone-event', clockRate: 8000, channels: 1 },
];

function l16(samples: readonly number[]): Uint8Array {
  return Uint8Array.from(samples.flatMap((sample) => [(sample >> 8) & 0xff, sample & 0xff]));
}

/** Renders the lists of the left and of the right channel, and gives the samples of each. */
async function render(
  left: readonly (readonly ListedPacket[])[],
  right: readonly (readonly ListedPacket[])[],
  fromSample: number,
  toSample: number,
): Promise<{ left: number[]; right: number[]; blocks: number }> {
  const out: number[] = [];
  let blocks = 0;
  await renderStereo(
    {
      left: left.map((list) => prepareStream(listedPackets(list), FORMATS)),
      right: right.map((list) => prepareStream(listedPackets(list), FORMATS)),
      fromSample,
      toSample,
    },
    listedPayloads([...left, ...right]),
    (block) => {
      blocks++;
      for (const sample of block) out.push(sample);
    },
  );
  return { left: out.filter((_, i) => i % 2 === 0), right: out.filter((_, i) => i % 2 === 1), blocks };
}

/** PCMU of 160 octets a packet, random octets, from the sequence number, timestamp and arrival given. */
function speech(random: Random, count: number, sequence: number, timestamp: number, arrival: number, payloadType = 0) {
  return Array.from({ length: count }, (_, i): ListedPacket => {
    return {
      sequence: (sequence + i) & 0xffff,
      timestamp: (timestamp + 160 * i) >>> 0,
      arrival: arrival + i * 0.02,
      payloadType,
      payload: Uint8Array.from({ length: 160 }, () => random.between(0, 256)),
    };
  });
}

function silence(samples: number): number[] {
  return Array.from({ length: samples }, () => 0);
}

/** Which packets of the impaired stream never come: single ones, and 0.8 s on end. */
function isLost(i: number): boolean {
  return i % 17 === 5 || (i > 200 && i < 240);
}

/** A stream of one packet of L16 in two channels. */
function stereoPacket(samples: number[]): ListedPacket[] {
  return [{ sequence: 1, timestamp: 0, arrival: 0, payloadType: 97, payload: l16(samples) }];
}

/** Four octets, on time. */
function shortPacket(sequence: number, timestamp: number, payloadType: number): ListedPacket {
  return { sequence, timestamp, arrival: timestamp / 8000, payloadType, payload: new Uint8Array(4).fill(0xd5) };
}

/** 20 ms of 400 Hz at `rate`, from sample `from` of the tone on. */
function tone(from: number, rate: number): number[] {
  return Array.from({ length: rate / 50 }, (_, i) =>
    Math.round(9000 * Math.sin((2 * Math.PI * 400 * (from + i)) / rate)),
  );
}

test('two channels with loss, reordering, copies, jitter and wrap, sample for sample', async () => {
  const random = new Random(3);
  const caller = speech(random, 400, 65400, 0xfffff000, 0.1);
  const callee = speech(random, 380, 9, 77, 0.4321, 8);
  const expectedLeft = silence(9 * 8000);
  const expectedRight = silence(9 * 8000);
  for (let i = 0; i < 400; i++) {
    if (!isLost(i)) caller[i].payload.forEach((octet, j) => (expectedLeft[800 + i * 160 + j] = MU_LAW[octet]));
  }
  for (let i = 0; i < 380; i++) {
    // 0.4321 s is sample 3456.8: the nearest is 3457.
    callee[i].payload.forEach((octet, j) => (expectedRight[3457 + i * 160 + j] = A_LAW[octet]));
  }
  // As the network delivers them: jittered (the first excepted, it is the anchor), some swapped, some twice.
  const jittered = caller.map((packet, i) =>
    i === 0 ? packet : { ...packet, arrival: packet.arrival + random.unit() * 0.08 },
  );
  const delivered = jittered.filter((_, i) => !isLost(i)).toSorted((a, b) => a.arrival - b.arrival);
  for (let i = 7; i < delivered.length; i += 23) {
    // A copy with other octets: the first one must win.
    delivered.splice(i + 2, 0, { ...delivered[i], arrival: delivered[i + 1].arrival, payload: new Uint8Array(160) });
  }
  const result = await render([delivered], [callee], 0, 9 * 8000);
  expect(result.blocks).toBe(3);
  expect(result.left).toEqual(expectedLeft);
  expect(result.right).toEqual(expectedRight);
});

test('any part of a call is what the whole call has there', async () => {
  const random = new Random(4);
  const list = speech(random, 200, 1, 0, 0.05);
  const wide = Array.from(
    { length: 100 },
    (_, i): ListedPacket => ({
      sequence: i,
      timestamp: i * 320,
      arrival: 0.5 + i * 0.02,
      payloadType: 96,
      payload: l16(Array.from({ length: 320 }, () => random.between(-9000, 9000))),
    }),
  );
  const whole = await render([list], [wide], -1000, 60_000);
  for (const [from, to] of [
    [12_345, 47_000],
    [-999, 1],
    [59_000, 60_000],
  ]) {
    const part = await render([list], [wide], from, to);
    expect(part.left).toEqual(whole.left.slice(from + 1000, to + 1000));
    expect(part.right).toEqual(whole.right.slice(from + 1000, to + 1000));
  }
});

test('a packet longer than its step is cut where the next begins, in whichever order they come', async () => {
  const a = { sequence: 1, timestamp: 0, arrival: 0, payloadType: 8, payload: new Uint8Array(8).fill(0xd5) };
  const b = { sequence: 2, timestamp: 4, arrival: 0.0005, payloadType: 8, payload: new Uint8Array(2).fill(0x55) };
  const heard = [8, 8, 8, 8, -8, -8, 0, 0, 0, 0];
  expect((await render([[a, b]], [], 0, 10)).left).toEqual(heard);
  // Arriving the other way round the anchor is b, at sample 4.
  expect((await render([[b, { ...a, arrival: 0.0006 }]], [], 0, 10)).left).toEqual(heard);
});

test('streams of one channel are added, and saturate', async () => {
  // Stereo in: each frame is the mean of its two samples.
  const result = await render(
    [stereoPacket([30000, 20000, -30000, -30000, 100, 201]), stereoPacket([10000, 10000, -9000, -9000, 5, 5])],
    [stereoPacket([1, 1])],
    0,
    4,
  );
  expect(result.left).toEqual([32767, -32768, 156, 0]);
  expect(result.right).toEqual([1, 0, 0, 0]);
});

test('the span of telephone-events and of what cannot be decoded is silent', async () => {
  const result = await render(
    [[shortPacket(1, 0, 8), shortPacket(2, 4, 101), shortPacket(3, 8, 18), shortPacket(4, 12, 8)]],
    [],
    0,
    16,
  );
  expect(result.left).toEqual([8, 8, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8]);
});

test('a payload that is not to be had is silence', async () => {
  const list = speech(new Random(5), 3, 1, 0, 0);
  const reader = listedPayloads([list]);
  const audio = prepareStream(listedPackets(list), FORMATS);
  const out: number[] = [];
  const gaps = {
    load(batch: PayloadBatch) {
      void reader.load(batch);
      for (let i = 0; i < batch.count; i++) if (batch.packet[i] === 1) batch.length[i] = -1;
    },
  };
  await renderAudio({ channels: [[audio]], fromSample: 0, toSample: 480 }, gaps, (block) => void out.push(...block));
  const heard = list.flatMap((packet, i) => [...packet.payload].map((octet) => (i === 1 ? 0 : MU_LAW[octet])));
  expect(out).toEqual(heard);
});

test('payloads are asked for stream by stream in the order of play, four seconds at a time, and cancelling ends it', async () => {
  const random = new Random(6);
  const lists = [speech(random, 500, 1, 0, 0), speech(random, 500, 1, 0, 0.003)];
  const streams = lists.map((list) => prepareStream(listedPackets(list), FORMATS));
  const asked: number[][] = [[], []];
  let largest = 0;
  let blocks = 0;
  const payloads = listedPayloads(lists);
  const reader = {
    async load(batch: PayloadBatch) {
      largest = Math.max(largest, batch.count);
      for (let i = 0; i < batch.count; i++) asked[batch.stream[i]].push(batch.packet[i]);
      void payloads.load(batch);
    },
  };
  const isCancelled = (): boolean => blocks === 2;
  const options = { left: [streams[0]], right: [streams[1]], fromSample: 0, toSample: 80_000, isCancelled };
  expect(await renderStereo(options, reader, async () => void blocks++)).toBe(64_000);
  expect(largest).toBeLessThanOrEqual(401);
  // 8 s of each, 50 packets a second.
  expect(asked).toEqual([Array.from(Array(400).keys()), Array.from(Array(400).keys())]);
});

test('rate and extent are those of all streams together', () => {
  const narrow = prepareStream(listedPackets(speech(new Random(7), 10, 1, 0, 0.25)), FORMATS);
  const wide = prepareStream(
    listedPackets([{ sequence: 1, timestamp: 0, arrival: 1, payloadType: 96, payload: new Uint8Array(640) }]),
    FORMATS,
  );
  expect(outputRate([narrow])).toBe(8000);
  expect(outputRate([narrow, wide])).toBe(16000);
  expect(extentOf([narrow], 8000)).toEqual({ from: 2000, to: 3600 });
  expect(extentOf([narrow, wide], 16000)).toEqual({ from: 4000, to: 16320 });
  expect(extentOf([prepareStream(listedPackets([]), FORMATS)], 8000)).toBeNull();
  expect(outputRate([])).toBe(8000);
});

test('a stream that changes its sample rate is heard on one clock', async () => {
  const list = Array.from({ length: 100 }, (_, i): ListedPacket => {
    const isWide = i >= 50;
    const units = isWide ? 8000 + (i - 50) * 320 : i * 160;
    const payload = isWide ? l16(tone((i - 50) * 320, 16000)) : l16(tone(i * 160, 8000).flatMap((s) => [s, s]));
    return { sequence: i, timestamp: units, arrival: i * 0.02, payloadType: isWide ? 96 : 97, payload };
  });
  const { left } = await render([list], [], 0, 32_000);
  // One tone right through: only the filter's edge at the change may differ.
  for (let i = 100; i < 31_900; i++) {
    if (Math.abs(i - 16_000) < 50) continue;
    expect(Math.abs(left[i] - 9000 * Math.sin((2 * Math.PI * 400 * i) / 16000))).toBeLessThan(12);
  }
});
