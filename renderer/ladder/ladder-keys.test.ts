import { describe, expect, it } from 'vitest';
import { Diagram } from '../../shared/ladder-diagram/layout.ts';
import { ladder, message } from '../../shared/ladder-diagram/testing.ts';
import { type Step, stepTo } from './ladder-keys.ts';

// Row 2 is the mark of the silence.
const { rows } = new Diagram(
  ladder([
    message(1, 0, 0, 1, 'INVITE'),
    message(2, 1, 1, 0, '200 OK'),
    message(3, 60, 0, 1, 'BYE'),
    message(4, 61, 1, 0, '200 OK (BYE)'),
  ]),
  { width: 800, problems: [{ severity: 'error', title: 'x', packets: [3] }] },
);

describe('walking through a ladder', () => {
  it.each<[Step, number, number | null]>([
    ['j', -1, 0],
    ['j', 1, 3],
    ['ArrowDown', 4, null],
    ['k', 3, 1],
    ['ArrowUp', 0, null],
    ['k', -1, 4],
    ['Home', 3, 0],
    ['End', 0, 4],
    ['PageDown', 0, 1],
    ['PageUp', 4, 3],
    [']', -1, 3],
    [']', 3, null],
    ['[', 4, 3],
    ['[', 3, null],
  ])('%s from row %i', (key, from, to) => {
    expect(rows[2].drawn.kind).toBe('gap');
    expect(stepTo(rows, from, key, 2)).toBe(to);
  });

  it('leaves other keys alone', () => {
    expect(stepTo(rows, 0, 'x' as Step, 2)).toBeNull();
  });
});
