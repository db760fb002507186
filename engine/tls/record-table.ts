import { F64Column, U32Column } from '../../base/columns.ts';
import type { Octets } from '../../base/octets.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import { openRecord, type RecordKeys } from './record-cipher.ts';

const MAX_RECORDS = 1 << 22;
/** Plaintext kept for those who look at neighbouring messages. */
const CACHE_RECORDS = 64;

const NOTHING = new Uint8Array(0);

/**
 * Records that were opened and hold what somebody may want to see again: where their ciphertext lies and what opens it, not
 * the plaintext. Ids count from 1.
 */
export class RecordTable {
  count = 0;
  /** A record of one piece, which nearly all are: frame, offset, octets. */
  private readonly frame = new U32Column();
  private readonly at = new U32Column();
  private readonly lengthBytes = new U32Column();
  private readonly pieces = new Map<number, readonly FramePiece[]>();
  private readonly sequence = new F64Column();
  private readonly keyIndex = new U32Column();
  private readonly keys: RecordKeys[] = [];
  private readonly keyIndexes = new Map<RecordKeys, number>();
  private readonly chainedIvs = new Map<number, Uint8Array>();
  private readonly cache = new Map<number, Uint8Array>();

  /** The id of a record, 0 where there are too many. `frame` completed it; `pieces` hold it, its header included. */
  add(frame: number, pieces: readonly FramePiece[], keys: RecordKeys, sequence: number, chainedIv: Uint8Array): number {
    if (this.count >= MAX_RECORDS) return 0;
    const id = ++this.count;
    this.frame.set(id, frame);
    const only = pieceIn(pieces, frame);
    if (only !== null) {
      this.at.set(id, only.at);
      this.lengthBytes.set(id, only.length);
    } else {
      this.pieces.set(id, pieces);
    }
    this.sequence.set(id, sequence);
    this.keyIndex.set(id, this.indexOf(keys));
    if (chainedIv.length > 0) this.chainedIvs.set(id, chainedIv);
    return id;
  }

  /** 0-based frame that completed the record. */
  frameOf(id: number): number {
    return this.frame.get(id);
  }

  /** Where the record lies, its header included. */
  piecesOf(id: number): readonly FramePiece[] {
    const pieces = this.pieces.get(id);
    if (pieces !== undefined) return pieces;
    return [{ frame: this.frame.get(id), at: this.at.get(id), length: this.lengthBytes.get(id) }];
  }

  /** The plaintext of a record, opened again; empty where there is none with this id or the file changed. */
  async plaintext(id: number, read: (pieces: readonly FramePiece[]) => Promise<Octets>): Promise<Uint8Array> {
    if (id < 1 || id > this.count) return NOTHING;
    const cached = this.cache.get(id);
    if (cached !== undefined) return cached;
    const { bytes, start, length } = await read(this.piecesOf(id));
    const opened = openRecord(
      this.keys[this.keyIndex.get(id)],
      this.sequence.get(id),
      bytes.subarray(start, start + length),
      this.chainedIvs.get(id) ?? NOTHING,
    );
    const plaintext = opened?.bytes ?? NOTHING;
    if (this.cache.size >= CACHE_RECORDS) this.cache.delete(this.cache.keys().next().value as number);
    this.cache.set(id, plaintext);
    return plaintext;
  }

  private indexOf(keys: RecordKeys): number {
    let index = this.keyIndexes.get(keys);
    if (index === undefined) {
      index = this.keys.push(keys) - 1;
      this.keyIndexes.set(keys, index);
    }
    return index;
  }
}
