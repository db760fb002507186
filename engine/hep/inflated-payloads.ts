import { unzipSync } from 'node:zlib';
import { U32Column } from '../../base/columns.ts';
import type { Octets } from '../../base/octets.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import type { RecordOpener } from '../store/frame-table.ts';

/** Ids of payloads follow those of TLS records, of which there are never so many. */
const FIRST_ID = 1 << 24;
const MAX_PAYLOADS = 1 << 22;
/** A carried packet was one on a wire: no more than IP has room for. */
const MAX_INFLATED_BYTES = 0xffff;
/** Payloads kept for those who look at neighbouring messages. */
const CACHED_PAYLOADS = 64;

const NOTHING = new Uint8Array(0);

/** Whether a `FramePiece.record` is a payload that was inflated, and no decrypted record. */
export function isInflated(record: number): boolean {
  return record >= FIRST_ID && record < FIRST_ID + MAX_PAYLOADS;
}

/** The octets of a payload in the format of zlib or gzip (RFC 1950, RFC 1952); null where it is neither or too long. */
export function inflate(bytes: Uint8Array): Uint8Array | null {
  try {
    return unzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    return null;
  }
}

/**
 * Compressed payloads: where they lie, not what is in them, which is inflated again when somebody looks. Stands before the
 * TLS records in `FrameTable.records` and hands on what is theirs.
 */
export class InflatedPayloads implements RecordOpener {
  private count = 0;
  private readonly frame = new U32Column();
  private readonly at = new U32Column();
  private readonly lengthBytes = new U32Column();
  /** Of those that came in several pieces, or in another record. */
  private readonly pieces = new Map<number, readonly FramePiece[]>();
  private readonly records: RecordOpener;
  private readonly cache = new Map<number, Uint8Array>();

  constructor(records: RecordOpener) {
    this.records = records;
  }

  /** The id under which a payload can be read, 0 where there are too many. `frame` completed it. */
  add(frame: number, pieces: readonly FramePiece[]): number {
    if (this.count >= MAX_PAYLOADS) return 0;
    const index = this.count++;
    const only = pieceIn(pieces, frame);
    if (only !== null) {
      this.frame.set(index, frame);
      this.at.set(index, only.at);
      this.lengthBytes.set(index, only.length);
    } else {
      this.pieces.set(index, pieces);
    }
    return FIRST_ID + index;
  }

  async plaintext(record: number, read: (pieces: readonly FramePiece[]) => Promise<Octets>): Promise<Uint8Array> {
    if (!isInflated(record)) return this.records.plaintext(record, read);
    const index = record - FIRST_ID;
    if (index >= this.count) return NOTHING;
    const cached = this.cache.get(index);
    if (cached !== undefined) return cached;
    const { bytes, start, length } = await read(this.piecesOf(index));
    const inflated = inflate(bytes.subarray(start, start + length)) ?? NOTHING;
    if (this.cache.size >= CACHED_PAYLOADS) this.cache.delete(this.cache.keys().next().value as number);
    this.cache.set(index, inflated);
    return inflated;
  }

  private piecesOf(index: number): readonly FramePiece[] {
    return (
      this.pieces.get(index) ?? [
        { frame: this.frame.get(index), at: this.at.get(index), length: this.lengthBytes.get(index) },
      ]
    );
  }
}
