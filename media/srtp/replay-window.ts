/** Packet indices seen lately (RFC 3711 section 3.3.2), with a window wide enough for what captures reorder. */

const WINDOW = 4096;

export class ReplayWindow {
  /** Bit `index % WINDOW` of the window that ends at `highest`. */
  private readonly seen = new Uint32Array(WINDOW / 32);
  /** The highest index seen, -1 before the first. */
  highest = -1;

  /** Was this index marked? False for one older than the window: see `isOld`. */
  has(index: number): boolean {
    if (index > this.highest || this.isOld(index)) return false;
    const bit = index % WINDOW;
    return (this.seen[bit >>> 5] & (1 << (bit & 31))) !== 0;
  }

  /** Is it too far behind the highest to say? */
  isOld(index: number): boolean {
    return index <= this.highest - WINDOW;
  }

  mark(index: number): void {
    if (index > this.highest) {
      this.forget(index);
      this.highest = index;
    }
    const bit = index % WINDOW;
    this.seen[bit >>> 5] |= 1 << (bit & 31);
  }

  /** Clears the bits between the highest and a new one. */
  private forget(index: number): void {
    if (index - this.highest >= WINDOW) {
      this.seen.fill(0);
      return;
    }
    for (let each = this.highest + 1; each <= index; each++) {
      const bit = each % WINDOW;
      this.seen[bit >>> 5] &= ~(1 << (bit & 31));
    }
  }
}
