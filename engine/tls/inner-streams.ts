import type { FramePiece } from '../network/ip-issues.ts';
import { type PieceLookup, StreamBuffer } from '../network/tcp-pieces.ts';
import type { TcpConsumer } from '../network/tcp-reassembly.ts';
import type { RecordTable } from './record-table.ts';

/** Octets that may wait for the end of their message, in one stream and in all. */
const MAX_LEFT_BYTES = 1 << 20;
const MAX_HELD_BYTES = 64 << 20;

/** Says which records hold a range of what was decrypted. */
class RecordPieces implements PieceLookup {
  private readonly records: RecordTable;
  private readonly octets: PieceLookup;

  /** Pieces of `octets` carry the record's id in place of the frame. */
  constructor(records: RecordTable, octets: PieceLookup) {
    this.records = records;
    this.octets = octets;
  }

  pieces(at: number, length: number): FramePiece[] {
    return this.octets.pieces(at, length).map(({ frame: record, at: recordAt, length: lengthBytes }) => ({
      frame: this.records.frameOf(record),
      at: recordAt,
      length: lengthBytes,
      record,
    }));
  }
}

/** What was decrypted, a stream for each direction, read message by message as TCP's own octets are. */
export class InnerStreams {
  private readonly records: RecordTable;
  private readonly consumer: TcpConsumer;
  /** What the consumer left, by flow. */
  private readonly left = new Map<number, StreamBuffer>();
  private held = 0;

  constructor(records: RecordTable, consumer: TcpConsumer) {
    this.records = records;
    this.consumer = consumer;
  }

  /** Takes the plaintext of a record of application data. False where nobody reads this stream. */
  take(flow: number, bytes: Uint8Array, record: number, frame: number): boolean {
    const buffer = this.left.get(flow) ?? new StreamBuffer(bytes.length);
    this.drop(flow);
    // Held under the record's id: `RecordPieces` knows its frame.
    buffer.append(bytes, 0, bytes.length, record, 0);
    const lookup = new RecordPieces(this.records, buffer);
    while (buffer.length > 0) {
      const taken = this.consumer.data(flow, buffer.bytes, buffer.from, buffer.length, lookup);
      if (taken < 0) return false;
      if (taken === 0) break;
      buffer.from += Math.min(taken, buffer.length);
    }
    if (buffer.length === 0) return true;
    const isTooMuch = buffer.costBytes > MAX_LEFT_BYTES || this.held + buffer.heldBytes > MAX_HELD_BYTES;
    if (isTooMuch) {
      this.consumer.gap(flow, buffer.length, frame);
      return true;
    }
    this.left.set(flow, buffer);
    this.held += buffer.heldBytes;
    return true;
  }

  /** Octets are missing: what was left goes, and the next octets begin anew. */
  gap(flow: number): void {
    this.drop(flow);
  }

  end(flow: number, frame: number): void {
    this.drop(flow);
    this.consumer.end(flow, frame);
  }

  private drop(flow: number): void {
    const buffer = this.left.get(flow);
    if (buffer === undefined) return;
    this.held -= buffer.heldBytes;
    this.left.delete(flow);
  }
}
