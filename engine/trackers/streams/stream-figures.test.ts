import { describe, expect, it } from 'vitest';
import { PayloadKind } from './payload-map.ts';
import { StreamFigures } from './stream-figures.ts';

const { Media, Event } = PayloadKind;

interface Packet {
  readonly ms: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly kind?: number;
  readonly clock?: number;
}

function figuresOf(packets: readonly Packet[]): StreamFigures {
  const figures = new StreamFigures();
  for (const { ms, sequence, timestamp, kind = Media, clock = 8000 } of packets) {
    figures.add(ms, sequence, timestamp, 0, false, clock, kind);
  }
  return figures;
}

/** RFC 3550 appendix A.8 as printed: transit = arrival - timestamp, J += (|d| - J) / 16, in timestamp units. */
function appendixA8(packets: readonly Packet[], clock: number): { mean: number; max: number } {
  let transit = packets[0].ms * (clock / 1000) - packets[0].timestamp;
  let jitter = 0;
  let sum = 0;
  let max = 0;
  for (const packet of packets.slice(1)) {
    const next = packet.ms * (clock / 1000) - packet.timestamp;
    const d = Math.abs(next - transit);
    transit = next;
    jitter += (1 / 16) * (d - jitter);
    sum += jitter;
    max = Math.max(max, jitter);
  }
  const toMs = 1000 / clock;
  return { mean: (sum / (packets.length - 1)) * toMs, max: max * toMs };
}

describe('StreamFigures', () => {
  it('jitter by RFC 3550 section 6.4.1, worked by hand', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 }, // D 0
      { ms: 45, sequence: 3, timestamp: 320 }, // D 5: J 0.3125
      { ms: 60, sequence: 4, timestamp: 480 }, // D -5: J 0.3125 + (5 - 0.3125) / 16
    ]);
    expect(figures.maxJitterMs).toBeCloseTo(0.60546875, 12);
    expect(figures.meanJitterMs).toBeCloseTo((0.3125 + 0.60546875) / 3, 12);
    expect(figures.maxDeltaMs).toBe(25);
    expect(figures.skewMs).toBe(-5);
  });

  it("agrees with appendix A.8's code in timestamp units, over loss, reordering and a wrap", () => {
    const offsets = [0, 3.25, -1, 12, 0.5, 7, 7, 2, 30, 1, 4, 0, 9.75, 2, 18, 3];
    const packets = offsets.map((offset, i) => ({
      ms: i * 20 + offset + 100,
      sequence: (65_530 + i) & 0xffff,
      timestamp: 4_294_966_000 + i * 160,
    }));
    const lossy = packets.filter((_, i) => i !== 4 && i !== 9);
    [lossy[5], lossy[6]] = [lossy[6], lossy[5]];
    const figures = figuresOf(lossy.map((packet) => ({ ...packet, timestamp: packet.timestamp >>> 0 })));
    const expected = appendixA8(lossy, 8000);
    expect(figures.meanJitterMs).toBeCloseTo(expected.mean, 9);
    expect(figures.maxJitterMs).toBeCloseTo(expected.max, 9);
    expect(figures.outOfOrder).toBe(1);
    expect([figures.gaps.lost, figures.gaps.expected]).toEqual([2, 16]);
  });

  it('one packet has no jitter to speak of', () => {
    expect(figuresOf([{ ms: 0, sequence: 1, timestamp: 0 }]).meanJitterMs).toBeNull();
  });

  it('duplicates take no part in jitter or delta', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 15, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 },
    ]);
    expect([figures.maxDeltaMs, figures.maxJitterMs, figures.gaps.duplicates]).toEqual([20, 0, 1]);
  });

  it('telephone-events, whose timestamp stands still, take no part in jitter', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160, kind: Event },
      { ms: 40, sequence: 3, timestamp: 160, kind: Event },
      { ms: 60, sequence: 4, timestamp: 480 },
    ]);
    expect([figures.maxJitterMs, figures.meanJitterMs, figures.gaps.lost]).toEqual([0, 0, 0]);
  });

  it('a new time base is no jitter', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 },
      { ms: 40, sequence: 3, timestamp: 900_000 },
      { ms: 60, sequence: 4, timestamp: 900_160 },
    ]);
    expect([figures.maxJitterMs, figures.skewMs]).toEqual([0, 0]);
  });

  it('a change of clock rate begins the measure anew', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 },
      { ms: 40, sequence: 3, timestamp: 480, clock: 16_000 },
      { ms: 60, sequence: 4, timestamp: 800, clock: 16_000 },
    ]);
    expect(figures.maxJitterMs).toBe(0);
  });

  it('a restart is counted and is neither loss nor jitter', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 },
      { ms: 40, sequence: 50_000, timestamp: 320 },
      { ms: 60, sequence: 50_001, timestamp: 480 },
      { ms: 80, sequence: 50_002, timestamp: 640 },
    ]);
    expect([figures.restarts, figures.gaps.lost, figures.gaps.expected]).toEqual([1, 0, 5]);
  });

  it('says when every packet came twice, and not when some did', () => {
    const packets = Array.from({ length: 10 }, (_, i) => ({ ms: i * 20, sequence: i, timestamp: i * 160 }));
    expect(figuresOf(packets.flatMap((packet) => [packet, packet])).capturedTwice).toBe(true);
    expect(figuresOf([...packets, packets[9], packets[8]]).capturedTwice).toBe(false);
  });

  it('a clock that runs slow shows as a growing lag', () => {
    const packets = Array.from({ length: 101 }, (_, i) => ({ ms: i * 20.1, sequence: i, timestamp: i * 160 }));
    expect(figuresOf(packets).skewMs).toBeCloseTo(-10, 6);
  });
});
