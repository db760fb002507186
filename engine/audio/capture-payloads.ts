import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import { batchOf, type PayloadBatch, type PayloadReader } from '../../media/audio/payload-batch.ts';
import type { Capture } from '../capture.ts';
import { PlainRtp } from '../srtp/plain-rtp.ts';
import { FileWindows } from '../store/file-windows.ts';
import { PacketPlaces } from './packet-places.ts';
import { emptyRun } from './rtp-packets.ts';

/** Reads payloads back from the capture, decrypted where they were opened. Those of a batch are best near each other in the file. */
export class CapturePayloads implements PayloadReader {
  private readonly capture: Capture;
  private readonly places: readonly PacketPlaces[];
  private readonly windows: FileWindows;
  private readonly packets: PlainRtp;
  private offset = new Float64Array(0);

  /** `places[i]` are the packets of the renderer's stream `i`. */
  constructor(capture: Capture, places: readonly PacketPlaces[]) {
    this.capture = capture;
    this.places = places;
    this.windows = new FileWindows(capture.source);
    this.packets = new PlainRtp(capture);
  }

  load(batch: PayloadBatch): Promise<void> | undefined {
    return this.places.every(({ areInFile }) => areInFile) ? this.loadFromFile(batch) : this.loadPackets(batch);
  }

  private loadFromFile(batch: PayloadBatch): Promise<void> | undefined {
    const { count } = batch;
    if (this.offset.length < count) this.offset = new Float64Array(count);
    placesOf(batch, this.places, this.offset);
    return this.windows.load(this.offset, batch, count);
  }

  private async loadPackets(batch: PayloadBatch): Promise<void> {
    const { count, stream, packet, bytes, at, length } = batch;
    const { extraHeaderLength, payloadLength } = this.capture.streams.rtp.rows.columns;
    const wanted = new Uint32Array(count);
    for (let i = 0; i < count; i++) wanted[i] = this.places[stream[i]].row[packet[i]];
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

/** Sets `offset` to where the payloads of a batch are in the capture, and the lengths of the batch. */
function placesOf(batch: PayloadBatch, places: readonly PacketPlaces[], offset: Float64Array): void {
  const { count, stream, packet, length } = batch;
  for (let i = 0; i < count; i++) {
    const place = places[stream[i]];
    offset[i] = place.offset[packet[i]];
    length[i] = place.length[packet[i]];
  }
}

/** A batch of the packets of `rows`, all loaded. */
export async function loadPayloads(capture: Capture, rows: Uint32Array): Promise<PayloadBatch> {
  const batch = batchOf(rows.map((_, i) => i));
  await new CapturePayloads(capture, [new PacketPlaces(capture, rows)]).load(batch);
  return batch;
}
