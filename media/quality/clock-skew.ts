/**
 * How much faster a sender's clock runs than the capture's. Queues only ever add delay, so the line that lies under all
 * transit times and nearest to them is the clock's: an edge of their lower convex hull, that over the mean of the times
 * (the linear program of Moon, Skelly and Towsley, INFOCOM 1999).
 */
import { LowerHull } from './lower-hull.ts';

/** Shorter stretches of time tell too little: a millisecond in ten seconds is 100 ppm already. */
export const SKEW_LEAST_MS = 10_000;
/** A step of the transit time beyond this is a new time base, and what came before is another stretch. */
const TIME_BASE_CHANGE_MS = 1000;
const LEAST_PACKETS = 50;

/** Takes a stream's packets of media as they came. */
export class ClockSkew {
  private hull = new LowerHull();
  private longest: LowerHull | null = null;
  private lastTransit = Number.NaN;

  /** Both in milliseconds, each from any zero of its own; `arrivalMs` never goes back. */
  add(arrivalMs: number, sentMs: number): void {
    const transit = arrivalMs - sentMs;
    if (Math.abs(transit - this.lastTransit) > TIME_BASE_CHANGE_MS) this.startOver();
    this.lastTransit = transit;
    this.hull.add(arrivalMs, transit);
  }

  /** Parts in a million; above 0 the sender's clock is fast. null where the stream is too short or its clock not steady. */
  get ppm(): number | null {
    const hull = this.longest !== null && this.longest.spanMs > this.hull.spanMs ? this.longest : this.hull;
    if (hull.spanMs < SKEW_LEAST_MS || hull.count < LEAST_PACKETS) return null;
    return -hull.line.slope * 1e6;
  }

  private startOver(): void {
    if (this.longest === null || this.hull.spanMs > this.longest.spanMs) this.longest = this.hull;
    this.hull = new LowerHull();
  }
}
