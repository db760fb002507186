/** `offset + slope × time`. */
export interface Line {
  readonly offset: number;
  readonly slope: number;
}

/** The lower convex hull of points that come in order of time. */
export class LowerHull {
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

  /** The line of the edge over the mean time; flat where there is one point. */
  get line(): Line {
    const mean = this.firstMs + this.sumMs / this.count;
    let i = 1;
    while (i < this.size - 1 && this.times[i] < mean) i++;
    const width = i < this.size ? this.times[i] - this.times[i - 1] : 0;
    const slope = width > 0 ? (this.values[i] - this.values[i - 1]) / width : 0;
    return { offset: this.size === 0 ? 0 : this.values[i - 1] - slope * this.times[i - 1], slope };
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
