import { PEAK_CHUNK, type PeakColumns, PeakPyramid, peaksOfSamples, type QuietRun } from '../../media/audio/peaks.ts';
import { renderAudio } from '../../media/audio/mix.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { throwIfAborted } from '../readers/abort.ts';
import type { ChunkCache } from './chunk-cache.ts';
import { type HeardAudio, renderingOf } from './heard-audio.ts';

/** Chunks rendered before it is asked again who waits for what. */
const CHUNKS_AT_ONCE = 16;

/** Somebody waits for chunks `from … to`. */
interface Demand {
  readonly from: number;
  readonly to: number;
  /** Their samples, not only their peaks. */
  readonly needsSamples: boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The samples and peaks of what is heard, decoded when they are first asked for, off and on so that others get their turn.
 * Samples stay as long as the cache keeps them and are decoded again after that; peaks stay.
 */
export class DecodedAudio {
  readonly heard: HeardAudio;
  private readonly capture: Capture;
  private readonly id: string;
  private readonly cache: ChunkCache;
  private readonly pyramids: readonly PeakPyramid[];
  /** 1 where the chunk is in the pyramids. */
  private readonly hasPeaks: Uint8Array;
  private readonly demands = new Set<Demand>();
  private isWorking = false;

  /** `id` names it in the cache. */
  constructor(capture: Capture, heard: HeardAudio, id: string, cache: ChunkCache) {
    this.capture = capture;
    this.heard = heard;
    this.id = id;
    this.cache = cache;
    this.pyramids = heard.channels.map(() => new PeakPyramid(heard.frames));
    this.hasPeaks = new Uint8Array(Math.ceil(heard.frames / PEAK_CHUNK));
  }

  /** Columns over sample frames `from … to` (fractions allowed) of every channel; silence outside the audio. */
  async peaks(from: number, to: number, columns: number, signal?: AbortSignal): Promise<PeakColumns[]> {
    const [first] = this.pyramids;
    if (first !== undefined && (to - from) / columns >= 4 * first.narrowest) {
      await this.need(from, to, false, signal);
      return this.pyramids.flatMap((pyramid) => pyramid.columns(from, to, columns) ?? []);
    }
    const at = Math.max(0, Math.floor(from));
    const samples = await this.samples(at, Math.ceil(to), signal);
    const stride = this.pyramids.length;
    return this.pyramids.map((_, channel) => peaksOfSamples(samples, channel, stride, at, from, to, columns));
  }

  /** Sample frames `from … to`, interleaved; less where the audio ends. */
  async samples(from: number, to: number, signal?: AbortSignal): Promise<Int16Array> {
    const stride = this.pyramids.length;
    const end = Math.min(to, this.heard.frames);
    const result = new Int16Array(Math.max(0, end - from) * stride);
    // A chunk at a time: nobody else's chunks can push out one that was just waited for.
    for (let at = from; at < end; ) {
      const chunk = Math.floor(at / PEAK_CHUNK);
      const next = Math.min(end, (chunk + 1) * PEAK_CHUNK);
      await this.need(at, next, true, signal);
      const held = this.cache.get(this.keyOf(chunk));
      if (held === null) continue;
      const skipped = at - chunk * PEAK_CHUNK;
      result.set(held.subarray(skipped * stride, (skipped + next - at) * stride), (at - from) * stride);
      at = next;
    }
    return result;
  }

  /** By channel: runs of at least `atLeast` sample frames with an RMS below `below`, looked at `resolution` frames at a time. */
  async quietRuns(below: number, atLeast: number, resolution: number, signal?: AbortSignal): Promise<QuietRun[][]> {
    await this.need(0, this.heard.frames, false, signal);
    return this.pyramids.map((pyramid) => pyramid.quietRuns(below, atLeast, resolution));
  }

  private keyOf(chunk: number): string {
    return `${this.id}/${chunk}`;
  }

  private isThere(chunk: number, needsSamples: boolean): boolean {
    return this.hasPeaks[chunk] === 1 && (!needsSamples || this.cache.has(this.keyOf(chunk)));
  }

  private missingIn({ from, to, needsSamples }: Demand): number {
    for (let chunk = from; chunk < to; chunk++) if (!this.isThere(chunk, needsSamples)) return chunk;
    return -1;
  }

  /** Resolves when sample frames `from … to` are decoded. */
  private need(from: number, to: number, needsSamples: boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      const onAbort = (): void => {
        this.demands.delete(demand);
        reject(signal?.reason);
      };
      const settle = (act: () => void): (() => void) => {
        return () => {
          this.demands.delete(demand);
          signal?.removeEventListener('abort', onAbort);
          act();
        };
      };
      const demand: Demand = {
        from: Math.max(0, Math.floor(from / PEAK_CHUNK)),
        to: Math.min(this.hasPeaks.length, Math.ceil(to / PEAK_CHUNK)),
        needsSamples,
        resolve: settle(resolve),
        reject: (reason) => settle(() => reject(reason))(),
      };
      if (this.missingIn(demand) < 0) {
        resolve();
        return;
      }
      signal?.addEventListener('abort', onAbort);
      this.demands.add(demand);
      if (!this.isWorking) void this.work();
    });
  }

  /** Serves demands, the smallest first, until there is none. */
  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.demands.size > 0) {
      const [demand] = [...this.demands].toSorted((a, b) => a.to - a.from - (b.to - b.from));
      const first = this.missingIn(demand);
      if (first < 0) {
        demand.resolve();
        continue;
      }
      let end = first + 1;
      while (end < demand.to && end - first < CHUNKS_AT_ONCE && !this.isThere(end, demand.needsSamples)) end++;
      try {
        await this.decode(first, end);
      } catch (error) {
        demand.reject(error);
      }
    }
    this.isWorking = false;
  }

  /** Decodes chunks `first … end`; stops early where nobody waits any more. */
  private async decode(first: number, end: number): Promise<void> {
    const { frames } = this.heard;
    const stride = this.pyramids.length;
    const from = first * PEAK_CHUNK;
    const to = Math.min(frames, end * PEAK_CHUNK);
    const { options, payloads } = renderingOf(this.capture, this.heard, from, to);
    const turns = new Turns(undefined);
    let at = from;
    let chunk = this.newChunk(at);
    const isCancelled = (): boolean => this.demands.size === 0;
    await renderAudio({ ...options, isCancelled }, payloads, (block) => {
      const count = block.length / stride;
      for (let done = 0; done < count; ) {
        const used = at % PEAK_CHUNK;
        const part = Math.min(count - done, PEAK_CHUNK - used);
        chunk.set(block.subarray(done * stride, (done + part) * stride), used * stride);
        done += part;
        at += part;
        if (at % PEAK_CHUNK !== 0 && at !== frames) continue;
        this.keep(Math.ceil(at / PEAK_CHUNK) - 1, chunk);
        if (at < to) chunk = this.newChunk(at);
      }
      return turns.wait();
    });
  }

  private newChunk(at: number): Int16Array {
    return new Int16Array(Math.min(PEAK_CHUNK, this.heard.frames - at) * this.pyramids.length);
  }

  private keep(chunk: number, samples: Int16Array): void {
    const stride = this.pyramids.length;
    this.cache.set(this.keyOf(chunk), samples);
    if (this.hasPeaks[chunk] === 1) return;
    this.pyramids.forEach((pyramid, channel) => {
      pyramid.add(samples, channel, stride, chunk * PEAK_CHUNK, samples.length / stride);
    });
    this.hasPeaks[chunk] = 1;
  }
}
