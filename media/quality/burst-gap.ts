/**
 * Bursts and gaps of loss by RFC 3611 section 4.7.2. A burst begins and ends with a packet that was lost or discarded, holds
 * at least two of them, and nowhere Gmin packets received in a row; the rest, with its isolated losses, are gaps. Before and
 * after the stream everything counts as received. Counted packet by packet, not estimated as in the RFC's appendix A.2.
 */

/** Packets received in a row that end a burst: the value RFC 3611 recommends. */
export const GMIN = 16;

export interface BurstGapFigures {
  readonly bursts: number;
  /** Share of the packets in bursts, and in gaps, that were lost or discarded, percent; null where there are none. */
  readonly burstDensityPercent: number | null;
  readonly gapDensityPercent: number | null;
  /** Mean length, packets; null where there are none. */
  readonly burstPackets: number | null;
  readonly gapPackets: number | null;
  /** Most packets lost or discarded one after another. */
  readonly longestRun: number;
  /**
   * BurstR (G.107 section 7.5): mean length of runs of loss, by what random loss of the same share would give. 1 is random;
   * null where nothing was lost.
   */
  readonly burstRatio: number | null;
}

interface Burst {
  /** First and last packet, counted from 1; both were missed. */
  readonly from: number;
  to: number;
  missed: number;
}

/** Takes a stream's packets in the order they were sent. */
export class BurstGap {
  private total = 0;
  private missedInAll = 0;
  private runs = 0;
  private run = 0;
  private longestRun = 0;
  /** Sums over the bursts that are over. */
  private bursts = 0;
  private burstPackets = 0;
  private burstMissed = 0;
  private gaps = 0;
  /** The end of the last burst, 0 before the first. */
  private burstEnd = 0;
  /** What was missed last, and may yet become a burst. */
  private open: Burst | null = null;

  /** The next `count` packets were played. */
  received(count = 1): void {
    if (count <= 0) return;
    this.total += count;
    this.run = 0;
  }

  /** The next `count` packets were not: lost on the way, or too late. */
  missed(count = 1): void {
    if (count <= 0) return;
    if (this.open !== null && this.total - this.open.to >= GMIN) this.close();
    this.open ??= { from: this.total + 1, to: 0, missed: 0 };
    if (this.run === 0) this.runs++;
    this.run += count;
    if (this.run > this.longestRun) this.longestRun = this.run;
    this.total += count;
    this.missedInAll += count;
    this.open.missed += count;
    this.open.to = this.total;
  }

  /** Of everything taken; the stream is over. */
  figures(): BurstGapFigures {
    this.close();
    const { total, missedInAll, runs, bursts, burstPackets, burstMissed, burstEnd } = this;
    const gaps = this.gaps + (burstEnd < total ? 1 : 0);
    const gapPackets = total - burstPackets;
    const share = total === 0 ? 0 : missedInAll / total;
    return {
      bursts,
      burstDensityPercent: bursts === 0 ? null : (burstMissed * 100) / burstPackets,
      gapDensityPercent: gapPackets === 0 ? null : ((missedInAll - burstMissed) * 100) / gapPackets,
      burstPackets: bursts === 0 ? null : burstPackets / bursts,
      gapPackets: gaps === 0 ? null : gapPackets / gaps,
      longestRun: this.longestRun,
      burstRatio: runs === 0 ? null : Math.max(1, (missedInAll / runs) * (1 - share)),
    };
  }

  /** A single packet that was missed belongs to the gap around it. */
  private close(): void {
    const { open } = this;
    this.open = null;
    if (open === null || open.missed < 2) return;
    if (open.from > this.burstEnd + 1) this.gaps++;
    this.bursts++;
    this.burstPackets += open.to - open.from + 1;
    this.burstMissed += open.missed;
    this.burstEnd = open.to;
  }
}
