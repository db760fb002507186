/** A set of SIP messages by what makes them the same message, to find those sent again. Open addressing over rows. */
export class MessageSet {
  private slots = new Uint32Array(1024);
  private count = 0;
  private readonly hash: (row: number) => number;
  private readonly same: (a: number, b: number) => boolean;

  constructor(hash: (row: number) => number, same: (a: number, b: number) => boolean) {
    this.hash = hash;
    this.same = same;
  }

  /** The earlier row that is the same message, else -1 and `row` is remembered. */
  add(row: number): number {
    const mask = this.slots.length - 1;
    let slot = this.hash(row) & mask;
    for (;;) {
      const other = this.slots[slot];
      if (other === 0) break;
      if (this.same(other - 1, row)) return other - 1;
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = row + 1;
    if (++this.count * 2 > this.slots.length) this.grow();
    return -1;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.hash(entry - 1) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry;
    }
  }
}
