import { describe, expect, test } from 'vitest';
import { Fate } from './fate.ts';
import { type JitterOutcome, type JitterTrace, simulateJitterBuffer } from './jitter-buffer.ts';

/** Packets of 20 ms: sequence number, due and arrival in milliseconds, segment. */
type Row = [sequence: number, dueMs: number, arrivalMs: number, segment?: number];

function traceOf(rows: readonly Row[], others: readonly number[] = []): JitterTrace {
  return {
    count: rows.length,
    sequence: Float64Array.from(rows, ([sequence]) => sequence),
    segment: Uint32Array.from(rows, ([, , , segment = 1]) => segment),
    due: Float64Array.from(rows, ([, due]) => due / 1000),
    arrival: Float64Array.from(rows, ([, , arrival]) => arrival / 1000),
    packetSeconds: 0.02,
    others: Float64Array.from(others),
  };
}

const LETTERS: Readonly<Record<number, string>> = { [Fate.Played]: 'p', [Fate.Late]: 'L', [Fate.Dropped]: 'd' };

function fatesOf({ fate }: JitterOutcome): string {
  return [...fate].map((one) => LETTERS[one] ?? '?').join('');
}

function bridgedMs({ bridged }: JitterOutcome): number[] {
  return [...bridged].map((seconds) => Math.round(seconds * 1e6) / 1000);
}

/** `count` packets on time from sequence number `from` on, each delayed by what `delayMs` says. */
function steady(count: number, from = 0, delayMs: (i: number) => number = () => 0): Row[] {
  return Array.from({ length: count }, (_, i) => [from + i, (from + i) * 20, (from + i) * 20 + delayMs(from + i)]);
}

describe('fixed', () => {
  test('a packet is late from the depth on, and not at it', () => {
    // Heard at 40, 60, 80, 100: the third arrives at 80 exactly, the fourth half a millisecond after 100.
    const outcome = simulateJitterBuffer(
      traceOf(
        [
          [1, 0, 0],
          [2, 20, 35],
          [3, 40, 80],
          [4, 60, 100.5],
          [5, 80, 90],
        ].toSorted((a, b) => a[2] - b[2]) as Row[],
      ),
      0.04,
    );
    // In order of arrival: 1, 2, 3, 5, 4.
    expect(fatesOf(outcome)).toBe('ppppL');
    expect(outcome.counts).toMatchObject({ played: 4, late: 1, lost: 0, concealed: 1, adaptations: 0, dropped: 0 });
    // Waits: 40, 25, 0, 30.
    expect(outcome.counts.meanDelayMs).toBeCloseTo(95 / 4, 9);
    expect(outcome.counts.maxDelayMs).toBeCloseTo(40, 9);
    // After the third packet the fourth is missing.
    expect(bridgedMs(outcome)).toEqual([0, 0, 20, 0, 0]);
  });

  test('reordering within the depth changes nothing; what overtook waits', () => {
    const outcome = simulateJitterBuffer(
      traceOf([
        [1, 0, 0],
        [3, 40, 22],
        [2, 20, 41],
        [4, 60, 60],
      ]),
      0.03,
    );
    expect(fatesOf(outcome)).toBe('pppp');
    expect(outcome.counts).toMatchObject({ played: 4, late: 0, lost: 0, concealed: 0 });
    expect(outcome.counts.maxDelayMs).toBeCloseTo(48, 9);
    // With 20 ms the packet that came at 41 is a millisecond too late.
    expect(
      fatesOf(
        simulateJitterBuffer(
          traceOf([
            [1, 0, 0],
            [3, 40, 22],
            [2, 20, 41],
            [4, 60, 60],
          ]),
          0.02,
        ),
      ),
    ).toBe('ppLp');
  });

  test('loss is bridged; a pause of the sender (DTX) is not, and events in between are no loss', () => {
    const outcome = simulateJitterBuffer(
      traceOf(
        [
          [1, 0, 0],
          [2, 20, 20],
          // 3 and 4 are lost.
          [5, 80, 80],
          // The sender is silent for half a second.
          [6, 600, 600],
          // 7, 8, 9 are telephone-events.
          [10, 760, 760],
          // 11 is lost before another pause: 40 ms are bridged at most, for one packet's worth is missing.
          [12, 1000, 1000],
        ],
        [7, 8, 9],
      ),
      0.06,
    );
    expect(outcome.counts).toMatchObject({ played: 6, late: 0, lost: 3, concealed: 3 });
    expect(bridgedMs(outcome)).toEqual([0, 40, 0, 0, 20, 0]);
  });

  test('a segment begins anew at its first packet: numbers and timestamps that jump are no loss', () => {
    const outcome = simulateJitterBuffer(
      traceOf([...steady(3), [40_000, 500, 500, 2], [40_001, 520, 525, 2], [40_003, 560, 580, 2]]),
      0.01,
    );
    expect(fatesOf(outcome)).toBe('pppppL');
    expect(outcome.counts).toMatchObject({ played: 5, late: 1, lost: 1 });
  });

  test('a sequence that begins anew without a pause is no loss', () => {
    const outcome = simulateJitterBuffer(traceOf([...steady(3), [30_000, 60, 60], [30_001, 80, 80]]), 0.02);
    expect(outcome.counts).toMatchObject({ played: 5, lost: 0, concealed: 0 });
  });

  test('after a second of nothing but late packets it begins anew, so a step of the delay is not silence for ever', () => {
    const outcome = simulateJitterBuffer(traceOf(steady(200, 0, (i) => (i < 50 ? 0 : 300))), 0.06);
    // Due from 1.00 s to 1.98 s are late: 50 packets. The next is heard.
    expect(outcome.counts).toMatchObject({ played: 150, late: 50, adaptations: 1 });
    expect(fatesOf(outcome).lastIndexOf('L')).toBe(99);
  });

  test('packets that come ever earlier, from a clock that runs fast, do not wait for ever', () => {
    const outcome = simulateJitterBuffer(traceOf(steady(20_000, 0, (i) => -i * 0.2)), 0.06);
    expect(outcome.counts.late).toBe(0);
    expect(outcome.counts.maxDelayMs).toBeLessThanOrEqual(1060.2);
    // 4 s of drift, a second at a time.
    expect(outcome.counts.adaptations).toBe(3);
  });
});

describe('adaptive', () => {
  test('without jitter: 60 ms for a second, then 20 ms', () => {
    const outcome = simulateJitterBuffer(traceOf(steady(500)), null);
    // Two packets are left out on the way from 60 ms to 20 ms, half a second apart.
    expect(outcome.counts).toMatchObject({ played: 498, late: 0, dropped: 2, adaptations: 2 });
    expect(outcome.delay[0] * 1000).toBeCloseTo(60, 6);
    expect(outcome.delay[499] * 1000).toBeCloseTo(20, 6);
    const [first, second] = [...outcome.fate.keys()].filter((packet) => outcome.fate[packet] === Fate.Dropped);
    // The 50th packet arrives at 980 ms, when packet 46 is to be heard (920 + 60); 72 is the first after 1480 ms (1440 + 40).
    expect([first, second]).toEqual([46, 72]);
  });

  test('the target is the step above the 97th percentile', () => {
    // One packet in twenty takes 45 ms more: 5 % are beyond the percentile, so the target is 60 ms.
    const outcome = simulateJitterBuffer(
      traceOf(steady(1000, 0, (i) => (i % 20 === 19 ? 45 : 0)).toSorted((a, b) => a[2] - b[2])),
      null,
    );
    expect(outcome.counts).toMatchObject({ late: 0, dropped: 0, adaptations: 0, concealed: 0 });
    // One in fifty is within the three in a hundred that may be late: the target falls to 20 ms.
    const rare = simulateJitterBuffer(
      traceOf(steady(1000, 0, (i) => (i % 50 === 49 ? 45 : 0)).toSorted((a, b) => a[2] - b[2])),
      null,
    );
    expect(rare.counts.dropped).toBe(2);
    expect(rare.counts.late).toBeGreaterThan(15);
  });

  test('at the beginning of a talkspurt the target is taken at once, and its first packet is never late', () => {
    const rows: Row[] = [...steady(100)];
    // Silent from 2 s to 3 s; then 90 ms more on the way for the first packet.
    rows.push([100, 3000, 3090], [101, 3020, 3091], [102, 3040, 3092], [103, 3060, 3093]);
    const outcome = simulateJitterBuffer(traceOf(rows), null);
    expect(fatesOf(outcome).slice(100)).toBe('pppp');
    expect(outcome.delay[100] * 1000).toBeCloseTo(90, 6);
    expect(outcome.counts).toMatchObject({ late: 0, lost: 0, concealed: 0 });
  });

  test('within a talkspurt it grows by packets, which are bridged', () => {
    // From the 200th packet on every second one takes 70 ms more.
    const rows = steady(600, 0, (i) => (i >= 200 && i % 2 === 1 ? 70 : 0)).toSorted((a, b) => a[2] - b[2]);
    const { counts, delay } = simulateJitterBuffer(traceOf(rows), null);
    expect(delay[599] * 1000).toBeCloseTo(80, 6);
    expect(counts.late).toBeGreaterThan(0);
    // Late ones are few once it has grown: it takes 3 % of what is remembered to be noticed.
    expect(counts.late).toBeLessThan(20);
    // Down by two steps at first, up by three.
    expect(counts.adaptations).toBe(5);
    expect(counts.concealed).toBe(counts.late + 3);
  });
});

test('hostile figures: it ends, and every packet has a fate', () => {
  const rows: Row[] = [
    [0, Number.NaN, 0],
    [1, 1e12, -1e12],
    [1, -1e12, 1e12],
    [9e15, 20, Infinity],
    [2, 20, 20, 7],
    [3, 20, 20, 2],
  ];
  for (const depth of [null, 0, 2, Infinity]) {
    const outcome = simulateJitterBuffer(traceOf(rows), depth);
    expect([...outcome.fate].every((one) => one !== 0)).toBe(true);
  }
});

test('nothing is nothing', () => {
  expect(simulateJitterBuffer(traceOf([]), 0.06).counts).toMatchObject({ played: 0, meanDelayMs: 0, maxDelayMs: 0 });
});
