import { U8Column, U32Column } from '../../../base/columns.ts';
import type { StunColumns } from '../../../dissectors/stun/columns.ts';
import type { LayerTable } from '../../store/layer-table.ts';

const Answered = 1;
const Arrived = 2;

/** Requests by their transaction ID, by row. Several rows can have the same: sent again, or seen again. */
export class CheckTable {
  private readonly stun: LayerTable<StunColumns>;
  private slots = new Uint32Array(1024);
  private count = 0;
  /** Next row (+ 1) with the same transaction. */
  private readonly nextOfRow = new U32Column();
  private readonly lastOfRow = new U32Column();
  private readonly flags = new U8Column();

  constructor(stun: LayerTable<StunColumns>) {
    this.stun = stun;
  }

  /** The first request with the transaction ID of `row`; −1 for none. */
  find(row: number): number {
    return this.slots[this.slotOf(row)] - 1;
  }

  /** Adds a request; behind the others of its transaction where `first` is their first. */
  add(row: number, first = -1): void {
    if (first >= 0) {
      const last = this.lastOfRow.get(first) === 0 ? first : this.lastOfRow.get(first) - 1;
      this.nextOfRow.set(last, row + 1);
      this.lastOfRow.set(first, row + 1);
      return;
    }
    if (++this.count * 2 > this.slots.length) this.grow();
    this.slots[this.slotOf(row)] = row + 1;
  }

  next(row: number): number {
    return this.nextOfRow.get(row) - 1;
  }

  isAnswered(first: number): boolean {
    return (this.flags.get(first) & Answered) !== 0;
  }

  setAnswered(first: number): void {
    this.flags.set(first, this.flags.get(first) | Answered);
  }

  hasArrived(first: number): boolean {
    return (this.flags.get(first) & Arrived) !== 0;
  }

  setArrived(first: number): void {
    this.flags.set(first, this.flags.get(first) | Arrived);
  }

  private slotOf(row: number): number {
    const { transaction0, transaction1, transaction2 } = this.stun.rows.columns;
    const [a, b, c] = [transaction0.get(row), transaction1.get(row), transaction2.get(row)];
    let hash = Math.imul(a, 0x9e3779b1) ^ b;
    hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0x85ebca6b);
    const mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const known = this.slots[slot] - 1;
      if (known < 0) return slot;
      if (transaction0.get(known) === a && transaction1.get(known) === b && transaction2.get(known) === c) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (const known of old) if (known !== 0) this.slots[this.slotOf(known - 1)] = known;
  }
}
