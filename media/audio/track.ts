/**
 * The part of one stream that has one sample rate, as continuous samples around the block being rendered. A stream
 * that changes its sample rate has a track for each; they take turns.
 */
import type { AudioDecoder, PayloadPieces } from '../codecs/codec.ts';
import type { SampleMemory } from '../simd/sample-memory.ts';
import { Bridge } from './bridge.ts';
import type { PayloadBatch, PayloadCopies } from './payload-batch.ts';
import { Resampler } from './resample.ts';
import { RunAhead } from './run-ahead.ts';
import type { StreamAudio } from './stream-audio.ts';

/** A payload that decodes to more than this is not played: 8 s at 8 kHz, more than any datagram can hold of G.711. */
const MOST_SAMPLES_A_PACKET = 65536;

/** How far back payloads that repeat earlier ones are made use of: WebRTC and most others repeat one or two packets. */
const LOOK_AHEAD_SECONDS = 0.2;

/** Longer gaps are silent from here on: whatever bridges them has faded. */
const MOST_BRIDGED_SECONDS = 0.2;

/** What is told of payloads as they are decoded. */
export interface PayloadWatch {
  /** A payload that is none of its codec, by its length or its look, or that the decoder refused. */
  damaged(stream: number, packet: number): void;
  /** A payload from which lost ones before it are heard: RED, or in-band FEC. */
  repeats(stream: number, packet: number): void;
}

/** What of the output is rendered, and who is told of its payloads. */
export interface TrackPart {
  readonly fromSample: number;
  readonly toSample: number;
  readonly watch?: PayloadWatch;
}

export class Track {
  /** Which of the streams being rendered. */
  readonly stream: number;
  readonly sampleRate: number;
  private readonly audio: StreamAudio;
  private readonly resampler: Resampler;
  private readonly outRate: number;
  /** The most samples it holds at a time. */
  readonly mostSamples: number;
  private samples: Int16Array = new Int16Array(0);
  /** The sample position of `samples[0]`. */
  private samplesAt = 0;
  /** Everything from this index on is 0. */
  private dirtyTo = 0;
  private row = 0;
  /** The row of the track's first packet in the batch at hand. */
  private taken = 0;
  private readonly part: TrackPart;
  private readonly watch: PayloadWatch | null;
  /** The sample position up to which something was decoded. */
  private decodedTo = -Infinity;
  /** Samples that packets are decoded ahead of their block, for what they repeat of it. */
  private lookAhead = 0;
  /** By payload type; null where nothing is decoded, or not yet. */
  private readonly decoders: (AudioDecoder | null)[] = Array.from({ length: 128 }, () => null);
  private decoder: AudioDecoder | null = null;
  private several: Int16Array | null = null;
  private pieces = emptyPieces(0);
  /** Of codecs that decode in runs; null where the stream has none. */
  private runAhead: RunAhead | null = null;
  /** Only where gaps are bridged. */
  private readonly bridge: Bridge | null;
  /** Samples after `decodedTo` that are bridged once it is known whether the next payload repeats some of them. */
  private openGap = 0;

  /** For blocks of at most `blockFrames` at `outRate`. */
  constructor(
    stream: number,
    audio: StreamAudio,
    sampleRate: number,
    outRate: number,
    blockFrames: number,
    part: TrackPart,
  ) {
    this.stream = stream;
    this.audio = audio;
    this.sampleRate = sampleRate;
    this.part = part;
    this.watch = part.watch ?? null;
    this.resampler = new Resampler(sampleRate, outRate);
    this.outRate = outRate;
    this.bridge = audio.timeline.bridged === null ? null : new Bridge(sampleRate);
    const block = Math.ceil((blockFrames * sampleRate) / outRate) + 2 * this.resampler.margin + 2;
    this.mostSamples = block + MOST_SAMPLES_A_PACKET;
  }

  /** To be called before anything else: has the samples in `memory`, where there is one. */
  useMemory(memory: SampleMemory | null): void {
    this.samples = memory?.samples(this.mostSamples) ?? new Int16Array(this.mostSamples);
  }

  /** Opens the decoders, which may take a library; rejects where that cannot be loaded. What comes before is silent. */
  open(): Promise<unknown> | null {
    const opening: Promise<unknown>[] = [];
    for (const [payloadType, codec] of this.audio.codecs.entries()) {
      if (codec === null || codec.sampleRate !== this.sampleRate) continue;
      const opened = codec.open();
      if (!(opened instanceof Promise)) this.setDecoder(payloadType, opened);
      else opening.push(opened.then((decoder) => this.setDecoder(payloadType, decoder)));
    }
    return opening.length === 0 ? null : Promise.all(opening);
  }

  private setDecoder(payloadType: number, decoder: AudioDecoder): void {
    this.decoders[payloadType] = decoder;
    if (decoder.decodeRun !== undefined) {
      const { packets, timeline } = this.audio;
      const decoderOf = (row: number): AudioDecoder | null =>
        this.decoders[packets.payloadType[timeline.packet[row]]] ?? null;
      this.runAhead ??= new RunAhead(this.audio, this.sampleRate, MOST_SAMPLES_A_PACKET, decoderOf);
    }
    if (decoder.recover !== undefined) this.lookAhead = Math.ceil(LOOK_AHEAD_SECONDS * this.sampleRate);
  }

  /** Puts the track at output position `outAt`: what is placed before is not played. */
  seek(outAt: number): void {
    this.samplesAt = this.resampler.inputFrom(outAt);
    this.samples.fill(0, 0, this.dirtyTo);
    this.dirtyTo = 0;
    this.decodedTo = -Infinity;
    this.openGap = 0;
    this.bridge?.forget();
    const { timeline } = this.audio;
    const seconds = this.samplesAt / this.sampleRate;
    let low = 0;
    let high = timeline.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timeline.at[middle] / timeline.sampleRate[middle] < seconds) low = middle + 1;
      else high = middle;
    }
    this.row = this.nextRow(low - 1);
    this.runAhead?.seek(this.row);
  }

  /** Whether a codec of it decodes in runs; once it is open. */
  get hasRuns(): boolean {
    return this.runAhead !== null;
  }

  /**
   * The rows whose payloads `decodeRun` wants before the block up to output position `outEnd` can be decoded; none where it can.
   * Nothing is ever rendered beyond `outLast`.
   */
  rowsOfRun(outEnd: number, outLast: number): readonly number[] {
    const { resampler, lookAhead } = this;
    if (this.runAhead === null) return [];
    const to = resampler.inputTo(outEnd) + lookAhead;
    return this.runAhead.next(this.row, to, Math.max(to, resampler.inputTo(outLast)));
  }

  /** Decodes the rows that `rowsOfRun` gave. */
  decodeRun(payloads: readonly Uint8Array[]): Promise<void> | undefined {
    return this.runAhead?.decode(payloads);
  }

  packetOf(row: number): number {
    return this.audio.timeline.packet[row];
  }

  /** Moves on to the block that begins at output position `outAt`, which must not lie before the last. */
  moveTo(outAt: number): void {
    const from = this.resampler.inputFrom(outAt);
    const shift = from - this.samplesAt;
    const kept = Math.max(0, this.dirtyTo - shift);
    if (kept > 0) this.samples.copyWithin(0, shift, this.dirtyTo);
    this.samples.fill(0, kept, this.dirtyTo);
    this.dirtyTo = kept;
    this.samplesAt = from;
  }

  /** Takes the packets to decode next for output before `outEnd` into the batch, as many as it has room for. */
  take(outEnd: number, batch: PayloadBatch): void {
    const { timeline } = this.audio;
    const { at, packet } = timeline;
    const { stream, packet: wanted } = batch;
    const end = this.resampler.inputTo(outEnd) + this.lookAhead;
    this.taken = this.row;
    let { count } = batch;
    let { row } = this;
    for (; count < wanted.length && row < timeline.rows && at[row] < end; row = this.nextRow(row)) {
      stream[count] = this.stream;
      wanted[count++] = packet[row];
    }
    this.row = row;
    batch.count = count;
  }

  /**
   * Decodes the payloads of what `take` took, which are the entries `from … to` of the batch, to their places. Where there is a copy of all
   * and an octet is a sample, many at once.
   */
  decode(batch: PayloadBatch, from: number, to: number, copies: PayloadCopies | null): void {
    if (from === to) return;
    const { bytes, at, length, packet } = batch;
    const { payloadType } = this.audio.packets;
    const isPlain = copies !== null && this.bridge === null && this.lookAhead === 0;
    const first = isPlain ? this.decoders[payloadType[packet[from]]] : null;
    if (copies !== null && first?.decodePieces !== undefined) {
      this.collectPieces(batch, from, to, first, copies.shift);
      first.decodePieces(copies.bytes, this.pieces, this.samples);
      return;
    }
    for (let i = from, row = this.taken; i < to; i++, row = this.nextRow(row)) {
      if (length[i] >= 0) this.decodeRow(row, bytes[i], at[i], length[i]);
    }
  }

  /** Puts what `decoder` is to decode into `pieces`, and has others decode what is theirs. */
  private collectPieces(batch: PayloadBatch, from: number, to: number, decoder: AudioDecoder, shift: number): void {
    const { bytes, at, length, packet } = batch;
    const { payloadType } = this.audio.packets;
    const { at: places, room } = this.audio.timeline;
    const { samples, samplesAt, decoders } = this;
    if (this.pieces.at.length < to - from) this.pieces = emptyPieces(to - from);
    const { pieces } = this;
    let { dirtyTo } = this;
    let count = 0;
    for (let i = from, row = this.taken; i < to; i++, row = this.nextRow(row)) {
      const octets = length[i];
      if (octets < 0) continue;
      if (decoders[payloadType[packet[i]]] !== decoder) {
        this.dirtyTo = dirtyTo;
        this.decodeRow(row, bytes[i], at[i], octets);
        dirtyTo = this.dirtyTo;
        continue;
      }
      this.decoder = decoder;
      const index = places[row] - samplesAt;
      if (index < 0 || octets > MOST_SAMPLES_A_PACKET || index + octets > samples.length) continue;
      const heard = Math.min(octets, room[row]);
      pieces.at[count] = at[i] + shift;
      pieces.length[count] = heard;
      pieces.intoAt[count++] = index;
      if (index + heard > dirtyTo) dirtyTo = index + heard;
    }
    pieces.count = count;
    this.dirtyTo = dirtyTo;
  }

  private decodeRow(row: number, bytes: Uint8Array, at: number, length: number): void {
    const { timeline, packets } = this.audio;
    const packet = timeline.packet[row];
    const decoder = this.decoders[packets.payloadType[packet]];
    if (decoder === null) return;
    const isRun = decoder.decodeRun !== undefined;
    const isDamaged = this.watch !== null && length > 0 && this.samplesOf(packet, decoder, bytes, at, length) === 0;
    if (isDamaged) this.watchOf(row)?.damaged(this.stream, packet);
    const index = timeline.at[row] - this.samplesAt;
    const missing = Math.min(index, this.lookAhead, timeline.at[row] - this.decodedTo);
    const repeated = missing > 0 && decoder.channels === 1 ? (decoder.repeats?.(bytes, at, length, missing) ?? 0) : 0;
    const bridged = this.closeGap(timeline.at[row], repeated);
    if (this.decoder !== null && this.decoder !== decoder) decoder.reset();
    this.decoder = decoder;
    const most = isRun ? this.mostOfRun(index, timeline.room[row]) : decoder.samplesIn(length);
    if (index < 0 || most <= 0 || most > MOST_SAMPLES_A_PACKET || index + most > this.samples.length) return;
    if (repeated > 0) {
      this.watchOf(row)?.repeats(this.stream, packet);
      decoder.recover?.(bytes, at, length, missing - bridged, this.samples, index);
      this.bridge?.blend(this.samples, index - repeated, repeated);
      this.bridge?.hear(this.samples, index - repeated, repeated);
    }
    const frames = isRun
      ? (this.runAhead?.copy(row, this.samples, index, most) ?? 0)
      : decoder.channels === 1
        ? decoder.decode(bytes, at, length, this.samples, index)
        : this.decodeMono(decoder, bytes, at, length, index, most);
    const isRefused = frames === 0 && !isRun;
    if (isRefused && !isDamaged && length > 0) this.watchOf(row)?.damaged(this.stream, packet);
    const heard = Math.min(frames, timeline.room[row]);
    this.bridge?.blend(this.samples, index, heard);
    // The rest belongs to the next packet, or to silence where the next one does not fill it.
    if (heard < frames) this.samples.fill(0, index + heard, index + frames);
    this.dirtyTo = Math.max(this.dirtyTo, index + heard);
    this.decodedTo = timeline.at[row] + heard;
    if (this.bridge !== null) this.bridgeAfter(this.bridge, row, index, heard);
  }

  /** Who is told of the payload of `row`, if it begins within the part that is rendered. */
  private watchOf(row: number): PayloadWatch | null {
    const at = this.audio.timeline.at[row] * this.outRate;
    const { fromSample, toSample } = this.part;
    return at >= fromSample * this.sampleRate && at < toSample * this.sampleRate ? this.watch : null;
  }

  private samplesOf(packet: number, decoder: AudioDecoder, bytes: Uint8Array, at: number, length: number): number {
    const codec = this.audio.codecs[this.audio.packets.payloadType[packet]];
    return codec?.samplesOf?.(bytes, at, length) ?? decoder.samplesIn(length);
  }

  /** Bridges the gap after a packet of `heard` samples at `index`, where packets are missing, or leaves it open. */
  private bridgeAfter(bridge: Bridge, row: number, index: number, heard: number): void {
    const { room, bridged } = this.audio.timeline;
    bridge.hear(this.samples, index, heard);
    const from = index + heard;
    const most = Math.min(bridged?.[row] ?? 0, room[row] - heard, MOST_BRIDGED_SECONDS * this.sampleRate);
    const count = Math.min(Math.floor(most), this.samples.length - from);
    if (count <= 0) return;
    // The next payload is decoded before this block is heard: it lies within what is looked ahead.
    if (this.decoder?.recover !== undefined && heard + count === room[row]) this.openGap = count;
    else this.span(bridge, from, count);
  }

  /** Bridges the gap that was left open, but for what the payload at position `at` repeats. Gives the samples bridged. */
  private closeGap(at: number, repeated: number): number {
    const { bridge, openGap } = this;
    if (bridge === null || openGap === 0) return 0;
    this.openGap = 0;
    const from = this.decodedTo - this.samplesAt;
    const count = this.decodedTo + openGap === at ? openGap - repeated : openGap;
    if (from < 0 || count <= 0) return 0;
    this.span(bridge, from, count);
    return count;
  }

  private span(bridge: Bridge, from: number, count: number): void {
    const done = this.decoder?.conceal?.(count, this.samples, from) ?? 0;
    if (done === 0) bridge.span(this.samples, from, count);
    bridge.hear(this.samples, from, count);
    this.dirtyTo = Math.max(this.dirtyTo, from + count);
  }

  /** What a row that was decoded in a run may have at most. */
  private mostOfRun(index: number, room: number): number {
    return Math.min(room, MOST_SAMPLES_A_PACKET, this.samples.length - index);
  }

  /** Whether the block at hand has no sample but 0. */
  get isSilent(): boolean {
    return this.dirtyTo === 0;
  }

  /** Adds the block of `count` samples at output position `outAt` to `sum`. */
  addTo(sum: Int32Array, outAt: number, count: number): void {
    this.resampler.addTo(sum, this.samples, this.samplesAt, outAt, count);
  }

  /** Whether the samples go to the output as they are. */
  get isAtOutputRate(): boolean {
    return this.resampler.margin === 0;
  }

  /** Of a track at the output rate: the `count` samples at output position `outAt` begin at this index of `buffer`. */
  indexOf(outAt: number): number {
    return outAt - this.samplesAt;
  }

  /** The samples, for reading (see `indexOf`). */
  get buffer(): Int16Array {
    return this.samples;
  }

  /** Decodes several channels to the mean of them. */
  private decodeMono(
    decoder: AudioDecoder,
    bytes: Uint8Array,
    at: number,
    length: number,
    index: number,
    most: number,
  ): number {
    const { channels } = decoder;
    const room = most * channels;
    if (this.several === null || this.several.length < room) this.several = new Int16Array(room);
    const { several, samples } = this;
    const frames = decoder.decode(bytes, at, length, several, 0);
    for (let frame = 0, from = 0; frame < frames; frame++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += several[from++];
      samples[index + frame] = Math.round(sum / channels);
    }
    return frames;
  }

  /** The row after `row` that has the track's rate. */
  private nextRow(row: number): number {
    const { timeline } = this.audio;
    let next = row + 1;
    if (timeline.rates.length === 1) return next;
    while (next < timeline.rows && timeline.sampleRate[next] !== this.sampleRate) next++;
    return next;
  }
}

function emptyPieces(most: number): PayloadPieces {
  return { count: 0, at: new Uint32Array(most), length: new Uint32Array(most), intoAt: new Uint32Array(most) };
}
