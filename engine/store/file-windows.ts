import type { OctetSpans } from '../../base/octet-spans.ts';
import type { Octets } from '../../base/octets.ts';
import type { ByteSource } from '../sources/byte-source.ts';

/** Spans this close together in the file are read in one go. */
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

/** Reads octets back from the file in runs, so that who goes through it reads large pieces, and ahead. */
export class FileWindows {
  private readonly source: ByteSource;
  private windows: readonly Window[] = [];
  private spare: Window[] = [];
  /** Where what was asked for last began and ended; before there is any, nobody reads on. */
  private lastFrom = -Infinity;
  private lastEnd = -Infinity;
  /** What is being read ahead for who goes through the file. */
  private ahead: Promise<Window | null> | null = null;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /**
   * Makes the first `count` spans readable, all of them until the next `load`: span `i` begins `offset[i]` octets into the (decompressed)
   * capture, and of its columns only the length is given; where the file ends before, that becomes -1. Spans are best in the order of the
   * file, or in a few runs that are. Memory follows the octets between them.
   */
  load(offset: Float64Array, spans: OctetSpans, count: number): Promise<void> | undefined {
    return this.showAtHand(offset, spans, count) ? undefined : this.read(offset, spans, count);
  }

  /** Points spans into the one window that is at hand; false where that does not hold all of them. */
  private showAtHand(offset: Float64Array, spans: OctetSpans, count: number): boolean {
    spans.together = null;
    if (this.windows.length !== 1) return false;
    const { length, bytes, at } = spans;
    const [window] = this.windows;
    const { fileOffset } = window;
    const windowEnd = fileOffset + window.length;
    let from = Infinity;
    let to = -Infinity;
    for (let i = 0; i < count; i++) {
      if (length[i] < 0) continue;
      const start = offset[i];
      const end = start + length[i];
      if (start < fileOffset || end > windowEnd) return false;
      if (start < from) from = start;
      if (end > to) to = end;
      bytes[i] = window.bytes;
      at[i] = start - fileOffset;
    }
    if (to < from) return true;
    spans.together = { bytes: window.bytes, from: from - fileOffset, to: to - fileOffset };
    this.lastFrom = from;
    this.lastEnd = to;
    return true;
  }

  /** Points `into` at `length` octets at `offset`; false where they were not loaded, or the file ends before. */
  point(offset: number, length: number, into: Octets): boolean {
    for (const window of this.windows) {
      if (offset < window.fileOffset || offset + length > window.fileOffset + window.length) continue;
      into.point(window.bytes, offset - window.fileOffset, length);
      return true;
    }
    return false;
  }

  private async read(offset: Float64Array, spans: OctetSpans, count: number): Promise<void> {
    const { length } = spans;
    const windows: Window[] = [];
    for (let first = 0; first < count; ) {
      if (length[first] < 0) {
        first++;
        continue;
      }
      const { from, to, next } = closeTogether(offset, length, first, count);
      const window = await this.window(windows, from, to - from);
      if (!windows.includes(window)) windows.push(window);
      pointInto(window, offset, spans, first, next);
      first = next;
    }
    const unused = this.windows.filter((window) => !windows.includes(window));
    this.spare = [...unused, ...this.spare].slice(0, MOST_SPARE);
    this.windows = windows;
    this.showAtHand(offset, spans, count);
  }

  /** A window that holds `length` octets at `fileOffset`: one of `current` or an old one where it does, else one that is filled. */
  private async window(current: readonly Window[], fileOffset: number, length: number): Promise<Window> {
    const holds = (w: Window): boolean => fileOffset >= w.fileOffset && fileOffset + length <= w.fileOffset + w.length;
    const isSequential = fileOffset > this.lastFrom && fileOffset - this.lastEnd < MERGE_GAP_BYTES;
    this.lastFrom = fileOffset;
    this.lastEnd = fileOffset + length;
    const old = current.find(holds) ?? this.windows.find(holds);
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

/** Spans from `first` on that are read in one go, up to entry `next`: octets `from … to` of the capture. */
function closeTogether(
  offset: Float64Array,
  length: Int32Array,
  first: number,
  count: number,
): { from: number; to: number; next: number } {
  let from = offset[first];
  let to = from + length[first];
  let next = first + 1;
  for (; next < count; next++) {
    if (length[next] < 0) continue;
    const start = offset[next];
    const end = start + length[next];
    if (start - to > MERGE_GAP_BYTES || from - end > MERGE_GAP_BYTES) break;
    if (Math.max(to, end) - Math.min(from, start) > WINDOW_BYTES) break;
    from = Math.min(from, start);
    to = Math.max(to, end);
  }
  return { from, to, next };
}

/** Points the spans `from … to` into a window that holds them, or as much of them as the file has. */
function pointInto(window: Window, offset: Float64Array, spans: OctetSpans, from: number, to: number): void {
  const { length, bytes, at } = spans;
  for (let i = from; i < to; i++) {
    if (length[i] < 0) continue;
    const start = offset[i] - window.fileOffset;
    bytes[i] = window.bytes;
    at[i] = start;
    if (start + length[i] > window.length) length[i] = -1;
  }
}

function newWindow(lengthBytes: number): Window {
  return { bytes: new Uint8Array(lengthBytes), fileOffset: 0, length: 0 };
}
