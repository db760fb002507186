import { timestampStep } from '../../base/sequence.ts';
import type { StreamPacketRow } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { PayloadKind } from '../trackers/streams/payload-map.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { StreamWalk } from './stream-walk.ts';

/** The sender's clock went on this long without a packet: nobody spoke, or nothing was sent. */
const SILENCE_MS = 150;

/** Packets `from`…`from + count` of a stream, with what each is to those before it. `rows` are all of the stream's. */
export function streamPacketRows(
  capture: Capture,
  stream: Stream,
  rows: Uint32Array,
  from: number,
  count: number,
): StreamPacketRow[] {
  const end = Math.min(rows.length, from + count);
  const { store } = capture;
  const { payloadLength } = capture.streams.rtp.rows.columns;
  const walk = new StreamWalk(capture, stream);
  const status = new StatusOf(stream, walk);
  const table: StreamPacketRow[] = [];
  for (let i = 0; i < end; i++) {
    walk.take(rows[i]);
    const text = status.next();
    if (i < from) continue;
    table.push({
      packet: walk.frame + 1,
      time: store.timeOf(capture.streams.rtp, rows[i]),
      sequence: walk.sequence,
      timestamp: walk.timestamp,
      payloadType: walk.payloadType,
      marker: walk.marker,
      deltaMs: Number.isNaN(walk.deltaMs) ? null : walk.deltaMs,
      jitterMs: walk.jitterMs,
      skewMs: walk.skewMs,
      lengthBytes: payloadLength.get(rows[i]),
      status: text,
    });
  }
  return table;
}

class StatusOf {
  private readonly stream: Stream;
  private readonly walk: StreamWalk;
  /** Of the packet of media before. */
  private lastType = -1;
  private lastTimestamp = 0;
  /** The packet before was one: after a digit the clock has gone on, and nobody was silent. */
  private wasMedia = false;

  constructor(stream: Stream, walk: StreamWalk) {
    this.stream = stream;
    this.walk = walk;
  }

  /** Of the packet that the walk took last. */
  next(): string {
    const { walk, stream, lastType, lastTimestamp, wasMedia } = this;
    const { payloadType: type, timestamp, arrival, lostBefore } = walk;
    const { kind, clockRate } = stream.payloads;
    const isMedia = kind[type] !== PayloadKind.Event && kind[type] !== PayloadKind.ComfortNoise;
    this.wasMedia = isMedia;
    if (isMedia && arrival !== Arrival.Duplicate && arrival !== Arrival.Late) {
      this.lastType = type;
      this.lastTimestamp = timestamp;
    }
    if (arrival === Arrival.Duplicate) return 'duplicate';
    if (arrival === Arrival.Late) return 'out of order';
    if (lostBefore > 0) return `lost ${lostBefore} before`;
    if (!isMedia || lastType < 0) return '';
    if (type !== lastType) return 'codec change';
    const silentMs = clockRate[type] === 0 ? 0 : (timestampStep(lastTimestamp, timestamp) * 1000) / clockRate[type];
    return wasMedia && arrival === Arrival.InOrder && silentMs >= SILENCE_MS ? 'silence' : '';
  }
}
