/**
 * How much faster a sender's clock runs than the capture's. Queues only ever add delay, so the line that lies under all
 * transit times and nearest to them is the clock's: an edge of their lower convex hull, that over the mean of the times
 * (the linear program of Moon, Skelly and Towsley, INFOCOM 1999).
 */

/** Shorter stretches of time tell too little: a millisecond in ten seconds is 100 ppm already. */
export const SKEW_LEAST_MS = 10_000;
/** A step of the transit time beyond this is a new time base, and what came before is another stretch. */
const TIME_BASE_CHANGE_MS = 1000;
const LEAST_PACKETS = 50;

/** Takes a stream's packets of media as they came. */
export class ClockSkew {
  private hull = new Hull();
  private longest: Hull | null = null;
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
    return -hull.slope * 1e6;
  }

  private startOver(): void {
    if (this.longest === null || this.hull.spanMs > this.longest.spanMs) this.longest = this.hull;
    this.hull = new Hull();
  }
}

/** The lower convex hull of points that come in order of time. */
class Hull {
  count = 0;
  private times = new Float64Array(256);
  private values = new Float64Array(256);
  private size = 0;
  private firstMs = 0;
  private lastMs = 0;
  private sumMs = 0;

  get spanMs(): number {
    return this.lastMs - this.firstMs;
  }

  add(time: number, value: number): void {
    if (this.count === 0) this.firstMs = this.lastMs = time;
    // Frames can be out of order by a little, and a clock be set back.
    if (time < this.lastMs) return;
    this.count++;
    this.lastMs = time;
    this.sumMs += time - this.firstMs;
    // Of several that came at once the least delayed tells.
    if (this.size > 0 && this.times[this.size - 1] === time && this.values[this.size - 1] <= value) return;
    while (this.size > 0 && this.isAbove(time, value)) this.size--;
    if (this.size === this.times.length) this.grow();
    this.times[this.size] = time;
    this.values[this.size] = value;
    this.size++;
  }

  /** Of the edge over the mean time; 0 where there is one point. */
  get slope(): number {
    const mean = this.firstMs + this.sumMs / this.count;
    let i = 1;
    while (i < this.size - 1 && this.times[i] < mean) i++;
    if (i >= this.size) return 0;
    const width = this.times[i] - this.times[i - 1];
    return width > 0 ? (this.values[i] - this.values[i - 1]) / width : 0;
  }

  /** Whether the last point of the hull lies on or above the line from the one before it to the new one. */
  private isAbove(time: number, value: number): boolean {
    const b = this.size - 1;
    if (this.times[b] === time) return true;
    if (b === 0) return false;
    const a = b - 1;
    const rise = (this.values[b] - this.values[a]) * (time - this.times[a]);
    return rise >= (value - this.values[a]) * (this.times[b] - this.times[a]);
  }

  private grow(): void {
    const [times, values] = [new Float64Array(this.size * 2), new Float64Array(this.size * 2)];
    times.set(this.times);
    values.set(this.values);
    this.times = times;
    this.values = values;
  }
}
