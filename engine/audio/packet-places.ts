import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import type { Capture } from '../capture.ts';

/** Where the packets of a stream are: columns, by packet. */
export class PacketPlaces {
  /** RTP rows. */
  readonly row: Uint32Array;
  readonly frame: Uint32Array;
  /** Every packet of the capture lies in one frame, as it was sent; else `offset` and `length` are empty. */
  readonly areInFile: boolean;
  /** Where the payload is in the (decompressed) capture. */
  readonly offset: Float64Array;
  /** Octets of payload; -1 where it was not captured whole. */
  readonly length: Int32Array;
  private readonly capture: Capture;
  // Of the packets at hand.
  private readonly at = new Uint32Array(ROWS_AT_ONCE);
  private readonly captured = new Uint32Array(ROWS_AT_ONCE);
  private readonly octets = new Uint16Array(ROWS_AT_ONCE);

  constructor(capture: Capture, rows: Uint32Array) {
    this.capture = capture;
    this.row = rows;
    this.frame = new Uint32Array(rows.length);
    this.areInFile = !capture.opened.hasRtp && capture.streams.rtp.pieces.size === 0;
    const count = this.areInFile ? rows.length : 0;
    this.offset = new Float64Array(count);
    this.length = new Int32Array(count);
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const to = Math.min(rows.length, from + ROWS_AT_ONCE);
      capture.streams.rtp.frame.gather(rows, this.frame, from, to);
      if (this.areInFile) this.find(from, to);
    }
  }

  private find(from: number, to: number): void {
    const { frame, offset, length, at, captured, octets } = this;
    const { rtp } = this.capture.streams;
    const { frames } = this.capture.store;
    const { extraHeaderLength, payloadLength, padding } = rtp.rows.columns;
    const rows = this.row.subarray(from, to);
    const count = rows.length;
    frames.fileOffset.gather(frame, offset, from, to);
    frames.capturedLength.gather(frame.subarray(from, to), captured, 0, count);
    payloadLength.gather(rows, octets, 0, count);
    rtp.atsOf(rows, at, count);
    // Nearly always without header extensions and padding.
    const isBare = extraHeaderLength.lengthBytes === 0 && padding.lengthBytes === 0;
    for (let i = 0; i < count; i++) {
      const start = at[i] + FIXED_HEADER + (isBare ? 0 : extraHeaderLength.get(rows[i]));
      const behind = isBare ? 0 : padding.get(rows[i]);
      offset[from + i] += start;
      length[from + i] = start + octets[i] + behind <= captured[i] ? octets[i] : -1;
    }
  }
}
