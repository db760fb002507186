import type { Change } from './measure-stream.ts';

/** Steps of the timestamp up to this are the length of a packet; longer ones are silence. */
const LONGEST_PACKET_MS = 200;
/** A length is believed once so many packets in a row have it. */
const IN_A_ROW = 3;

/** How long packets are, and when that changes: told from the steps of the timestamp between packets that follow each other. */
export class PtimeChanges {
  readonly changes: Change[] = [];
  private readonly most: number;
  private readonly counts = new Map<number, number>();
  private usual: number | null = null;
  private usualCount = 0;
  private candidate = Number.NaN;
  private candidateFrame = -1;
  private inARow = 0;

  /** `most`: changes that are remembered. */
  constructor(most: number) {
    this.most = most;
  }

  /** The packet of `frame` was followed by the next one after `ms` of the sender's clock. */
  take(frame: number, ms: number): void {
    if (!(ms > 0) || ms > LONGEST_PACKET_MS) return;
    this.count(ms);
    if (ms !== this.candidate) {
      this.candidate = ms;
      this.candidateFrame = frame;
      this.inARow = 0;
    }
    this.inARow++;
    if (this.inARow !== IN_A_ROW || ms === this.changes.at(-1)?.value || this.changes.length >= this.most) return;
    this.changes.push({ frame: this.candidateFrame, value: ms });
  }

  /** The length that most packets have; null where none is known. */
  get usualMs(): number | null {
    return this.usual;
  }

  private count(ms: number): void {
    const known = this.counts.get(ms);
    // Senders without a steady length have many; the first ones tell as much.
    if (known === undefined && this.counts.size >= 64) return;
    const count = (known ?? 0) + 1;
    this.counts.set(ms, count);
    if (count <= this.usualCount) return;
    this.usual = ms;
    this.usualCount = count;
  }
}
