import { FIRST_ROOM } from '../../../base/first-room.ts';
import { doubledSlots } from '../../../base/hash.ts';

/**
 * A set of rows by what makes them the same message, to find those sent again. Open addressing; the hash lies beside
 * the row, so that most rows that differ are never compared.
 */
export class MessageSet {
  /** Pairs of hash and row + 1; 0 is a free slot. */
  private slots = new Uint32Array(4 * FIRST_ROOM);
  private count = 0;
  private readonly same: (a: number, b: number) => boolean;

  constructor(same: (a: number, b: number) => boolean) {
    this.same = same;
  }

  /** The earlier row that is the same message, else -1 and `row` is remembered. `hash` is of what `same` compares. */
  add(row: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 2;
    let slot = (hash << 1) & mask;
    for (;;) {
      const entry = slots[slot + 1];
      if (entry === 0) break;
      if (slots[slot] === hash && this.same(entry - 1, row)) return entry - 1;
      slot = (slot + 2) & mask;
    }
    slots[slot] = hash;
    slots[slot + 1] = row + 1;
    if (++this.count * 3 > slots.length) this.slots = doubledSlots(slots);
    return -1;
  }
}
