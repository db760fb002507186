import { describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Playout } from '../../media/audio/playout.ts';
import type { AudioMark } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { hearChannels, type HeardAudio } from './heard-audio.ts';
import { LATE_SECONDS, packetSeconds, streamMarks } from './stream-marks.ts';

interface Sent {
  /** Place in the stream: sequence number and timestamp follow it, 20 ms each. */
  readonly i: number;
  /** Seconds on the way beyond the usual. */
  readonly delay?: number;
  readonly payloadType?: number;
  /** Where they are not what `i` says. */
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly payload?: Uint8Array;
}

async function readStream(sent: readonly Sent[]): Promise<Capture> {
  const datagrams = sent.map(({ i, delay = 0, payloadType = 8, sequence = i, timestamp = i * 160, payload }) => ({
    at: i * 0.02 + delay,
    from: '10.0.0.1:7000',
    to: '10.0.0.2:7000',
    payload: rtpPacket({ ssrc: 1, sequence, timestamp, payloadType, ...(payload === undefined ? {} : { payload }) }),
  }));
  return captureOf(
    datagrams.toSorted((a: TestDatagram, b: TestDatagram) => a.at - b.at),
    builtIns,
  );
}

async function heardIn(capture: Capture, playout?: Playout): Promise<HeardAudio> {
  return hearChannels(capture, { channels: capture.streams.streams.map((stream) => [stream]) }, playout);
}

async function marksOf(sent: readonly Sent[], kind: AudioMark['kind'], playout?: Playout): Promise<AudioMark[]> {
  const capture = await readStream(sent);
  const heard = await heardIn(capture, playout);
  expect(heard.channels.length).toBe(1);
  const marks = streamMarks(capture, heard.channels[0][0], heard.fromSample / heard.sampleRate);
  expect(marks.every((mark, i) => i === 0 || mark.at >= marks[i - 1].at)).toBe(true);
  return marks.filter((mark) => mark.kind === kind);
}

const range = (count: number, from = 0): Sent[] => Array.from({ length: count }, (_, n) => ({ i: from + n }));
const changed = (sent: Sent[], changes: Record<number, Partial<Sent>>): Sent[] =>
  sent.map((one) => ({ ...one, ...changes[one.i] }));

describe('late', () => {
  test('only beyond 60 ms after the least delayed packet of the last ten seconds', async () => {
    expect(LATE_SECONDS).toBe(0.06);
    const sent = changed(range(300), { 100: { delay: 0.059 }, 200: { delay: 0.085 } });
    const marks = await marksOf(sent, 'late');
    expect(marks).toMatchObject([{ count: 1, label: '1 packet late, by up to 25 ms' }]);
    // The packet is heard where its timestamp says.
    expect(marks[0].at).toBeCloseTo(200 * 0.02, 6);
    // Four packets of later timestamps overtook it, and one before: the one that was 59 ms late is back in place.
    expect(marks[0].packet).toBe(205);
  });

  test('together where they are close together, apart where not', async () => {
    const delay = 0.1;
    const sent = changed(range(400), { 100: { delay }, 101: { delay }, 104: { delay: 0.12 }, 150: { delay } });
    const marks = await marksOf(sent, 'late');
    expect(marks.map(({ count, label }) => [count, label])).toEqual([
      [3, '3 packets late, by up to 60 ms'],
      [1, '1 packet late, by up to 40 ms'],
    ]);
    expect(marks[0].at).toBeCloseTo(2, 6);
    expect(marks[0].seconds).toBeCloseTo(4 * 0.02, 6);
  });

  test('a clock that runs slow is followed: no packet is late for it', async () => {
    // 0.5 %, and so 300 ms in a minute.
    const sent = range(3000).map((one) => ({ ...one, delay: one.i * 0.02 * 0.005 }));
    expect(await marksOf(sent, 'late')).toEqual([]);
  });

  test('a way that became longer for good makes packets late for ten seconds', async () => {
    const sent = range(1500).map((one) => (one.i < 200 ? one : { ...one, delay: 0.1 }));
    const late = (await marksOf(sent, 'late')).reduce((sum, { count }) => sum + count, 0);
    // The last undelayed packet came at 3.98 s; those delayed came from 4.1 s on, every 20 ms.
    expect(late).toBe(Math.floor((3.98 + 10 - 4.1) / 0.02 + 1e-6) + 1);
  });
});

describe('loss', () => {
  test('each gap where its packets would have been heard', async () => {
    const sent = range(200).filter(({ i }) => i !== 50 && (i < 100 || i > 104));
    const marks = await marksOf(sent, 'loss');
    expect(marks.map(({ count, label }) => [count, label])).toEqual([
      [1, '1 packet lost'],
      [5, '5 packets lost'],
    ]);
    expect(marks[0].at).toBeCloseTo(1, 6);
    expect(marks[0].seconds).toBeCloseTo(0.02, 6);
    expect(marks[1].at).toBeCloseTo(2, 6);
    expect(marks[1].seconds).toBeCloseTo(0.1, 6);
    // Packets after the gap, numbered from 1.
    expect(marks.map(({ packet }) => packet)).toEqual([51, 100]);
  });

  test('a pause without lost packets is none, and one with a lost packet is as long as that packet', async () => {
    const pause = 100 * 160;
    const after = (i: number, sequence: number): Sent => ({ i, sequence, timestamp: i * 160 });
    const noLoss = [...range(100), ...range(100, 200).map(({ i }) => after(i, i - 100))];
    expect(await marksOf(noLoss, 'loss')).toEqual([]);
    const lossy = [...range(100), ...range(100, 200).map(({ i }) => after(i, i - 99))];
    const [mark, ...others] = await marksOf(lossy, 'loss');
    expect(others).toEqual([]);
    expect(mark.seconds).toBeCloseTo(0.02, 6);
    expect(mark.at + mark.seconds).toBeCloseTo((100 * 160 + pause) / 8000, 6);
  });

  test('copies and late packets are no loss; a stream that begins anew has no gap', async () => {
    const copies = [...range(100), { i: 40, delay: 0.005 }, { i: 41, delay: 0.005 }];
    expect(await marksOf(copies, 'loss')).toEqual([]);
    const swapped = changed(range(100), { 60: { delay: 0.025 } });
    expect(await marksOf(swapped, 'loss')).toEqual([]);
    const anew = range(200).map((one) => (one.i < 100 ? one : { ...one, sequence: one.i + 30_000 }));
    expect(await marksOf(anew, 'loss')).toEqual([]);
  });

  test('more than can be drawn are joined, and none is forgotten', async () => {
    const sent = range(14_000).filter(({ i }) => i % 3 !== 1 || i > 13_990);
    const lost = 14_000 - sent.length;
    const marks = await marksOf(sent, 'loss');
    expect(lost).toBeGreaterThan(4000);
    expect(marks.length).toBeLessThanOrEqual(4000);
    expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(lost);
    expect(marks[0].label).toBe('2 packets lost');
    expect(marks[0].at).toBeCloseTo(0.02, 6);
    expect(marks[0].seconds).toBeCloseTo(4 * 0.02, 6);
  });
});

test('reordered: each packet that came after one of a higher number, where it is heard', async () => {
  const marks = await marksOf(changed(range(200), { 60: { delay: 0.025 }, 90: { delay: 0.05 } }), 'reordered');
  expect(marks.map(({ at, seconds, count }) => [Math.round(at * 1000), seconds, count])).toEqual([
    [1200, 0, 1],
    [1800, 0, 1],
  ]);
});

test('codec: where another payload type is heard, by its name', async () => {
  const sent = range(200).map((one) => ({ ...one, payloadType: one.i < 80 ? 8 : 0 }));
  const marks = await marksOf(sent, 'codec');
  expect(marks).toMatchObject([{ label: 'PCMU', seconds: 0, packet: 81 }]);
  expect(marks[0].at).toBeCloseTo(1.6, 6);
});

test('the length of packets, by most of them', async () => {
  const heard = await heardIn(await readStream(range(50)));
  expect(packetSeconds(heard.channels[0][0])).toBe(0.02);
});

describe('out of a simulated buffer of 50 ms', () => {
  const buffer: Playout = { kind: 'jitter-buffer', depthMs: 50 };
  // 55 ms more on the way for three packets; two are lost.
  const sent = changed(range(300), { 100: { delay: 0.055 }, 101: { delay: 0.055 }, 200: { delay: 0.055 } }).filter(
    ({ i }) => i !== 150 && i !== 151,
  );

  test('late are those that could not be heard, where they should have been', async () => {
    const marks = await marksOf(sent, 'late', buffer);
    expect(marks.map(({ count, label }) => [count, label])).toEqual([
      [2, '2 packets too late to be heard'],
      [1, '1 packet too late to be heard'],
    ]);
    expect(marks[0].at).toBeCloseTo(100 * 0.02 + 0.05, 3);
    expect(marks[0].seconds).toBeCloseTo(0.02, 3);
    expect(await marksOf(sent, 'late', { kind: 'jitter-buffer', depthMs: 55 })).toEqual([]);
  });

  test('what was bridged is marked up to the packet after it', async () => {
    const marks = await marksOf(sent, 'concealed', buffer);
    expect(marks.map(({ label }) => label)).toEqual(['40 ms concealed', '40 ms concealed', '20 ms concealed']);
    for (const [i, packet] of [100, 150, 200].entries()) expect(marks[i].at).toBeCloseTo(packet * 0.02 + 0.05, 3);
    expect(await marksOf(sent, 'concealed')).toEqual([]);
  });
});
