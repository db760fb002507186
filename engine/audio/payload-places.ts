import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import type { Capture } from '../capture.ts';

/** Rows that are looked at together. */
const ROWS_AT_ONCE = 512;

/** Where the payloads of a stream lie in the file, each of them in one frame and as it was sent. By packet. */
export class PayloadPlaces {
  /** In the (decompressed) capture. */
  readonly offset: Float64Array;
  /** -1 where the payload was not captured whole. */
  readonly length: Int32Array;
  private readonly capture: Capture;
  // Of the rows at hand.
  private readonly frame = new Uint32Array(ROWS_AT_ONCE);
  private readonly at = new Uint32Array(ROWS_AT_ONCE);
  private readonly captured = new Uint32Array(ROWS_AT_ONCE);
  private readonly octets = new Uint16Array(ROWS_AT_ONCE);

  /** `rows` are the RTP rows of the packets. */
  constructor(capture: Capture, rows: Uint32Array) {
    this.capture = capture;
    this.offset = new Float64Array(rows.length);
    this.length = new Int32Array(rows.length);
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const to = Math.min(rows.length, from + ROWS_AT_ONCE);
      this.find(rows.subarray(from, to), this.offset.subarray(from, to), this.length.subarray(from, to));
    }
  }

  private find(rows: Uint32Array, offset: Float64Array, length: Int32Array): void {
    const { frame, at, captured, octets } = this;
    const { rtp } = this.capture.streams;
    const { frames } = this.capture.store;
    const { extraHeaderLength, payloadLength, padding } = rtp.rows.columns;
    const count = rows.length;
    rtp.frame.gather(rows, frame, 0, count);
    frames.fileOffset.gather(frame, offset, 0, count);
    frames.capturedLength.gather(frame, captured, 0, count);
    payloadLength.gather(rows, octets, 0, count);
    rtp.atsOf(rows, at, count);
    // Nearly always without header extensions and padding.
    const isBare = extraHeaderLength.lengthBytes === 0 && padding.lengthBytes === 0;
    for (let i = 0; i < count; i++) {
      const from = at[i] + FIXED_HEADER + (isBare ? 0 : extraHeaderLength.get(rows[i]));
      const behind = isBare ? 0 : padding.get(rows[i]);
      offset[i] += from;
      length[i] = from + octets[i] + behind <= captured[i] ? octets[i] : -1;
    }
  }
}
