/** How streams sounded, on traces worked out by hand and on the recorded captures, whose facts the relay and tshark tell. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../engine/pass/test-capture.ts';
import { audioQuality, sidesOf } from '../../engine/quality/audio-quality.ts';
import { qualitySeries } from '../../engine/quality/quality-series.ts';
import { mosOf, ratedStream } from '../../engine/quality/rating.ts';
import { streamQuality } from '../../engine/quality/stream-quality.ts';
import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { overviewOf } from '../../engine/query/overview.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { StreamQuality } from '../../shared/quality.ts';
import { capturesIn, OWN_CAPTURES, withCapture } from './capture-files.ts';

const A = '10.0.0.1:4000';
const B = '10.0.0.2:5000';
const CONTROL_A = '10.0.0.1:4001';
const CONTROL_B = '10.0.0.2:5001';
const SSRC_A = 0xaaaa0001;
const SSRC_B = 0xbbbb0001;
/** Before the stream, so that it is seen from its beginning. */
const HELLO: TestDatagram = { at: 0, from: '10.0.0.9:9', to: '10.0.0.8:9', payload: 'hello' };
const START = 2;

interface Traced {
  readonly count: number;
  readonly lost?: readonly number[];
  /** Milliseconds that packets come later. */
  readonly delayed?: ReadonlyMap<number, number>;
  /** How much slower the sender's clock is, parts in a million. */
  readonly slowPpm?: number;
  readonly isBack?: boolean;
}

/** A stream of PCMU, 20 ms a packet, from sequence number 65,500 on, so that it wraps. */
function stream({ count, lost = [], delayed = new Map(), slowPpm = 0, isBack = false }: Traced): TestDatagram[] {
  return Array.from({ length: count }, (_, i) => i)
    .filter((i) => !lost.includes(i))
    .map((i) => ({
      at: START + i * 0.02 * (1 + slowPpm / 1e6) + (delayed.get(i) ?? 0) / 1000,
      from: isBack ? B : A,
      to: isBack ? A : B,
      payload: rtpPacket({
        ssrc: isBack ? SSRC_B : SSRC_A,
        sequence: (65_500 + i) & 0xffff,
        timestamp: 160 * i,
        payloadType: 0,
      }),
    }))
    .toSorted((a, b) => a.at - b.at);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(i * 4, value));
  return bytes;
}

/** An SR whose NTP time has `ntp` in its middle, with a report block about `about` (RFC 3550 section 6.4.1). */
function senderReport(
  ssrc: number,
  ntp: number,
  about: number,
  block: { fraction?: number; lost?: number; highest?: number; jitter?: number; lsr?: number; delaySeconds?: number },
): Uint8Array {
  const { fraction = 0, lost = 0, highest = 0, jitter = 0, lsr = 0, delaySeconds = 0 } = block;
  const first = ((fraction << 24) | (lost & 0xffffff)) >>> 0;
  const delay = Math.round(delaySeconds * 65_536);
  const [high, low] = [ntp >>> 16, (ntp << 16) >>> 0];
  return words(0x81c8000c, ssrc, high, low, 0, 0, 0, about, first, highest, jitter, lsr, delay);
}

async function read(datagrams: readonly TestDatagram[]): Promise<Capture> {
  return captureOf(
    [HELLO, ...datagrams].toSorted((a, b) => a.at - b.at),
    builtIns,
  );
}

function qualityOf(capture: Capture, place = 0): StreamQuality {
  return streamQuality(capture, capture.streams.streams[place]);
}

describe('a trace worked out by hand', () => {
  // Lost: 20, 21, 23 (a burst of four packets), 60 (alone, 36 after it and 16 and more around it).
  const LOST = [20, 21, 23, 60];
  // Packet 40 comes 100 ms late, after 41 to 44; 70 comes 30 ms late, in time for a buffer of 60 ms.
  const DELAYED = new Map([
    [40, 100],
    [70, 30],
  ]);

  test('is counted as the listener had it', async () => {
    const { loss, bursts, ptimeMs, rating } = qualityOf(
      await read(stream({ count: 100, lost: LOST, delayed: DELAYED })),
    );
    expect(loss).toMatchObject({ expected: 100, lost: 4, lostPercent: 4, late: 1, latePercent: 1, outOfOrder: 2 });
    expect(ptimeMs).toBe(20);
    // Missing: 20 21 23 | 40, sixteen received between 23 and 40, so it is alone; 60 likewise.
    expect(bursts).toMatchObject({ bursts: 1, longestRun: 2, burstDurationMs: 80, gmin: 16 });
    expect(bursts.burstDensityPercent).toBe(75);
    expect(bursts.gapDensityPercent).toBeCloseTo((2 * 100) / 96, 9);
    expect(bursts.gapDurationMs).toBe((96 / 2) * 20);
    // Runs of 2, 1, 1, 1: mean 5/4; 5 % missing.
    expect(bursts.burstRatio).toBeCloseTo(1.25 * 0.95, 9);
    // G.107 by hand: Ie,eff = 95 · 5 / (5 / 1.1875 + 25.1), R = 93.2 - Ie,eff.
    expect(rating).toMatchObject({ model: 'G.107', ie: 0, bpl: 25.1, lossPercent: 5, delayMs: null });
    expect(rating?.equipmentImpairment).toBeCloseTo(16.2058, 3);
    expect(rating?.r).toBe(77);
  });

  test('is the same in the row, over time and at a glance', async () => {
    const capture = await read(stream({ count: 100, lost: LOST, delayed: DELAYED }));
    const [row] = streamRows(capture);
    expect(row.mos).toEqual({ value: 3.91, r: 77, model: 'G.107' });
    const series = qualitySeries(capture, capture.streams.streams[0]);
    expect(series.bucketSeconds).toBe(1);
    expect([...series.lostPercent]).toEqual([6, 2]);
    expect([...series.latePercent]).toEqual([2, 0]);
    expect(series.mos[0]).toBeLessThan(series.mos[1]);
    const { by, buckets, summary } = overviewOf(new CaptureIndex(capture)).quality;
    expect(by).toBe('mos');
    expect(buckets.filter(({ count }) => count > 0).map(({ label }) => label)).toEqual(['some users dissatisfied']);
    expect(summary).toContain('1 of 1 stream can be rated; the worst is s1 with MOS 3.91.');
  });
});

describe('reports', () => {
  const SR_A = 0x1111_8000;
  const SR_B = 0x2222_8000;
  // A's SR passes at 4.000 s; B answers it half a second after it came: 4.530 s, so 30 ms beyond the capture point and back.
  // B's SR is that packet; A answers it after a quarter of a second: 4.792 s, so 12 ms on the side of A.
  const HIGHEST_A = 0x10000 + ((65_500 + 99) & 0xffff);
  const datagrams: TestDatagram[] = [
    ...stream({ count: 150, lost: [20, 21, 23, 140] }),
    ...stream({ count: 150, isBack: true }),
    { at: START + 2, from: CONTROL_A, to: CONTROL_B, payload: senderReport(SSRC_A, SR_A, SSRC_B, {}) },
    {
      at: START + 2.53,
      from: CONTROL_B,
      to: CONTROL_A,
      payload: senderReport(SSRC_B, SR_B, SSRC_A, {
        fraction: 64,
        lost: 8,
        highest: HIGHEST_A,
        jitter: 40,
        lsr: SR_A,
        delaySeconds: 0.5,
      }),
    },
    {
      at: START + 2.792,
      from: CONTROL_A,
      to: CONTROL_B,
      payload: senderReport(SSRC_A, SR_A + 0x10000, SSRC_B, { lsr: SR_B, delaySeconds: 0.25 }),
    },
  ];

  test('stand beside what was measured, with round trips split at the capture point', async () => {
    const { reported, roundTrip, rating } = qualityOf(await read(datagrams));
    expect(reported).toMatchObject({ reports: 1, maxLostPercent: 25, maxJitterMs: 5, cumulativeLost: 8 });
    expect(roundTrip.afterMs).toBeCloseTo(30, 1);
    expect(roundTrip.beforeMs).toBeCloseTo(12, 1);
    expect(roundTrip.isPartial).toBe(false);
    // Half the round trip, a packet and the buffer.
    expect(rating?.delayMs).toBeCloseTo(21 + 20 + 60, 1);
    expect(rating?.delayImpairment).toBeGreaterThan(0.15);
  });

  test('tell where packets were lost: 140 was sent after the report', async () => {
    const { lossPlace, sentences } = qualityOf(await read(datagrams));
    expect(lossPlace).toMatchObject({ before: 3, after: 5, fromPacket: null });
    expect(sentences).toContain('3 packets were lost before this capture point, 5 after it.');
  });

  test('make a problem where the receiver misses more than was missing here', async () => {
    const { problems } = new CaptureIndex(await read(datagrams));
    const found = problems.find(({ code }) => code === 'loss-after-capture');
    expect(found).toMatchObject({ severity: 'warning', stream: 's1', title: '3.3 % lost after the capture point' });
    expect(found?.packets).toHaveLength(1);
  });
});

test('extended reports are told as reported (RFC 3611 sections 4.6 and 4.7)', async () => {
  const summary = [0x06e80009, SSRC_A, 0x00640082, 3, 1, 5, 200, 32, 10, 0x38403c02];
  const metrics = [
    0x07000008,
    SSRC_A,
    0x0d058003,
    0x00c81388,
    0x00640050,
    0xe7c43710,
    0x5d7f2928,
    0xb500003c,
    0x007800f0,
  ];
  const report = words(0x80c90001, SSRC_B, 0x80cf0014, SSRC_B, ...summary, ...metrics);
  const capture = await read([
    ...stream({ count: 100 }),
    { at: START + 1, from: CONTROL_B, to: CONTROL_A, payload: report },
  ]);
  const { reported, sentences } = qualityOf(capture);
  // 32 units of 8000 Hz.
  expect(reported?.statistics).toMatchObject({ lost: 3, duplicates: 1, meanJitterMs: 4 });
  expect(reported?.voipMetrics).toMatchObject({
    lossPercent: (13 * 100) / 256,
    discardPercent: (5 * 100) / 256,
    burstDurationMs: 200,
    gapDurationMs: 5000,
    roundTripMs: 100,
    endSystemDelayMs: 80,
    signalLevelDbm0: -25,
    noiseLevelDbm0: -60,
    residualEchoReturnLossDb: 55,
    r: 93,
    externalR: null,
    mosLq: 4.1,
    mosCq: 4,
    concealment: 'enhanced',
    jitterBuffer: 'adaptive',
    jitterBufferNominalMs: 60,
  });
  expect(sentences).toContain('The receiver reports MOS-LQ 4.1, MOS-CQ 4.0, R 93; measured here: MOS 4.41, R 93.2.');
});

describe("the sender's clock", () => {
  test('that is slow by 300 ppm is found, and told', async () => {
    const capture = await read(stream({ count: 2000, slowPpm: 300, delayed: new Map([[1999, 40]]) }));
    expect(qualityOf(capture).clockSkewPpm).toBeCloseTo(-300, 0);
    const found = new CaptureIndex(capture).problems.filter(({ code }) => code === 'clock-skew');
    // 20 ms at 300 ppm: a packet every 66.7 s.
    expect(found.map(({ severity, title }) => [severity, title])).toEqual([['note', "Sender's clock 300 ppm slow"]]);
    expect(found[0].message).toContain('lacks a packet every 67 s');
  });

  test('that is right, or seen for less than ten seconds, is none', async () => {
    expect(qualityOf(await read(stream({ count: 2000 }))).clockSkewPpm).toBeCloseTo(0, 1);
    expect(qualityOf(await read(stream({ count: 400, slowPpm: 300 }))).clockSkewPpm).toBeNull();
  });
});

test('a good stream has no problem of quality', async () => {
  const { problems } = new CaptureIndex(await read(stream({ count: 500 })));
  expect(problems.map(({ code }) => code)).toEqual(['no-signalling']);
});

test('packets change their length, and the codec changes', async () => {
  let timestamp = 0;
  const datagrams = Array.from({ length: 60 }, (_, i): TestDatagram => {
    const samples = i < 30 ? 160 : 240;
    const payload = rtpPacket({
      ssrc: SSRC_A,
      sequence: i,
      timestamp,
      payloadType: i < 40 ? 0 : 8,
      payload: new Uint8Array(samples).fill(0xd5),
    });
    timestamp += samples;
    return { at: START + timestamp / 8000, from: A, to: B, payload };
  });
  const { ptimes, payloadTypes, rating } = qualityOf(await read(datagrams));
  // Packet 1 of the file is the greeting.
  expect(ptimes.map(({ ms, packet }) => [ms, packet])).toEqual([
    [20, 2],
    [30, 32],
  ]);
  expect(payloadTypes.map(({ codec, packet }) => [codec, packet])).toEqual([
    ['PCMU', 2],
    ['PCMA', 42],
  ]);
  // Both laws have the same entry of the table.
  expect(rating?.value).toBe(4.41);
});

describe('recorded', () => {
  const qualitiesOf = async (name: string): Promise<StreamQuality[]> =>
    (await withCapture(join(OWN_CAPTURES, name), (capture) =>
      capture.streams.streams.map((one) => streamQuality(capture, one)),
    )) ?? [];

  test('loss-jitter: what the relay dropped, and nothing too late, for it delays by up to 30 ms', async () => {
    const [, fromCaller] = await qualitiesOf('loss-jitter.pcap');
    // The relay's log: 311 received, 11 dropped, never two that follow each other.
    expect(fromCaller.loss).toMatchObject({ expected: 311, lost: 11, late: 0 });
    expect(fromCaller.bursts.longestRun).toBe(1);
  });

  test('g711a-call: the round trip is that of the two reports, 1.100 ms apart, less the 65/65536 s that one was held', async () => {
    const [one, other] = await qualitiesOf('g711a-call.pcap');
    expect(one.roundTrip.afterMs).toBeCloseTo(1.1 - (65 / 65_536) * 1000, 4);
    expect(other.roundTrip.beforeMs).toBe(one.roundTrip.afterMs);
  });

  test.each([
    ['opus-call.pcap', 'ITU-T G.113 publishes no impairment factor for opus'],
    ['l16-call.pcap', 'ITU-T G.113 publishes no impairment factor for L16'],
  ])('%s is not rated', async (name, reason) => {
    for (const { rating, notRatedBecause } of await qualitiesOf(name)) {
      expect(rating).toBeNull();
      expect(notRatedBecause).toContain(reason);
    }
  });

  test('g722-call is rated on the wideband scale', async () => {
    const [{ rating }] = await qualitiesOf('g722-call.pcap');
    expect(rating).toMatchObject({ model: 'G.107.1', ie: 13, r: 116, value: 4.34 });
  });

  test('comfort-noise: its packets of type 13 are comfort noise', async () => {
    const rows = await qualitiesOf('comfort-noise.pcap');
    expect(
      rows.some(({ comfortNoisePercent, silentPercent }) => comfortNoisePercent > 0 && (silentPercent ?? 0) > 20),
    ).toBe(true);
  });

  test('sound is measured, and cancelled', async () => {
    await withCapture(join(OWN_CAPTURES, 'g711a-call.pcap'), async (capture) => {
      const sides = sidesOf(capture, capture.calls.entries[0]);
      const { sides: figures, echoes, findings } = await audioQuality(capture, sides);
      expect(figures).toHaveLength(2);
      expect(echoes).toEqual([]);
      expect(findings).toEqual([]);
      await expect(audioQuality(capture, sides, { signal: AbortSignal.abort() })).rejects.toThrow();
    });
  });
});

describe('the opinion in the list of streams', () => {
  test('is that of going through all packets, in every own capture', async () => {
    let quick = 0;
    for (const name of capturesIn(OWN_CAPTURES)) {
      await withCapture(join(OWN_CAPTURES, name), (capture) => {
        for (const each of capture.streams.streams) {
          const listed = mosOf(capture, each);
          const { rating } = ratedStream(capture, each);
          expect([name, each.index, listed?.r ?? null]).toEqual([
            name,
            each.index,
            rating === null ? null : Number(rating.r.toFixed(1)),
          ]);
          if (listed !== null) quick++;
        }
      });
    }
    expect(quick).toBeGreaterThan(100);
  }, 120_000);
});
