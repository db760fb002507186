import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import type { PayloadBatch, PayloadReader } from '../../media/audio/payload-batch.ts';
import type { Capture } from '../capture.ts';
import { PlainRtp } from '../srtp/plain-rtp.ts';
import { FileWindows } from '../store/file-windows.ts';
import { PayloadPlaces } from './payload-places.ts';
import { emptyRun } from './rtp-packets.ts';

/** Reads payloads back from the capture, decrypted where they were opened. Those of a batch are best near each other in the file. */
export class CapturePayloads implements PayloadReader {
  private readonly capture: Capture;
  private readonly rows: readonly Uint32Array[];
  private readonly windows: FileWindows;
  /** Of each stream; null where payloads are not in the file as they are, each in one frame. */
  private readonly places: readonly PayloadPlaces[] | null;
  private readonly packets: PlainRtp;
  private offset = new Float64Array(0);

  /** `rows[i]` are the RTP rows of the renderer's stream `i`. */
  constructor(capture: Capture, rows: readonly Uint32Array[]) {
    const isInPlace = !capture.opened.hasRtp && capture.streams.rtp.pieces.size === 0;
    this.capture = capture;
    this.rows = rows;
    this.places = isInPlace ? rows.map((list) => new PayloadPlaces(capture, list)) : null;
    this.windows = new FileWindows(capture.source);
    this.packets = new PlainRtp(capture);
  }

  load(batch: PayloadBatch): Promise<void> | undefined {
    return this.places === null ? this.loadPackets(batch) : this.loadInPlace(batch, this.places);
  }

  private loadInPlace(batch: PayloadBatch, places: readonly PayloadPlaces[]): Promise<void> | undefined {
    const { count, stream, packet, length } = batch;
    if (this.offset.length < count) this.offset = new Float64Array(count);
    const { offset, windows } = this;
    for (let i = 0; i < count; i++) {
      const place = places[stream[i]];
      offset[i] = place.offset[packet[i]];
      length[i] = place.length[packet[i]];
    }
    return windows.load(offset, batch, count);
  }

  private async loadPackets(batch: PayloadBatch): Promise<void> {
    const { count, stream, packet, bytes, at, length } = batch;
    const { extraHeaderLength, payloadLength } = this.capture.streams.rtp.rows.columns;
    const wanted = new Uint32Array(count);
    for (let i = 0; i < count; i++) wanted[i] = this.rows[stream[i]][packet[i]];
    await this.packets.load(wanted);
    batch.together = null;
    const run = emptyRun();
    for (let i = 0; i < count; i++) {
      length[i] = -1;
      if (!this.packets.read(wanted[i], run)) continue;
      bytes[i] = run.bytes;
      at[i] = run.at + FIXED_HEADER + extraHeaderLength.get(wanted[i]);
      length[i] = payloadLength.get(wanted[i]);
    }
  }
}
