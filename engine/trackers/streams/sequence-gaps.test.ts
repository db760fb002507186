import { describe, expect, it } from 'vitest';
import { Arrival, MAX_DROPOUT, MAX_MISORDER, SequenceGaps } from './sequence-gaps.ts';

function take(...sequences: readonly number[]): { gaps: SequenceGaps; arrivals: Arrival[] } {
  const gaps = new SequenceGaps();
  return { gaps, arrivals: sequences.map((sequence) => gaps.add(sequence)) };
}

function figures({ first, highest, expected, distinct, lost, duplicates, late }: SequenceGaps) {
  return { first, highest, expected, distinct, lost, duplicates, late };
}

const { InOrder, AfterGap, Late, Duplicate, Restart } = Arrival;

describe('SequenceGaps', () => {
  it('has nothing to say of nothing', () => {
    expect(figures(new SequenceGaps())).toEqual({
      first: 0,
      highest: 0,
      expected: 0,
      distinct: 0,
      lost: 0,
      duplicates: 0,
      late: 0,
    });
  });

  it('counts loss', () => {
    const { gaps, arrivals } = take(10, 11, 14, 15);
    expect(arrivals).toEqual([InOrder, InOrder, AfterGap, InOrder]);
    expect(figures(gaps)).toMatchObject({ first: 10, highest: 15, expected: 6, distinct: 4, lost: 2 });
  });

  it('a late packet fills its gap, at either end of it and in the middle', () => {
    const { gaps, arrivals } = take(1, 7, 4, 2, 6, 5, 3);
    expect(arrivals).toEqual([InOrder, AfterGap, Late, Late, Late, Late, Late]);
    expect(figures(gaps)).toMatchObject({ expected: 7, distinct: 7, lost: 0, late: 5, duplicates: 0 });
  });

  it('tells a duplicate from a late packet', () => {
    const { gaps, arrivals } = take(1, 2, 2, 5, 4, 4, 1, 5);
    expect(arrivals).toEqual([InOrder, InOrder, Duplicate, AfterGap, Late, Duplicate, Duplicate, Duplicate]);
    expect(figures(gaps)).toMatchObject({ expected: 5, distinct: 4, lost: 1, late: 1, duplicates: 4 });
  });

  it('counts on over the wrap, with loss on it and a late packet from before it', () => {
    const { gaps, arrivals } = take(65_533, 65_534, 1, 65_535, 2);
    expect(arrivals).toEqual([InOrder, InOrder, AfterGap, Late, InOrder]);
    expect(figures(gaps)).toMatchObject({ first: 65_533, highest: 65_538, expected: 6, distinct: 5, lost: 1 });
  });

  it('counts several wraps', () => {
    const gaps = new SequenceGaps();
    for (let i = 0; i < 200_000; i++) if (i % 1000 !== 999) gaps.add((60_000 + i) & 0xffff);
    // The last number, 199 999, is one of those left out.
    expect(figures(gaps)).toMatchObject({ expected: 199_999, distinct: 199_800, lost: 199, duplicates: 0 });
  });

  it('moves its beginning back for packets sent before the first one seen', () => {
    const { gaps, arrivals } = take(0, 65_534, 1, 65_535);
    expect(arrivals).toEqual([InOrder, Late, InOrder, Late]);
    expect(figures(gaps)).toMatchObject({ first: -2, highest: 1, expected: 4, distinct: 4, lost: 0 });
  });

  it('a gap of one less than the limit is loss', () => {
    const { gaps, arrivals } = take(0, MAX_DROPOUT - 1);
    expect(arrivals).toEqual([InOrder, AfterGap]);
    expect(figures(gaps)).toMatchObject({ expected: MAX_DROPOUT, lost: MAX_DROPOUT - 2 });
  });

  it('a step of the limit is a restart once the next number follows, and what was skipped is not lost', () => {
    const { gaps, arrivals } = take(100, 101, 40_000, 40_001, 40_002, 40_004);
    expect(arrivals).toEqual([InOrder, InOrder, AfterGap, Restart, InOrder, AfterGap]);
    expect(figures(gaps)).toMatchObject({ expected: 7, distinct: 6, lost: 1, duplicates: 0 });
  });

  it('one stray number changes nothing for its stream', () => {
    const { gaps, arrivals } = take(100, 101, 40_000, 102, 103);
    expect(arrivals).toEqual([InOrder, InOrder, AfterGap, InOrder, InOrder]);
    expect(figures(gaps)).toMatchObject({ highest: 103, expected: 5, distinct: 5, lost: 0 });
  });

  it('restarts far back as well as far on', () => {
    const { gaps } = take(30_000, 30_001, 5, 6, 7);
    expect(figures(gaps)).toMatchObject({ expected: 5, distinct: 5, lost: 0, duplicates: 0 });
  });

  it('holds bounded memory under a gap at every second number, and stays exact', () => {
    const gaps = new SequenceGaps();
    for (let i = 0; i < 100_000; i += 2) gaps.add(i & 0xffff);
    expect(figures(gaps)).toMatchObject({ expected: 99_999, distinct: 50_000, lost: 49_999, duplicates: 0 });
    // The newest gap is open, whatever became of the oldest.
    expect(gaps.add(99_997 & 0xffff)).toBe(Late);
  });

  it('agrees with a set of extended numbers under loss, reordering and duplicates', () => {
    // Park and Miller's generator: the same streams each time.
    let state = 20_231;
    const random = (below: number): number => {
      state = (state * 48_271) % 0x7fffffff;
      return state % below;
    };
    for (let round = 0; round < 60; round++) {
      const start = 65_536 + random(65_536);
      const sent: number[] = [];
      for (let i = 0; i < 3000; i++) {
        if (random(100) < round % 30) continue;
        sent.push(start + i);
        if (random(50) === 0) sent.push(start + i);
      }
      // Each packet is moved by up to 40 places; the first stays, so that nothing precedes it by more than that.
      const order = sent
        .map((number, place) => ({ number, key: place + (place === 0 ? 0 : random(40)) }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ number }) => number);
      const gaps = new SequenceGaps();
      const seen = new Set<number>();
      let duplicates = 0;
      let highest = -1;
      let late = 0;
      for (const number of order) {
        if (seen.has(number)) duplicates++;
        else if (number < highest) late++;
        seen.add(number);
        highest = Math.max(highest, number);
        gaps.add(number & 0xffff);
      }
      const expected = highest - Math.min(...seen) + 1;
      expect({ round, ...figures(gaps) }).toEqual({
        round,
        first: (order[0] & 0xffff) - (order[0] - Math.min(...seen)),
        highest: (order[0] & 0xffff) + highest - order[0],
        expected,
        distinct: seen.size,
        lost: expected - seen.size,
        duplicates,
        late,
      });
    }
  });

  it('believes the misorder limit before the first packet', () => {
    const { gaps, arrivals } = take(5000, 5000 - MAX_MISORDER);
    expect(arrivals).toEqual([InOrder, Late]);
    expect(figures(gaps)).toMatchObject({ first: 4900, expected: 101, distinct: 2, lost: 99 });
  });
});

describe('a stream that begins anew', () => {
  it('a short way back is a restart, not a thousand duplicates', () => {
    const gaps = new SequenceGaps();
    for (let round = 0; round < 2; round++) for (let n = 1; n <= 1000; n++) gaps.add(n);
    expect(gaps.duplicates).toBe(0);
    expect(gaps.lost).toBe(0);
    expect(gaps.distinct).toBe(2000);
  });

  it('a packet that was missing is late, however far back', () => {
    const gaps = new SequenceGaps();
    gaps.add(1);
    for (let n = 3; n <= 500; n++) gaps.add(n);
    expect(gaps.add(2)).toBe(Arrival.Late);
    expect(gaps.lost).toBe(0);
  });
});
