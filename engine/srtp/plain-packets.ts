import type { Capture } from '../capture.ts';

/** An SRTP or SRTCP packet made plain: the whole RTP or RTCP packet, header and payload. */
export interface PlainPacket {
  readonly protocol: 'rtp' | 'rtcp';
  /** Good until the next `load`. */
  readonly bytes: Uint8Array;
}

/** Gives the plain form of encrypted packets that were opened, a batch of frames at a time. */
export class PlainPackets {
  constructor(_capture: Capture) {}

  /** Reads and decrypts the packets of frames (0-based, ascending). */
  async load(_frames: ArrayLike<number>): Promise<void> {}

  /** The plain packet of a loaded frame; null where the frame holds none that was opened. */
  of(_frame: number): PlainPacket | null {
    return null;
  }
}
