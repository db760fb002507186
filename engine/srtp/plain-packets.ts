import { emptyRun } from '../audio/rtp-packets.ts';
import { isOpened } from '../../media/srtp/status.ts';
import type { Capture } from '../capture.ts';
import { PacketMessages } from '../query/packet-messages.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { PlainRtp } from './plain-rtp.ts';

/** An SRTP or SRTCP packet made plain: the whole RTP or RTCP packet, header and payload. */
export interface PlainPacket {
  readonly protocol: 'rtp' | 'rtcp';
  /** Good until the next `load`. */
  readonly bytes: Uint8Array;
}

/** Gives the plain form of encrypted packets that were opened, a batch of frames at a time. */
export class PlainPackets {
  private readonly capture: Capture;
  private readonly rtp: PlainRtp;
  private readonly plain = new Map<number, PlainPacket>();

  constructor(capture: Capture) {
    this.capture = capture;
    this.rtp = new PlainRtp(capture);
  }

  /** Reads and decrypts the packets of frames (0-based, ascending). */
  async load(frames: ArrayLike<number>): Promise<void> {
    const { opened } = this.capture;
    this.plain.clear();
    if (opened.hasRtp) await this.loadRtp(frames);
    if (opened.rtcp.size > 0) await this.loadRtcp(frames);
  }

  /** The plain packet of a loaded frame; null where the frame holds none that was opened. */
  of(frame: number): PlainPacket | null {
    return this.plain.get(frame) ?? null;
  }

  private async loadRtp(frames: ArrayLike<number>): Promise<void> {
    const { opened, streams } = this.capture;
    const { rtp } = streams;
    const rows: number[] = [];
    for (let i = 0; i < frames.length; i++) {
      const row = rtp.firstRowOf(frames[i]);
      if (row < rtp.count && rtp.frame.get(row) === frames[i] && opened.isOpened(row)) rows.push(row);
    }
    if (rows.length === 0) return;
    await this.rtp.load(rows);
    const run = emptyRun();
    for (const row of rows) {
      if (!this.rtp.read(row, run)) continue;
      this.plain.set(rtp.frame.get(row), {
        protocol: 'rtp',
        bytes: run.bytes.subarray(run.at, run.at + run.length),
      });
    }
  }

  /** Few and far between: each by itself. */
  private async loadRtcp(frames: ArrayLike<number>): Promise<void> {
    const { opened, source, store } = this.capture;
    const reader = new FrameReader(source, store.frames);
    const messages = new PacketMessages(this.capture, reader);
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      const key = opened.rtcp.get(frame);
      if (key === undefined) continue;
      const sent = (await messages.of(frame, await reader.frame(frame))).find(
        ({ dissector }) => dissector.id === 'rtcp',
      );
      if (sent === undefined) continue;
      const receiver = opened.chain.rtcpReceiver(key);
      const { bytes, start, length } = sent.octets;
      if (!isOpened(receiver.unprotect(bytes, start, length))) continue;
      this.plain.set(frame, { protocol: 'rtcp', bytes: receiver.plain });
    }
  }
}
