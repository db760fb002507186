import { timestampStep } from '../../base/sequence.ts';
import type { Capture } from '../capture.ts';
import { PayloadKind } from '../trackers/streams/payload-map.ts';
import type { Stream } from '../trackers/streams/stream.ts';

/**
 * When packets of media came and when they were sent, in milliseconds, the latter by the sender's RTP clock with its wraps
 * and changes of rate followed. Asked packet by packet; telephone-events, whose timestamp stands still (RFC 4733 section
 * 2.2.1), and types without a known clock have no such time.
 */
export class MediaTimes {
  arrivalMs = 0;
  sentMs = 0;
  private readonly capture: Capture;
  private readonly stream: Stream;
  private readonly rows: Uint32Array;
  private lastTimestamp = 0;
  private lastPacket = -1;

  constructor(capture: Capture, stream: Stream, rows: Uint32Array) {
    this.capture = capture;
    this.stream = stream;
    this.rows = rows;
  }

  /** Goes to a packet, by its place in the stream; to the first anew. False where it is no media with a clock. */
  take(packet: number): boolean {
    const { rtp } = this.capture.streams;
    const { payloadType, timestamp } = rtp.rows.columns;
    const row = this.rows[packet];
    const type = payloadType.get(row) & 0x7f;
    const clock = this.stream.payloads.clockRate[type];
    if (packet <= this.lastPacket) this.lastPacket = -1;
    if (clock === 0 || this.stream.payloads.kind[type] === PayloadKind.Event) return false;
    const now = timestamp.get(row);
    const step = this.lastPacket < 0 ? 0 : (timestampStep(this.lastTimestamp, now) * 1000) / clock;
    this.sentMs = this.lastPacket < 0 ? 0 : this.sentMs + step;
    this.arrivalMs = this.capture.store.frames.secondsBetween(this.stream.firstFrame, rtp.frame.get(row)) * 1000;
    this.lastTimestamp = now;
    this.lastPacket = packet;
    return true;
  }
}
