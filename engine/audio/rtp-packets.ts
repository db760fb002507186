import { Octets } from '../../base/octets.ts';
import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import type { Capture } from '../capture.ts';
import { FrameReader } from '../store/frame-reader.ts';

/** A run of octets; it changes with the next reading. */
export interface OctetRun {
  bytes: Uint8Array;
  at: number;
  length: number;
}

/** A run to be pointed somewhere. */
export function emptyRun(): OctetRun {
  return { bytes: new Uint8Array(0), at: 0, length: 0 };
}

/** Reads RTP packets back from the capture as they were sent, a batch at a time in the order of the file. */
export class RtpPackets {
  private readonly capture: Capture;
  private readonly reader: FrameReader;
  private readonly view = new Octets(new Uint8Array(0));
  private wanted = new Uint32Array(4096);
  /** Packets put together from fragments, by RTP row. */
  private assembled = new Map<number, Octets>();

  constructor(capture: Capture) {
    this.capture = capture;
    this.reader = new FrameReader(capture.source, capture.store.frames);
  }

  /** Makes the packets of `count` RTP rows readable, in any order of the rows; those of the batch before are gone. */
  async load(rows: ArrayLike<number>, count = rows.length): Promise<void> {
    const { rtp } = this.capture.streams;
    if (this.wanted.length < count) this.wanted = new Uint32Array(count);
    this.assembled.clear();
    let isAscending = true;
    let last = -1;
    for (let i = 0; i < count; i++) {
      const frame = rtp.frame.get(rows[i]);
      this.wanted[i] = frame;
      if (frame < last) isAscending = false;
      last = frame;
      const pieces = rtp.pieces.size === 0 ? undefined : rtp.pieces.get(rows[i]);
      if (pieces !== undefined) this.assembled.set(rows[i], await this.reader.pieces(pieces));
    }
    // Nearly always as captured already: only what was late is played out of the order of the file.
    if (!isAscending) this.wanted.subarray(0, count).sort();
    await this.reader.load(this.wanted, count);
  }

  /** Points `into` at a row's whole packet: header, payload, whatever follows it. False where it is not all there. */
  read(row: number, into: OctetRun): boolean {
    const { rtp } = this.capture.streams;
    const whole = this.assembled.size === 0 ? undefined : this.assembled.get(row);
    let view = this.view;
    let at = 0;
    if (whole !== undefined) view = whole;
    else if (this.reader.read(rtp.frame.get(row), view)) at = rtp.atOf(row);
    else return false;
    const length = this.lengthOf(row);
    if (at + length > view.length) return false;
    into.bytes = view.bytes;
    into.at = view.start + at;
    into.length = length;
    return true;
  }

  /** The packets of rows that were loaded, those that are all there. */
  readAll(rows: ArrayLike<number>): OctetRun[] {
    const runs: OctetRun[] = [];
    for (let i = 0; i < rows.length; i++) {
      const run = emptyRun();
      if (this.read(rows[i], run)) runs.push(run);
    }
    return runs;
  }

  /** Octets of a row's packet as it was sent. */
  private lengthOf(row: number): number {
    const { extraHeaderLength, payloadLength, padding } = this.capture.streams.rtp.rows.columns;
    const { opened } = this.capture;
    const behind = opened.isOpened(row) ? opened.removed.get(row) : padding.get(row);
    return FIXED_HEADER + extraHeaderLength.get(row) + payloadLength.get(row) + behind;
  }
}
