/**
 * The rows of a track whose codec decodes many payloads at a time, out of this thread: which to decode next, and their samples. A run is
 * up to a minute and never more than is to be rendered, so memory does not depend on the length of the call.
 */
import type { AudioDecoder, DecodedRun } from '../codecs/index.ts';
import type { StreamAudio } from './stream-audio.ts';

const MOST_SECONDS = 60;
const MOST_ROWS = 4096;
/** Samples that a run may be made of, whatever its payloads say they hold. */
const MOST_SAMPLES = 4_000_000;
/** What is decoded before the first row of a run and not heard, so that the decoder is in the state it would be in. */
const LEAD_IN_SECONDS = 2;
const MOST_LEAD_IN_ROWS = 200;

/** Rows that were decoded together; row `rows[i]` has part `i`. */
interface Run {
  readonly rows: readonly number[];
  decoded: DecodedRun | null;
  /** Where in `rows` the row last asked for is. */
  place: number;
}

export class RunAhead {
  private readonly audio: StreamAudio;
  private readonly sampleRate: number;
  private readonly decoderOf: (row: number) => AudioDecoder | null;
  /** The samples that fit after any row of the block at hand. */
  private readonly mostRoom: number;
  /** Rows below this are decoded, or are decoded one by one. */
  private doneTo = 0;
  /** Those that hold rows still to come, in order. */
  private runs: Run[] = [];

  constructor(
    audio: StreamAudio,
    sampleRate: number,
    mostRoom: number,
    decoderOf: (row: number) => AudioDecoder | null,
  ) {
    this.audio = audio;
    this.sampleRate = sampleRate;
    this.mostRoom = mostRoom;
    this.decoderOf = decoderOf;
  }

  /** Begins anew at `row`. */
  seek(row: number): void {
    this.doneTo = row;
    this.runs = [];
  }

  /**
   * The rows to decode now so that those from `row` on, up to the sample position `to`, can be had; none where they can. They go on
   * up to `end`, which is all that is ever asked for.
   */
  next(row: number, to: number, end: number): readonly number[] {
    const { timeline } = this.audio;
    let first = Math.max(row, this.doneTo);
    while (first < timeline.rows && this.isBefore(first, to) && this.runDecoderOf(first) === null) first++;
    this.doneTo = first;
    if (first >= timeline.rows || !this.isBefore(first, to)) return [];
    const decoder = this.runDecoderOf(first);
    const last = Math.min(end, timeline.at[first] + MOST_SECONDS * this.sampleRate);
    const rows = this.leadIn(first, decoder);
    let samples = 0;
    let at = first;
    for (; at < timeline.rows && this.isBefore(at, last) && rows.length < MOST_ROWS; at++) {
      const other = this.runDecoderOf(at);
      if (other === null) continue;
      if (other !== decoder) break;
      samples += this.mostSamplesOf(at, decoder);
      if (samples > MOST_SAMPLES && at > first) break;
      rows.push(at);
    }
    this.doneTo = at;
    this.runs = this.runs.filter((run) => run.rows[run.rows.length - 1] >= row);
    this.runs.push({ rows, decoded: null, place: 0 });
    return rows;
  }

  /** Decodes the rows that `next` gave; `payloads` are theirs, empty where one could not be read. */
  async decode(payloads: readonly Uint8Array[]): Promise<void> {
    const { timeline } = this.audio;
    const current = this.runs[this.runs.length - 1];
    const { rows } = current;
    const decoder = this.decoderOf(rows[rows.length - 1]);
    const run = {
      payloads,
      at: Float64Array.from(rows, (row) => timeline.at[row]),
      room: Uint32Array.from(rows, (row) => Math.min(timeline.room[row], this.mostRoom)),
    };
    current.decoded = (await decoder?.decodeRun?.(run)) ?? null;
  }

  /** Copies the samples of `row`, at most `most`, into `into` from `at` on, and gives their number. */
  copy(row: number, into: Int16Array, at: number, most: number): number {
    for (const run of this.runs) {
      const { rows, decoded } = run;
      while (run.place < rows.length && rows[run.place] < row) run.place++;
      if (decoded === null || rows[run.place] !== row) continue;
      const from = decoded.starts[run.place];
      const to = Math.min(decoded.starts[run.place + 1], from + most);
      into.set(decoded.samples.subarray(from, to), at);
      return to - from;
    }
    return 0;
  }

  private isBefore(row: number, position: number): boolean {
    const { timeline } = this.audio;
    return timeline.at[row] * this.sampleRate < position * timeline.sampleRate[row];
  }

  private runDecoderOf(row: number): AudioDecoder | null {
    if (this.audio.timeline.sampleRate[row] !== this.sampleRate) return null;
    const decoder = this.decoderOf(row);
    return decoder?.decodeRun === undefined ? null : decoder;
  }

  private mostSamplesOf(row: number, decoder: AudioDecoder | null): number {
    const { timeline, packets } = this.audio;
    const own = decoder?.samplesIn(packets.payloadLength[timeline.packet[row]]) ?? 0;
    return Math.max(own, Math.min(timeline.room[row], this.mostRoom));
  }

  /** The rows just before `first` that the same decoder is for. */
  private leadIn(first: number, decoder: AudioDecoder | null): number[] {
    const { timeline } = this.audio;
    const from = timeline.at[first] - LEAD_IN_SECONDS * this.sampleRate;
    const rows: number[] = [];
    for (let row = first - 1; row >= 0 && rows.length < MOST_LEAD_IN_ROWS; row--) {
      if (this.runDecoderOf(row) !== decoder || timeline.at[row] < from) break;
      rows.push(row);
    }
    return rows.toReversed();
  }
}
