import { expect, test } from 'vitest';
import { Fate } from '../jitter/fate.ts';
import { type ListedPacket, listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudioNow } from './mix.ts';
import type { Playout } from './playout.ts';
import { extentOf, prepareStream, type StreamAudio } from './stream-audio.ts';

/** L8, whose octets are samples: 160 or, at 16 kHz, 320 are 20 ms. */
const FORMATS = [
  { payloadType: 96, encoding: 'L8', clockRate: 8000, channels: 1 },
  { payloadType: 97, encoding: 'L8', clockRate: 16_000, channels: 1 },
];

// sequence, timestamp, arrival in milliseconds, payload type
type Row = [sequence: number, timestamp: number, arrivalMs: number, type?: number];

function packetsOf(rows: readonly Row[], level: (i: number) => number = () => 100): ListedPacket[] {
  return rows.map(([sequence, timestamp, arrivalMs, payloadType = 96], i) => ({
    sequence,
    timestamp,
    arrival: arrivalMs / 1000,
    payloadType,
    payload: new Uint8Array(payloadType === 97 ? 320 : 160).fill(128 + level(i)),
  }));
}

function streamOf(rows: readonly Row[], playout: Playout): StreamAudio {
  return prepareStream(listedPackets(packetsOf(rows)), FORMATS, playout);
}

function placesOf({ timeline }: StreamAudio): [number, number][] {
  return Array.from({ length: timeline.rows }, (_, row) => [timeline.packet[row], timeline.at[row]]);
}

const buffer = (depthMs: number | null): Playout => ({ kind: 'jitter-buffer', depthMs });

test('file: every packet at its arrival, whatever its timestamp; cut where the next one begins; copies once', () => {
  const { timeline, ...rest } = streamOf(
    [
      [1, 0, 10],
      [3, 320, 45],
      [2, 160, 47.5],
      [2, 160, 48],
      [4, 777_777, 80],
    ],
    { kind: 'file' },
  );
  expect(placesOf({ timeline, ...rest })).toEqual([
    [0, 80],
    [1, 360],
    [2, 380],
    [4, 640],
  ]);
  expect([...timeline.room].slice(0, 3)).toEqual([280, 20, 260]);
  expect([timeline.bridged, timeline.counts, timeline.duplicates]).toEqual([null, null, 1]);
});

test('jitter buffer: both counters wrap, and what came in time is where its timestamp says, the depth later', () => {
  const audio = streamOf(
    [
      [65534, 0xffffff00, 0],
      [0, 64, 41],
      [65535, 0xffffffa0, 42],
      [2, 384, 141],
      [1, 224, 100.5],
    ],
    buffer(40),
  );
  // Due at 0, 40, 20, 80, 60 ms and heard 40 later: 42 is in time, 141 and 100.5 are not.
  expect(placesOf(audio)).toEqual([
    [0, 320],
    [2, 480],
    [1, 640],
  ]);
  expect([...audio.timeline.fate]).toEqual([Fate.Played, Fate.Played, Fate.Played, Fate.Late, Fate.Late]);
  expect(audio.timeline.counts).toMatchObject({ played: 3, late: 2, lost: 0 });
  expect(audio.timeline.moment?.[4]).toBeCloseTo(0.1, 9);
  // The audio begins when the first packet came, not when it is heard.
  expect(extentOf([audio], 8000)).toEqual({ from: 0, to: 800 });
});

test('jitter buffer: a change of clock is followed, a jump of the timestamps begins anew', () => {
  const audio = streamOf(
    [
      [1, 0, 0],
      [2, 160, 20],
      [3, 320, 40, 97],
      [4, 640, 62, 97],
      [5, 9_000_000, 1000, 97],
      [6, 9_000_320, 1031, 97],
    ],
    buffer(10),
  );
  // After the jump the first packet waits the depth again; the next one is late by a millisecond.
  expect(placesOf(audio)).toEqual([
    [0, 80],
    [1, 240],
    [2, 800],
    [3, 1120],
    [4, 16_160],
  ]);
  expect(audio.timeline.counts).toMatchObject({ played: 5, late: 1, lost: 0 });
});

function heard(rows: readonly Row[], level: (i: number) => number, playout: Playout): Int16Array {
  const list = packetsOf(rows, level);
  const audio = prepareStream(listedPackets(list), FORMATS, playout);
  const { from, to } = extentOf([audio], 8000) ?? { from: 0, to: 0 };
  const out = new Int16Array(to - from);
  let at = 0;
  const options = { channels: [[audio]], sampleRate: 8000, fromSample: from, toSample: to };
  renderAudioNow(options, listedPayloads([list]), (block) => {
    out.set(block, at);
    at += block.length;
  });
  return out;
}

test('what is lost is bridged and fades within 60 ms; by timestamp it is silence', () => {
  const rows: Row[] = [];
  for (let i = 0; i < 60; i++) if (i < 30 || i > 35) rows.push([i, i * 160, i * 20]);
  const bridged = heard(rows, () => 100, buffer(0));
  const plain = heard(rows, () => 100, { kind: 'timestamp' });
  const gap = (samples: Int16Array, ms: number): number => samples[(600 + ms) * 8];
  const full = plain[8];
  expect(full).toBeGreaterThan(10_000);
  expect([5, 25, 55, 80, 119].map((ms) => gap(plain, ms))).toEqual([0, 0, 0, 0, 0]);
  expect(gap(bridged, 5)).toBe(full);
  // 10 ms whole, then a fifth less every 10 ms: 0.7 at 25 ms, 0.1 at 55 ms.
  expect(gap(bridged, 25) / full).toBeCloseTo(0.7, 2);
  expect(gap(bridged, 55) / full).toBeCloseTo(0.1, 2);
  expect([gap(bridged, 61), gap(bridged, 119)]).toEqual([0, 0]);
  // What follows is blended in within 4 ms and is then as it was sent.
  expect(bridged.subarray(724 * 8)).toEqual(plain.subarray(724 * 8));
  expect(bridged.subarray(0, 4800)).toEqual(plain.subarray(0, 4800));
});
