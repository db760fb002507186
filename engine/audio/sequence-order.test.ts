import { describe, expect, test } from 'vitest';
import { orderBySequence } from './sequence-order.ts';

function order(...sequences: number[]): { sent: number[]; lost: number[] } {
  const made = orderBySequence(sequences.length, (packet) => sequences[packet]);
  return { sent: [...made.sent], lost: [...made.sent].map((_, i) => made.lostBefore(i)) };
}

describe('packets by their sequence numbers', () => {
  test('gaps, over the wrap too', () => {
    expect(order(65533, 65535, 0, 3)).toEqual({ sent: [0, 1, 2, 3], lost: [0, 1, 0, 2] });
  });

  test('late ones take their place, copies have none', () => {
    expect(order(10, 11, 14, 12, 12, 15)).toEqual({ sent: [0, 1, 3, 2, 5], lost: [0, 0, 0, 1, 0] });
  });

  test('a restart is no loss, and a number that fits nothing neither', () => {
    expect(order(10, 11, 30_000, 30_001, 30_003)).toEqual({ sent: [0, 1, 2, 3, 4], lost: [0, 0, 0, 0, 1] });
    expect(order(10, 11, 30_000, 12)).toEqual({ sent: [0, 1, 3], lost: [0, 0, 0] });
  });

  test('nothing', () => expect(order()).toEqual({ sent: [], lost: [] }));
});
