import { ROWS_AT_ONCE } from '../../../base/rows-at-once.ts';
import { FIRST_ROOM } from '../../../base/first-room.ts';
import { U8Column, U32Column } from '../../../base/columns.ts';
import { rtpColumns, type RtpColumns } from '../../../dissectors/rtp/rtp.ts';
import { ENCAPSULATION_ID } from '../../classify/rule-table.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import { FIRST_DISSECTOR, Protocol } from '../../store/protocol-list.ts';
import type { Tracker } from '../tracker.ts';
import { PayloadKind } from './payload-map.ts';
import { markAgentCopies, noteFirstAndLast } from './agent-copies.ts';
import { Evidence, Stream } from './stream.ts';
import { StreamFigures } from './stream-figures.ts';

/** Bounds on candidates, for captures in which every packet claims another SSRC. */
const MAX_CANDIDATES = 1 << 17;
const MAX_CANDIDATES_PER_FLOW = 1 << 12;

/** Packets that have to agree before RTP without signalling is believed. */
const MIN_CONSISTENT_PACKETS = 4;
const MIN_CONSISTENT_SHARE = 0.8;

/** Ports of protocols whose packets can look like RTP one by one; here only signalling or the user is believed. */
const NEVER_GUESSED = new Set([
  53, 67, 68, 69, 88, 123, 137, 138, 161, 162, 389, 443, 500, 514, 1194, 1900, 3544, 4500, 5353, 5355,
]);

/** Matches streams with what signalling said of them; called between judging and figures. */
export interface StreamBinder {
  bind(streams: readonly Stream[]): void;
}

/**
 * RTP streams. In the hot pass every row finds its stream; what looks like RTP without being announced is a candidate
 * until its packets agree. Figures are made from the columns when they are asked for: by then every payload type's clock is
 * known, whatever order signalling and media came in, and who only listens to a call needs none.
 */
export class StreamTracker implements Tracker {
  readonly id = 'streams';
  /** All candidates, recognised or not, by index. */
  readonly candidates: Stream[] = [];
  /** Index (+ 1) of the stream each RTP row belongs to. */
  readonly streamOfRow = new U32Column();
  /** 1 for a row that repeats another one of its stream, because several agents reported the packet: it counts for nothing. */
  readonly copies = new U8Column();
  readonly rtp: LayerTable<RtpColumns>;
  /** Of each stream by its number (index + 1), side by side: what every packet asks for and changes while packets are read. */
  private ssrcs = new Uint32Array(FIRST_ROOM);
  private packets = new Uint32Array(FIRST_ROOM);
  private lastFrames = new Uint32Array(FIRST_ROOM);
  private readonly store: CaptureStore;
  private readonly binder: StreamBinder;
  private readonly believed: ReadonlySet<number>;
  private cursor = 0;
  /** Columns of the rows at hand. */
  private readonly loaded = {
    frame: new Uint32Array(ROWS_AT_ONCE),
    flow: new Uint32Array(ROWS_AT_ONCE),
    ssrc: new Uint32Array(ROWS_AT_ONCE),
    sequence: new Uint16Array(ROWS_AT_ONCE),
    payloadType: new Uint8Array(ROWS_AT_ONCE),
    payloadLength: new Uint16Array(ROWS_AT_ONCE),
    /** Index (+ 1) of the stream. */
    number: new Uint32Array(ROWS_AT_ONCE),
  };
  /** Packets beyond the bounds on candidates; they belong to no stream. */
  droppedRows = 0;
  /** Streams of a flow that carries more than one, by flow and SSRC. */
  private readonly others = new Map<number, Map<number, Stream>>();

  /** `believed`: SSRCs of streams that the user vouches for. */
  constructor(store: CaptureStore, binder: StreamBinder, believed: ReadonlySet<number> = new Set()) {
    this.believed = believed;
    this.store = store;
    this.binder = binder;
    const rtp = store.layer('rtp', rtpColumns);
    if (rtp === null) throw new Error('the stream tracker needs the rtp dissector');
    this.rtp = rtp;
  }

  /** The streams that were recognised, in order of appearance. */
  get streams(): Stream[] {
    return this.candidates.filter((stream) => stream.evidence !== Evidence.None);
  }

  advance(): void {
    while (this.cursor < this.rtp.count) {
      const count = Math.min(ROWS_AT_ONCE, this.rtp.count - this.cursor);
      this.load(this.cursor, count);
      this.number(count);
      this.streamOfRow.copyFrom(this.cursor, this.loaded.number, 0, count);
      this.countLoaded(count);
      this.cursor += count;
    }
  }

  /** Puts what is asked of `count` rows from `first` on side by side. */
  private load(first: number, count: number): void {
    const { rtp, loaded } = this;
    const { ssrc, sequence, payloadType, payloadLength } = rtp.rows.columns;
    const { frame, flow } = loaded;
    rtp.frame.read(first, count, frame);
    ssrc.read(first, count, loaded.ssrc);
    sequence.read(first, count, loaded.sequence);
    payloadType.read(first, count, loaded.payloadType);
    payloadLength.read(first, count, loaded.payloadLength);
    // Rows of one frame and frames without rows may add up to what looks like one row a frame: each is looked up.
    this.store.frames.flow.gather(frame, flow, 0, count);
    // Nearly always empty: only of messages that something carries.
    if (rtp.flow.lengthBytes === 0) return;
    for (let i = 0; i < count; i++) {
      const carried = rtp.flow.get(first + i);
      if (carried !== 0) flow[i] = carried;
    }
  }

  /** Finds the streams of the rows that are loaded; 0 for those of none. */
  private number(count: number): void {
    const { frame, flow, ssrc, number: numbers } = this.loaded;
    const { lastStream } = this.store.flows;
    for (let i = 0; i < count; i++) {
      let number = lastStream[flow[i]];
      if (number === 0 || this.ssrcs[number] !== ssrc[i]) {
        number = this.find(flow[i], ssrc[i], frame[i]);
        if (number !== 0) lastStream[flow[i]] = number;
      }
      numbers[i] = number;
    }
  }

  private countLoaded(count: number): void {
    const { candidates, packets, lastFrames } = this;
    const { number: numbers, frame, sequence, payloadType, payloadLength } = this.loaded;
    for (let i = 0; i < count; i++) {
      const number = numbers[i];
      if (number === 0) continue;
      packets[number]++;
      lastFrames[number] = frame[i];
      candidates[number - 1].count(sequence[i], payloadType[i] & 0x7f, payloadLength[i]);
    }
  }

  finish(): void {
    this.candidates.forEach((stream, index) => {
      stream.packets = this.packets[index + 1];
      stream.lastFrame = this.lastFrames[index + 1];
    });
    markAgentCopies(this);
    noteFirstAndLast(this);
    if (this.copies.lengthBytes > 0) this.countAnew();
    this.binder.bind(this.candidates);
    for (const stream of this.candidates) this.judge(stream);
    for (const stream of this.candidates) guessEvents(stream);
    this.disownRejected();
  }

  /** The number (index + 1) of the stream, which is a new one where the flow has not had it; 0 beyond the bounds. */
  private find(flow: number, ssrc: number, frame: number): number {
    let ofFlow = this.others.get(flow);
    if (ofFlow === undefined) {
      ofFlow = new Map();
      this.others.set(flow, ofFlow);
    }
    let stream = ofFlow.get(ssrc);
    if (stream === undefined) {
      if (this.candidates.length >= MAX_CANDIDATES || ofFlow.size >= MAX_CANDIDATES_PER_FLOW) {
        this.droppedRows++;
        return 0;
      }
      stream = new Stream(this.candidates.length, flow, ssrc, frame, this.measure);
      this.candidates.push(stream);
      ofFlow.set(ssrc, stream);
      this.make(stream);
    }
    return stream.index + 1;
  }

  /** Makes room for a new stream in what is kept by number. */
  private make({ index, ssrc }: Stream): void {
    if (index + 1 >= this.ssrcs.length) {
      this.ssrcs = doubled(this.ssrcs);
      this.packets = doubled(this.packets);
      this.lastFrames = doubled(this.lastFrames);
    }
    this.ssrcs[index + 1] = ssrc;
  }

  /** Believes a stream that nothing announced where its packets agree. */
  private judge(stream: Stream): void {
    const { flows } = this.store;
    if (flows.fixed[stream.flow] === 1 || this.believed.has(stream.ssrc)) stream.evidence = Evidence.DecodeAs;
    if (stream.evidence !== Evidence.None) return;
    // Ports of what carries it say nothing of what was found inside.
    const isInside = flows.carrier(stream.flow)?.protocol === ENCAPSULATION_ID;
    const ports = [flows.sourcePort(stream.flow), flows.destinationPort(stream.flow)];
    if (!isInside && ports.some((port) => NEVER_GUESSED.has(port))) return;
    const distinct = stream.packets - stream.repeats;
    if (distinct >= MIN_CONSISTENT_PACKETS && stream.consistentSteps >= distinct * MIN_CONSISTENT_SHARE) {
      stream.evidence = Evidence.Consistent;
    }
  }

  /** Counts every stream's packets once more, without copies. */
  private countAnew(): void {
    const { rtp, streamOfRow, candidates, copies } = this;
    const { sequence, payloadType, payloadLength } = rtp.rows.columns;
    for (const stream of candidates) stream.countAnew();
    for (let row = 0; row < rtp.count; row++) {
      const index = streamOfRow.get(row);
      if (index === 0 || copies.get(row) !== 0) continue;
      candidates[index - 1].count(sequence.get(row), payloadType.get(row) & 0x7f, payloadLength.get(row));
    }
  }

  /** The figures of all streams that were recognised: packet by packet, now that payload types have their clocks. */
  private readonly measure = (): void => {
    const { rtp, store, streamOfRow, candidates, copies } = this;
    const { timestamp, sequence, payloadType } = rtp.rows.columns;
    const { frames } = store;
    const made = candidates.map((stream) => (stream.evidence === Evidence.None ? null : new StreamFigures()));
    const payloads = candidates.map((stream) => stream.knownPayloads);
    const startSeconds = frames.count > 0 ? frames.seconds.get(0) : 0;
    const startNanoseconds = frames.count > 0 ? frames.nanoseconds.get(0) : 0;
    const hasLater = rtp.later.lengthBytes > 0;
    for (let row = 0; row < rtp.count; row++) {
      const index = streamOfRow.get(row) - 1;
      if (index < 0 || copies.get(row) !== 0) continue;
      const figures = made[index];
      if (figures === null) continue;
      const frame = rtp.frame.get(row);
      const sinceMs = (frames.wholeSeconds(frame) - startSeconds) * 1000;
      const timeMs = sinceMs + (frames.partNanoseconds(frame) - startNanoseconds) / 1e6;
      const second = payloadType.get(row);
      const type = second & 0x7f;
      const { clockRate, kind } = payloads[index];
      figures.nowMs = hasLater ? timeMs + rtp.later.get(row) * 1000 : timeMs;
      figures.take(sequence.get(row), timestamp.get(row) | 0, type, second >= 128, clockRate[type], kind[type]);
    }
    made.forEach((figures, index) => (candidates[index].measured = figures));
  };

  /** Frames of candidates that turned out to be something else are plain UDP again. */
  private disownRejected(): void {
    if (this.droppedRows === 0 && this.candidates.every((stream) => stream.evidence !== Evidence.None)) return;
    const { rtp, store, streamOfRow } = this;
    const rtpProtocol = FIRST_DISSECTOR + store.dissectorIds.indexOf('rtp');
    for (let row = 0; row < rtp.count; row++) {
      const index = streamOfRow.get(row);
      if (index !== 0 && this.candidates[index - 1].evidence !== Evidence.None) continue;
      const frame = rtp.frame.get(row);
      if (store.frames.protocol.get(frame) === rtpProtocol) store.frames.protocol.set(frame, Protocol.Udp);
    }
  }
}

/**
 * A payload type above 95 that nothing explains and whose packets all have the four octets of a telephone-event
 * (RFC 4733 section 2.3) is taken for one, and marked as a guess.
 */
function guessEvents(stream: Stream): void {
  stream.guessedEvents = stream.payloadTypes.filter(
    (payloadType, place) =>
      payloadType >= 96 &&
      stream.payloads.kind[payloadType] === PayloadKind.Unknown &&
      stream.eventShaped[place] >= 3 &&
      stream.eventShaped[place] === stream.payloadTypePackets[place],
  );
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(2 * array.length);
  next.set(array);
  return next;
}
