import { describe, expect, it } from 'vitest';
import type { LadderMessage, LadderRow } from '../ladder.ts';
import { foldedCounts, foldRows } from './fold.ts';
import { again, digit, ladder, media, message, START } from './testing.ts';

/** A 200 that crosses two proxies and is sent again at 0.5, 1.5 and 3.5 s, as RFC 3261 section 13.3.1.4 has it. */
function repeatedAnswer(): LadderRow[] {
  const hops = [message(10, 0, 3, 2, '200 OK'), message(11, 0.002, 2, 1, '200 OK'), message(12, 0.004, 1, 0, '200 OK')];
  const rows: LadderMessage[] = [...hops];
  let packet = 20;
  for (const seconds of [0.5, 1.5, 3.5]) {
    for (const hop of hops) rows.push(again(hop, packet++, seconds + (hop.time - START)));
  }
  return rows;
}

describe('folding', () => {
  it('makes one row of a message sent again on every hop, from the first end to the last', () => {
    const drawn = foldRows(ladder(repeatedAnswer()), true);
    expect(drawn.map(({ kind, packet }) => [kind, packet])).toEqual([
      ['message', 10],
      ['message', 11],
      ['message', 12],
      ['repeats', 20],
    ]);
    const [, , , repeats] = drawn;
    if (repeats.kind !== 'repeats') throw new Error('not folded');
    expect([repeats.first.from, repeats.last.to, repeats.count, repeats.rows.length]).toEqual([3, 0, 3, 9]);
    expect(repeats.waits[0]).toBeCloseTo(0.5, 6);
    expect(repeats.waits[1]).toBeCloseTo(2, 6);
    expect(repeats.endTime).toBeCloseTo(START + 3.504, 6);
    expect(foldedCounts(drawn)).toEqual({ messages: 12, folded: 9, into: 1 });
  });

  it('keeps a message that is sent again once as it is', () => {
    const invite = message(1, 0, 0, 1, 'INVITE');
    const drawn = foldRows(ladder([invite, again(invite, 2, 0.5)]), true);
    expect(drawn.map(({ kind }) => kind)).toEqual(['message', 'message']);
  });

  it('does not put repeats together that go to different ends', () => {
    const one = message(1, 0, 0, 1, 'INVITE');
    const other = message(2, 0.1, 0, 2, 'INVITE');
    const rows = [one, other, again(one, 3, 0.5), again(other, 4, 0.6), again(one, 5, 1.5), again(other, 6, 1.6)];
    const repeats = foldRows(ladder(rows), true).flatMap((row) => (row.kind === 'repeats' ? [row] : []));
    expect(repeats.map(({ first, last, count }) => [first.from, last.to, count])).toEqual([
      [0, 1, 2],
      [0, 2, 2],
    ]);
  });

  it('shows everything where nothing is to be folded', () => {
    const drawn = foldRows(ladder(repeatedAnswer()), false);
    expect(drawn).toHaveLength(12);
    expect(drawn.every(({ kind }) => kind === 'message')).toBe(true);
  });

  it('counts copies of a packet on its row', () => {
    const invite = message(1, 0, 0, 1, 'INVITE');
    const copy = { ...message(2, 0.0001, 0, 1, 'INVITE'), capturedTwice: true, repeats: 1 };
    const [row, ...others] = foldRows(ladder([invite, copy]), true);
    expect(row).toMatchObject({ kind: 'message', packet: 1, copies: 2 });
    expect(others).toEqual([]);
    expect(foldRows(ladder([invite, copy]), false)).toHaveLength(2);
  });

  it('puts digits of a stream on one row until something else happens', () => {
    const rows = [
      digit(1, 0, 's1', '4'),
      digit(2, 0.5, 's1', '2'),
      digit(3, 0.6, 's2', '9'),
      digit(4, 1, 's1', '7'),
      message(5, 2, 0, 3, 'BYE'),
      digit(6, 3, 's1', '#'),
    ];
    const drawn = foldRows(ladder(rows), true);
    expect(
      drawn.map((row) => (row.kind === 'digits' ? row.digits.map((each) => each.digit).join('') : row.kind)),
    ).toEqual(['42', '9', '7', 'message', '#']);
    expect(drawn[0].endTime).toBeCloseTo(START + 0.6, 6);
  });

  it('marks a long silence, measured from the end of what went on', () => {
    const invite = message(1, 0, 0, 1, 'INVITE');
    const repeats = [0.5, 1.5, 3.5, 7.5].map((seconds, i) => again(invite, 2 + i, seconds));
    const silence = (bye: number) =>
      foldRows(ladder([invite, ...repeats, media(9, 0.2, 0, 3, 's1'), message(10, bye, 0, 1, 'BYE')]), true).flatMap(
        (row) => (row.kind === 'gap' ? [row.seconds] : []),
      );
    expect(silence(17)).toEqual([]);
    expect(silence(18)[0]).toBeCloseTo(10.5, 6);
  });
});
