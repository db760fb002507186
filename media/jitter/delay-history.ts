/** How far back the least delayed packet is looked for: as long as NetEq does. */
const LEAST_SECONDS = 2;
const PACKETS = 500;
/** Delays from here on are one. */
const MOST_MS = 1023;

/** How packets were delayed lately: the least of the last two seconds, and how much more the last 500 took. */
export class DelayHistory {
  private readonly counts = new Uint32Array(MOST_MS + 1);
  private readonly newest = new Uint16Array(PACKETS);
  private added = 0;
  // The packets of the window that are less delayed than all after them: the first is the least delayed.
  private readonly times: number[] = [];
  private readonly delays: number[] = [];
  private head = 0;

  /** Packets the figures are made of, at most 500. */
  get count(): number {
    return Math.min(this.added, PACKETS);
  }

  /** Seconds; 0 before the first packet. */
  get least(): number {
    return this.head < this.delays.length ? this.delays[this.head] : 0;
  }

  /** A packet that came at `time` and was delayed by `delay`, both in seconds. */
  add(time: number, delay: number): void {
    const { times, delays, counts, newest } = this;
    while (delays.length > this.head && delays[delays.length - 1] >= delay) {
      delays.pop();
      times.pop();
    }
    times.push(time);
    delays.push(delay);
    while (time - times[this.head] > LEAST_SECONDS) this.head++;
    if (this.head > 1024) this.dropPassed();
    // A nanosecond of rounding is no millisecond.
    const relative = Math.max(0, Math.min(MOST_MS, Math.floor((delay - this.least) * 1000 + 1e-6)));
    const place = this.added % PACKETS;
    if (this.added >= PACKETS) counts[newest[place]]--;
    newest[place] = relative;
    counts[relative]++;
    this.added++;
  }

  /** For a new clock: what was least on the old one says nothing. */
  forgetLeast(): void {
    this.times.length = 0;
    this.delays.length = 0;
    this.head = 0;
  }

  /** The least number of whole milliseconds that `share` of the packets took at most. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(share * this.count - 1e-9);
    let seen = 0;
    for (let ms = 0; ms <= MOST_MS; ms++) {
      seen += this.counts[ms];
      if (seen >= wanted) return ms;
    }
    return MOST_MS;
  }

  private dropPassed(): void {
    this.times.splice(0, this.head);
    this.delays.splice(0, this.head);
    this.head = 0;
  }
}
