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
    if (extraHeaderLength.lengthBytes > 0 || padding.lengthBytes > 0) {
      for (let i = 0; i < count; i++) {
        at[i] += extraHeaderLength.get(rows[i]);
        captured[i] = Math.max(0, captured[i] - padding.get(rows[i]));
      }
    }
    place(at, octets, captured, offset.subarray(from, to), length.subarray(from, to));
  }
}

/**
 * Of packets that begin `at` octets into their frames, which begin at `offset`: sets the latter to where the payloads begin, and `length` to
 * their `octets` where so many were captured. A loop by itself, as the caller's calls would be compiled into one that is beside them.
 */
function place(
  at: Uint32Array,
  octets: Uint16Array,
  captured: Uint32Array,
  offset: Float64Array,
  length: Int32Array,
): void {
  for (let i = 0; i < offset.length; i++) {
    const start = at[i] + FIXED_HEADER;
    offset[i] += start;
    length[i] = start + octets[i] <= captured[i] ? octets[i] : -1;
  }
}
