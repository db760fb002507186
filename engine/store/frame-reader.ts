import { Octets } from '../../base/octets.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import type { FrameTable } from './frame-table.ts';

/** Frames this close together in the file are read in one go. */
const MERGE_GAP_BYTES = 64 << 10;
const WINDOW_BYTES = 4 << 20;
/** Who reads on from where the last reading ended will read on again. */
const READ_AHEAD_BYTES = 1 << 20;
/** Windows that are kept to be filled again. */
const MOST_SPARE = 2;

interface Window {
  bytes: Uint8Array;
  fileOffset: number;
  length: number;
}

/** Reads frames back from the file: in runs for those who go through it, one by one for a person who selects. */
export class FrameReader {
  private readonly source: ByteSource;
  private readonly frames: FrameTable;
  private windows: Window[] = [];
  private spare: Window[] = [];
  /** Where the frames asked for last ended; before there are any, nobody reads on. */
  private lastEnd = -Infinity;
  /** What is being read ahead for who goes through the file. */
  private ahead: Promise<Window | null> | null = null;

  constructor(source: ByteSource, frames: FrameTable) {
    this.source = source;
    this.frames = frames;
  }

  /**
   * Makes frames readable, all of them until the next `load`. `wanted` are frame numbers, ascending; memory follows
   * the octets between them, read in runs.
   */
  async load(wanted: ArrayLike<number>, count = wanted.length): Promise<void> {
    let i = 0;
    const windows: Window[] = [];
    while (i < count) {
      const from = this.frames.fileOffset.get(wanted[i]);
      let to = from + this.frames.capturedLength.get(wanted[i]);
      let next = i + 1;
      for (; next < count; next++) {
        const start = this.frames.fileOffset.get(wanted[next]);
        const end = start + this.frames.capturedLength.get(wanted[next]);
        if (start - to > MERGE_GAP_BYTES || end - from > WINDOW_BYTES) break;
        to = Math.max(to, end);
      }
      windows.push(await this.window(from, to - from));
      i = next;
    }
    const unused = this.windows.filter((window) => !windows.includes(window));
    this.spare = [...unused, ...this.spare].slice(0, MOST_SPARE);
    this.windows = windows;
  }

  /** Points `into` at a frame's octets; false where the frame was not loaded (or the file became shorter). */
  read(frame: number, into: Octets): boolean {
    const offset = this.frames.fileOffset.get(frame);
    const length = this.frames.capturedLength.get(frame);
    for (let i = this.windows.length - 1; i >= 0; i--) {
      const window = this.windows[i];
      if (offset < window.fileOffset || offset + length > window.fileOffset + window.length) continue;
      into.point(window.bytes, offset - window.fileOffset, length);
      return true;
    }
    return false;
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

  /** A window that holds `length` octets at `fileOffset`; an old one where it still does, or can be used again. */
  private async window(fileOffset: number, length: number): Promise<Window> {
    const holds = (w: Window): boolean => fileOffset >= w.fileOffset && fileOffset + length <= w.fileOffset + w.length;
    const isSequential = fileOffset >= this.lastEnd && fileOffset - this.lastEnd < MERGE_GAP_BYTES;
    this.lastEnd = fileOffset + length;
    const old = this.windows.find(holds);
    if (old !== undefined) return old;
    const ahead = await this.ahead;
    this.ahead = null;
    const wanted = isSequential ? Math.max(length, READ_AHEAD_BYTES) : length;
    const isAhead = ahead !== null && holds(ahead);
    if (ahead !== null && !isAhead) this.spare.push(ahead);
    const window = isAhead ? ahead : await this.fill(this.take(wanted), fileOffset, wanted);
    // Whoever goes on will want something that begins about where what was just asked for would end beyond the window.
    const next = window.fileOffset + window.length - 2 * length;
    if (isSequential && next > fileOffset && window.length >= READ_AHEAD_BYTES) {
      // What fails is read again, and then told, when it is wanted.
      this.ahead = this.fill(this.take(READ_AHEAD_BYTES), next, READ_AHEAD_BYTES).catch(() => null);
    }
    return window;
  }

  /** A window with room for so many octets, which no one uses. */
  private take(lengthBytes: number): Window {
    const spare = this.spare.findIndex((w) => w.bytes.length >= lengthBytes);
    return spare < 0 ? newWindow(lengthBytes) : this.spare.splice(spare, 1)[0];
  }

  private async fill(window: Window, fileOffset: number, length: number): Promise<Window> {
    window.fileOffset = fileOffset;
    window.length = await this.source.read(fileOffset, window.bytes, 0, length);
    return window;
  }
}

function newWindow(lengthBytes: number): Window {
  return { bytes: new Uint8Array(lengthBytes), fileOffset: 0, length: 0 };
}
