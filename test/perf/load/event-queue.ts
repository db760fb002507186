/** Something that happens in the course of a capture: a call's next message, a stream's next packet. */
export interface Source {
  /** Called when the time asked for has come; `code` is what was handed to `at`. */
  fire(timeMicros: number, code: number): void;
}

/** Fires what was scheduled in order of time (a binary heap), which is what puts every frame in its place in the file. */
export class EventQueue {
  #times = new Float64Array(1024);
  #codes = new Int32Array(1024);
  #sources: Source[] = [];
  #count = 0;

  /** Schedules `source.fire(timeMicros, code)`. The time is a whole number of microseconds and not in the past. */
  at(timeMicros: number, source: Source, code: number): void {
    if (this.#count === this.#times.length) this.#grow();
    let child = this.#count++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#times[parent] <= timeMicros) break;
      this.#move(parent, child);
      child = parent;
    }
    this.#place(child, timeMicros, source, code);
  }

  /** Runs until nothing is scheduled any more. */
  run(): void {
    while (this.#count > 0) {
      const time = this.#times[0];
      const source = this.#sources[0];
      const code = this.#codes[0];
      this.#removeFirst();
      source.fire(time, code);
    }
  }

  #removeFirst(): void {
    const last = --this.#count;
    const time = this.#times[last];
    const source = this.#sources[last];
    const code = this.#codes[last];
    this.#sources.length = last;
    if (last === 0) return;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#times[child + 1] < this.#times[child]) child++;
      if (this.#times[child] >= time) break;
      this.#move(child, parent);
      parent = child;
    }
    this.#place(parent, time, source, code);
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#times[from], this.#sources[from], this.#codes[from]);
  }

  #place(at: number, time: number, source: Source, code: number): void {
    this.#times[at] = time;
    this.#sources[at] = source;
    this.#codes[at] = code;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    const codes = new Int32Array(this.#codes.length * 2);
    codes.set(this.#codes);
    this.#codes = codes;
  }
}
