import { describe, expect, it } from 'vitest';
import { WiresharkFigures } from './wireshark-figures.ts';

interface Packet {
  readonly ms: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType?: number;
  readonly marker?: boolean;
  readonly clock?: number;
}

function figuresOf(packets: readonly Packet[]): WiresharkFigures {
  const figures = new WiresharkFigures();
  for (const { ms, sequence, timestamp, payloadType = 0, marker = false, clock = 8000 } of packets) {
    figures.add(ms, sequence, timestamp, payloadType, marker, clock);
  }
  return figures;
}

describe("Wireshark's figures", () => {
  it('jitter, worked by hand: J = (15 J + |D|) / 16, the mean over the packets so far', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 20, sequence: 2, timestamp: 160 }, // |D| 0, J 0
      { ms: 45, sequence: 3, timestamp: 320 }, // |D| 5, J 5/16
      { ms: 60, sequence: 4, timestamp: 480 }, // |D| 5, J (15 × 0.3125 + 5) / 16
    ]);
    expect(figures.maxJitterMs).toBeCloseTo(0.60546875, 12);
    expect(figures.meanJitterMs).toBeCloseTo((0 + 0.3125 + 0.60546875) / 3, 12);
    expect(figures.maxDeltaMs).toBe(25);
    expect([figures.expected, figures.lost]).toEqual([4, 0]);
  });

  it('a marked packet takes part in J, not in the maxima', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 100, sequence: 2, timestamp: 160, marker: true }, // |D| 80, J 5
      { ms: 120, sequence: 3, timestamp: 320 }, // |D| 0, J 4.6875
    ]);
    expect(figures.maxDeltaMs).toBe(20);
    expect(figures.maxJitterMs).toBeCloseTo(4.6875, 12);
    // The mean divides by all packets so far: (0 × 1 + 4.6875) / 2.
    expect(figures.meanJitterMs).toBeCloseTo(2.34375, 12);
  });

  it('comfort noise and the packet after it leave no mark in the maxima', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0 },
      { ms: 90, sequence: 2, timestamp: 160, payloadType: 13 },
      { ms: 1000, sequence: 3, timestamp: 8000 },
      { ms: 1021, sequence: 4, timestamp: 8160 },
    ]);
    expect(figures.maxDeltaMs).toBe(21);
  });

  it('duplicates make the loss negative', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 7, timestamp: 0 },
      { ms: 1, sequence: 7, timestamp: 0 },
      { ms: 20, sequence: 8, timestamp: 160 },
      { ms: 21, sequence: 8, timestamp: 160 },
    ]);
    expect([figures.expected, figures.lost]).toEqual([2, -2]);
  });

  it('counts a cycle where the number falls below the first', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 65_534, timestamp: 0 },
      { ms: 20, sequence: 65_535, timestamp: 160 },
      { ms: 40, sequence: 0, timestamp: 320 },
      { ms: 80, sequence: 2, timestamp: 640 },
    ]);
    expect([figures.expected, figures.lost]).toEqual([5, 1]);
  });

  it('a clock rate is divided by 1000 as an integer: 44100 Hz counts as 44', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0, clock: 44_100 },
      { ms: 10, sequence: 2, timestamp: 441, clock: 44_100 }, // nominal 441 / 44, not 10
    ]);
    expect(figures.maxJitterMs).toBeCloseTo((441 / 44 - 10) / 16, 12);
  });

  it('a packet from before the first one is out of sequence and only counted', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 10, timestamp: 1600 },
      { ms: 5, sequence: 9, timestamp: 1440 },
      { ms: 20, sequence: 11, timestamp: 1760 },
    ]);
    // The delta is measured from the packet in sequence.
    expect(figures.maxDeltaMs).toBe(20);
    expect(figures.maxJitterMs).toBe(0);
    expect([figures.expected, figures.lost]).toEqual([2, -1]);
  });

  it('without a clock there are deltas and no jitter', () => {
    const figures = figuresOf([
      { ms: 0, sequence: 1, timestamp: 0, clock: 0 },
      { ms: 50, sequence: 2, timestamp: 160, clock: 0 },
    ]);
    expect([figures.maxDeltaMs, figures.maxJitterMs, figures.meanJitterMs]).toEqual([50, 0, 0]);
  });
});
