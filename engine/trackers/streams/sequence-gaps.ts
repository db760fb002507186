/**
 * Which sequence numbers of a stream are missing: exact under loss, reordering, duplicates and wrap-around, in memory
 * that follows the loss and not the length of the stream. Extended sequence numbers count on past 65535.
 */

/** What a packet is to those before it. */
export const Arrival = { InOrder: 0, AfterGap: 1, Late: 2, Duplicate: 3, Restart: 4 } as const;
export type Arrival = (typeof Arrival)[keyof typeof Arrival];

/** RFC 3550 appendix A.1: a larger step forward, or further back, is another start of the stream. */
export const MAX_DROPOUT = 3000;
export const MAX_MISORDER = 100;

/** Gaps kept open for late packets; older ones are given up as lost. */
const MAX_OPEN_GAPS = 4096;

export class SequenceGaps {
  /** First and highest extended sequence number. */
  first = 0;
  highest = 0;
  /** Packets that were not duplicates. */
  distinct = 0;
  duplicates = 0;
  /** Packets that came after one with a higher number. */
  late = 0;
  /** Numbers the stream jumped over where it began anew; they were never sent, so they are neither expected nor lost. */
  private skipped = 0;
  /** Open gaps, ascending: first and last missing number of each. */
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private hasForgotten = false;
  private started = false;
  /** After an implausible number: the one that would prove it was a restart (RFC 3550 A.1). */
  private badNext = -1;

  /** Takes the 16-bit number of the next packet of the stream, in capture order. */
  add(sequence: number): Arrival {
    if (!this.started) {
      this.started = true;
      this.first = this.highest = sequence;
      this.distinct = 1;
      return Arrival.InOrder;
    }
    const step = ((sequence - this.highest) << 16) >> 16;
    if (step === 1) {
      this.highest++;
      this.distinct++;
      this.badNext = -1;
      return Arrival.InOrder;
    }
    if (step > 1 && step < MAX_DROPOUT) {
      this.open(this.highest + 1, this.highest + step - 1);
      this.highest += step;
      this.distinct++;
      this.badNext = -1;
      return Arrival.AfterGap;
    }
    // Further back than any reordering: late where it is missing, else another start of the stream.
    const number = this.highest + step;
    if (step < -MAX_MISORDER && !this.isMissing(number)) return this.outOfRange(sequence);
    if (step <= 0 && step > -MAX_DROPOUT) return this.fill(number);
    return this.outOfRange(sequence);
  }

  /** First to highest, less what a restart skipped. */
  get expected(): number {
    return this.started ? this.highest - this.first + 1 - this.skipped : 0;
  }

  get lost(): number {
    return Math.max(0, this.expected - this.distinct);
  }

  /** It ran from its first number to its highest, and `missing` are all that are lost of it. */
  get isContinuous(): boolean {
    return this.skipped === 0 && !this.hasForgotten;
  }

  /** The numbers that never came: calls `take` with the first and last of each gap, ascending. */
  missing(take: (from: number, to: number) => void): void {
    for (let i = 0; i < this.from.length; i++) take(this.from[i], this.to[i]);
  }

  private fill(number: number): Arrival {
    // Usually the newest gap, so look from the end.
    for (let i = this.from.length - 1; i >= 0; i--) {
      if (this.to[i] < number) break;
      if (this.from[i] > number) continue;
      const from = this.from[i];
      const to = this.to[i];
      if (from === to) {
        this.from.splice(i, 1);
        this.to.splice(i, 1);
      } else if (number === from) {
        this.from[i]++;
      } else if (number === to) {
        this.to[i]--;
      } else {
        this.to[i] = number - 1;
        this.from.splice(i + 1, 0, number + 1);
        this.to.splice(i + 1, 0, to);
      }
      this.distinct++;
      this.late++;
      return Arrival.Late;
    }
    if (number < this.first && number >= this.first - MAX_MISORDER) {
      // Sent before the packet the capture saw first.
      if (number < this.first - 1) this.openFront(number + 1, this.first - 1);
      this.first = number;
      this.distinct++;
      this.late++;
      return Arrival.Late;
    }
    this.duplicates++;
    return Arrival.Duplicate;
  }

  private outOfRange(sequence: number): Arrival {
    if (sequence !== this.badNext) {
      // One stray number proves nothing; two in a row are a restart.
      this.badNext = (sequence + 1) & 0xffff;
      this.distinct++;
      this.skipped--;
      return Arrival.AfterGap;
    }
    const ahead = (sequence - this.highest) & 0xffff;
    this.skipped += ahead - 1;
    this.highest += ahead;
    this.distinct++;
    this.badNext = -1;
    return Arrival.Restart;
  }

  private isMissing(number: number): boolean {
    for (let i = this.from.length - 1; i >= 0 && this.to[i] >= number; i--) if (this.from[i] <= number) return true;
    return false;
  }

  private open(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
    if (this.from.length > MAX_OPEN_GAPS) {
      this.from.splice(0, MAX_OPEN_GAPS / 2);
      this.to.splice(0, MAX_OPEN_GAPS / 2);
      this.hasForgotten = true;
    }
  }

  private openFront(from: number, to: number): void {
    this.from.unshift(from);
    this.to.unshift(to);
  }
}
