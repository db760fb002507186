import { expect, test } from 'vitest';
import { listedPackets } from './listed-packets.ts';
import { PayloadRates, type Timeline, planTimeline } from './timeline.ts';

// Payload types of these traces: 0 PCMU, 9 G.722 (clock 8000, audio 16000), 96 L16/16000, 101 telephone-event.
const RATES = new PayloadRates();
for (const [type, clock, rate] of [
  [0, 8000, 8000],
  [8, 8000, 8000],
  [9, 8000, 16000],
  [96, 16000, 16000],
]) {
  RATES.clockRates[type] = clock;
  RATES.sampleRates[type] = rate;
}

// sequence, timestamp, arrival in milliseconds, payload type, octets
type Row = [sequence: number, timestamp: number, arrivalMs: number, type?: number, octets?: number];

function plan(rows: readonly Row[], longestSeconds?: number): Timeline {
  const packets = listedPackets(
    rows.map(([sequence, timestamp, arrivalMs, payloadType = 0, octets = 160]) => ({
      sequence,
      timestamp,
      arrival: arrivalMs / 1000,
      payloadType,
      payload: new Uint8Array(octets),
    })),
  );
  return planTimeline(packets, RATES, longestSeconds);
}

/** [packet, at] of every row. */
function placesOf(timeline: Timeline): [number, number][] {
  return Array.from({ length: timeline.rows }, (_, row) => [timeline.packet[row], timeline.at[row]]);
}

/** `count` packets of 20 ms on time, from the sequence number, timestamp and arrival given. */
function steady(count: number, sequence: number, timestamp: number, arrivalMs: number, type = 0): Row[] {
  return Array.from({ length: count }, (_, i) => [
    (sequence + i) & 0xffff,
    (timestamp + i * 160) >>> 0,
    arrivalMs + i * 20,
    type,
  ]);
}

test('the first packet is at its arrival, the rest where their timestamps say, whatever the jitter', () => {
  const timeline = plan([
    [7, 1000, 250],
    [8, 1160, 290],
    [9, 1320, 288],
    [10, 1480, 311.4],
  ]);
  expect(placesOf(timeline)).toEqual([
    [0, 2000],
    [1, 2160],
    [2, 2320],
    [3, 2480],
  ]);
  expect([...timeline.room]).toEqual([160, 160, 160, 0xffffffff]);
  expect(timeline.discontinuities).toBe(0);
});

test('loss leaves a gap, reordering nothing, and a copy is not placed', () => {
  const timeline = plan([
    [1, 0, 0],
    [4, 480, 60],
    [3, 320, 61],
    [4, 480, 62],
    [6, 800, 100],
    [6, 800, 100],
  ]);
  expect(placesOf(timeline)).toEqual([
    [0, 0],
    [2, 320],
    [1, 480],
    [4, 800],
  ]);
  expect([...timeline.room].slice(0, 3)).toEqual([320, 160, 320]);
  expect(timeline.duplicates).toBe(2);
});

test('a copy that comes after seconds is still a copy', () => {
  const rows = steady(200, 1, 0, 0);
  rows.splice(150, 0, [20, 19 * 160, 2995]);
  const timeline = plan(rows);
  expect(timeline).toMatchObject({ rows: 200, duplicates: 1, strays: 0, discontinuities: 0 });
});

test('both counters wrap without a trace', () => {
  const timeline = plan([
    [65534, 0xffffff00, 0],
    [0, 64, 40],
    [65535, 0xffffffa0, 41],
    [1, 224, 60],
  ]);
  expect(placesOf(timeline)).toEqual([
    [0, 0],
    [2, 160],
    [1, 320],
    [3, 480],
  ]);
});

test('the packets before the first in sequence lie before it, below zero too', () => {
  expect(
    placesOf(
      plan([
        [5, 800, 0],
        [4, 640, 1],
        [6, 960, 20],
      ]),
    ),
  ).toEqual([
    [1, -160],
    [0, 0],
    [2, 160],
  ]);
});

test('a pause in which both the timestamp and the clock run on (DTX) is only a gap', () => {
  const timeline = plan([...steady(3, 1, 5000, 0), ...steady(3, 4, 5000 + 8000 * 3600, 3_600_000)]);
  expect(timeline.at[3]).toBe(8000 * 3600);
  expect(timeline.discontinuities).toBe(0);
});

test('timestamps that jump while time does not are anchored to arrival again', () => {
  for (const jump of [8000 * 2, 8000 * 60 * 60, -8000 * 30, 0x7fff0000]) {
    const timeline = plan([...steady(50, 100, 90_000, 0), ...steady(50, 150, (90_000 + 50 * 160 + jump) >>> 0, 1000)]);
    expect(timeline).toMatchObject({ rows: 100, discontinuities: 1, strays: 0 });
    expect([...timeline.at]).toEqual(Array.from({ length: 100 }, (_, i) => i * 160));
  }
});

test('time that jumps while timestamps do not (a sender that stops its clock on hold) anchors again', () => {
  const timeline = plan([...steady(50, 0, 0, 0), ...steady(50, 50, 8000, 11_000)]);
  expect(timeline.discontinuities).toBe(1);
  expect([timeline.at[49], timeline.at[50]]).toEqual([49 * 160, 88_000]);
});

test('packets held up for seconds and then delivered at once are where their timestamps say', () => {
  const rows = steady(400, 0, 0, 0).map<Row>(([sequence, timestamp, arrivalMs]) => [
    sequence,
    timestamp,
    arrivalMs > 1000 && arrivalMs < 5000 ? 5000 : arrivalMs,
  ]);
  const timeline = plan(rows);
  expect(timeline).toMatchObject({ rows: 400, discontinuities: 0, strays: 0 });
  expect([...timeline.at]).toEqual(Array.from({ length: 400 }, (_, i) => i * 160));
});

test('one packet with a timestamp out of everything is left out', () => {
  for (const timestamp of [0x90000000, 50 * 160 + 40_000, (50 * 160 - 24_000) >>> 0]) {
    const rows = steady(100, 0, 0, 0);
    rows[50] = [50, timestamp, 1000];
    expect(plan(rows)).toMatchObject({ rows: 99, strays: 1, discontinuities: 0 });
  }
});

test('the same recording played twice with the same numbers is heard twice', () => {
  const timeline = plan([...steady(300, 10, 0, 0), ...steady(300, 10, 0, 6000)]);
  expect(timeline).toMatchObject({ rows: 600, duplicates: 0, discontinuities: 1 });
  expect(timeline.at[300]).toBe(48_000);
});

test('a straggler of the time before a restart goes back to where it belongs', () => {
  const rows = [...steady(50, 1000, 0, 0), ...steady(50, 1050, 0x50000000, 1000)];
  // The 49th packet arrives after the third of the new timestamps.
  rows.splice(52, 0, rows.splice(48, 1)[0]);
  rows[52] = [1048, 48 * 160, 1045];
  const timeline = plan(rows);
  expect(timeline).toMatchObject({ rows: 100, strays: 0, discontinuities: 1 });
  expect([...timeline.at]).toEqual(Array.from({ length: 100 }, (_, i) => i * 160));
  expect(timeline.packet[48]).toBe(52);
});

test('a later segment is heard instead of what an earlier one has from there on', () => {
  // The first source runs 0.9 s ahead of time; the second one begins at its arrival.
  const ahead = steady(45, 0, 0, 0).map<Row>(([sequence, timestamp], i) => [sequence, timestamp, i]);
  const timeline = plan([...ahead, ...steady(100, 500, 0x40000000, 450)]);
  expect(timeline.discontinuities).toBe(1);
  // 0.45 s is sample 3600: packets 0 … 22 of the first begin before it, the last of them cut short.
  expect(timeline.at[22]).toBe(22 * 160);
  expect(timeline.room[22]).toBe(80);
  expect(timeline.at[23]).toBe(3600);
  expect(timeline.strays).toBe(45 - 23);
});

test('a slow clock is followed for seconds, a wrong one anchored again', () => {
  // 1000 ppm over a minute: 60 ms, all by timestamps.
  const skewed = steady(3000, 0, 0, 0).map<Row>(([s, t, ms]) => [s, t, ms * 1.001]);
  expect(plan(skewed)).toMatchObject({ rows: 3000, discontinuities: 0 });
  // 160 units every 30 ms: 20 s behind after a minute.
  const wrong = steady(2000, 0, 0, 0).map<Row>(([s, t, ms]) => [s, t, ms * 1.5]);
  const timeline = plan(wrong);
  expect(timeline.discontinuities).toBeGreaterThanOrEqual(3);
  expect(timeline.at[1999] / 8000).toBeGreaterThan(60 - 6);
});

test('a packet longer than the step to the next is heard until the next begins', () => {
  const timeline = plan([
    [1, 0, 0, 0, 240],
    [2, 160, 20, 0, 240],
    [3, 400, 50, 0, 240],
  ]);
  expect([...timeline.room]).toEqual([160, 240, 0xffffffff]);
});

test('telephone-event and empty packets are not placed', () => {
  const timeline = plan([
    [1, 0, 0],
    [2, 160, 20, 101, 4],
    [3, 160, 40, 101, 4],
    [4, 480, 60, 0, 0],
    [5, 640, 80],
  ]);
  expect(placesOf(timeline)).toEqual([
    [0, 0],
    [4, 640],
  ]);
});

test('G.722: a clock of 8000 places samples of 16000', () => {
  const timeline = plan(steady(3, 1, 700, 100, 9));
  expect([...timeline.at]).toEqual([1600, 1920, 2240]);
  expect([...timeline.sampleRate]).toEqual([16000, 16000, 16000]);
});

test('a change of audio rate with the same clock goes on by timestamp', () => {
  const timeline = plan([...steady(2, 1, 0, 0), ...steady(2, 3, 320, 55, 9)]);
  expect([...timeline.at]).toEqual([0, 160, 640, 960]);
  expect([...timeline.room].slice(0, 3)).toEqual([160, 160, 320]);
  expect(timeline.discontinuities).toBe(0);
});

test('a change of clock rate goes on by timestamp where arrival agrees, else by arrival', () => {
  // 20 ms of PCMU are 160 units, then L16/16000 counts 320 units in 20 ms. The switch arrives 3 ms late.
  const goesOn = plan([
    [1, 1000, 0],
    [2, 1160, 20],
    [3, 1320, 43, 96, 640],
    [4, 1640, 60, 96, 640],
  ]);
  expect([...goesOn.at]).toEqual([0, 160, 640, 960]);
  const jumps = plan([
    [1, 1000, 0],
    [2, 1160, 20],
    [3, 900_000, 43, 96, 640],
    [4, 900_320, 60, 96, 640],
  ]);
  expect([...jumps.at]).toEqual([0, 160, 688, 1008]);
});

test('nothing is placed beyond the longest timeline', () => {
  const timeline = plan([...steady(5, 1, 0, 0), [6, 800, 4e12], [7, 960, 4e12 + 20]]);
  expect(timeline).toMatchObject({ rows: 5, strays: 2 });
  expect(plan(steady(100, 1, 0, 0), 1)).toMatchObject({ rows: 51, strays: 49 });
});

test('no packets make an empty timeline', () => {
  expect(plan([])).toMatchObject({ rows: 0, discontinuities: 0 });
});
