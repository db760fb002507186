import { emptySpans } from '../../base/octet-spans.ts';
import { Octets } from '../../base/octets.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { FileWindows } from './file-windows.ts';
import type { FrameTable } from './frame-table.ts';

/** Reads frames back from the file: in runs for those who go through it, one by one for a person who selects. */
export class FrameReader {
  private readonly source: ByteSource;
  private readonly frames: FrameTable;
  private readonly windows: FileWindows;
  private offset = new Float64Array(0);
  private spans = emptySpans(0);

  constructor(source: ByteSource, frames: FrameTable) {
    this.source = source;
    this.frames = frames;
    this.windows = new FileWindows(source);
  }

  /**
   * Makes frames readable, all of them until the next `load`. `wanted` are frame numbers, ascending; memory follows
   * the octets between them, read in runs.
   */
  async load(wanted: ArrayLike<number>, count = wanted.length): Promise<void> {
    if (this.offset.length < count) {
      this.offset = new Float64Array(count);
      this.spans = emptySpans(count);
    }
    const { offset, spans, frames } = this;
    for (let i = 0; i < count; i++) {
      offset[i] = frames.fileOffset.get(wanted[i]);
      spans.length[i] = frames.capturedLength.get(wanted[i]);
    }
    await this.windows.load(offset, spans, count);
  }

  /** Points `into` at a frame's octets; false where the frame was not loaded (or the file became shorter). */
  read(frame: number, into: Octets): boolean {
    return this.windows.point(this.frames.fileOffset.get(frame), this.frames.capturedLength.get(frame), into);
  }

  /** One frame, read on its own and kept by the caller. */
  async frame(frame: number): Promise<Octets> {
    const length = this.frames.capturedLength.get(frame);
    const bytes = new Uint8Array(length);
    const got = await this.source.read(this.frames.fileOffset.get(frame), bytes, 0, length);
    return new Octets(bytes, 0, got);
  }

  /** A message that came together from pieces of frames, or of records decrypted anew; zeros where one does not open. */
  async pieces(pieces: readonly FramePiece[]): Promise<Octets> {
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      if (piece.record === undefined) {
        await this.source.read(this.frames.fileOffset.get(piece.frame) + piece.at, bytes, at, piece.length);
      } else {
        const plain = await this.frames.records?.plaintext(piece.record, (parts) => this.pieces(parts));
        bytes.set(plain?.subarray(piece.at, piece.at + piece.length) ?? [], at);
      }
      at += piece.length;
    }
    return new Octets(bytes);
  }
}
