import type { WavSink } from '../../media/audio/wav.ts';

const BUFFER_BYTES = 1 << 20;

/**
 * Collects small writes into large ones and has one under way while the next is being filled, so that who renders audio
 * does not wait for the disk. `finish` (or `patch`) waits for all of it; a write that failed rejects the call after it.
 */
export class WriteBehind implements WavSink {
  private readonly sink: WavSink;
  private filling = new Uint8Array(BUFFER_BYTES);
  private writing = new Uint8Array(BUFFER_BYTES);
  private used = 0;
  private pending: Promise<void> = Promise.resolve();
  readonly patch?: (at: number, bytes: Uint8Array) => Promise<void>;

  constructor(sink: WavSink) {
    this.sink = sink;
    if (sink.patch !== undefined) {
      this.patch = async (at, bytes) => {
        await this.finish();
        await sink.patch?.(at, bytes);
      };
    }
  }

  /** Takes octets; they may be changed as soon as this returns. A promise has to be awaited before the next call. */
  write(bytes: Uint8Array): Promise<void> | void {
    if (this.used + bytes.length <= BUFFER_BYTES) {
      this.filling.set(bytes, this.used);
      this.used += bytes.length;
      return;
    }
    return this.writeThrough(bytes);
  }

  /** Resolves when everything taken is written. */
  async finish(): Promise<void> {
    await this.turn();
    await this.pending;
  }

  private async writeThrough(bytes: Uint8Array): Promise<void> {
    await this.turn();
    if (bytes.length <= BUFFER_BYTES) {
      this.filling.set(bytes);
      this.used = bytes.length;
      return;
    }
    await this.pending;
    await this.sink.write(bytes);
  }

  /** Sends off what is collected; waits for the write before it, not for this one. */
  private async turn(): Promise<void> {
    await this.pending;
    if (this.used === 0) return;
    const full = this.filling.subarray(0, this.used);
    [this.filling, this.writing] = [this.writing, this.filling];
    this.used = 0;
    this.pending = Promise.resolve(this.sink.write(full));
    // Met by whoever awaits it next; until then it must not bring the process down.
    this.pending.catch(() => {});
  }
}
