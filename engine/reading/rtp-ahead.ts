import { isPlainPacket, PLAIN_COLUMNS } from '../../dissectors/rtp/plain-packet.ts';
import { FIXED_HEADER, rtpColumns, type RtpColumns } from '../../dissectors/rtp/rtp.ts';
import type { FrameBatch } from '../readers/frame-batch.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { LayerTable } from '../store/layer-table.ts';

/** Where a batch has what a row of RTP has. */
const COLUMN_OF = {
  sequence: 'rtpSequence',
  timestamp: 'rtpTimestamp',
  ssrc: 'rtpSsrc',
  payloadType: 'rtpPayloadType',
  payloadLength: 'rtpPayloadLength',
} as const satisfies Record<(typeof PLAIN_COLUMNS)[number], keyof FrameBatch>;

/** Writes down the plain packets of RTP among the payloads that were found of frames `from`…`to` of the batch. */
export function readPlainPackets(batch: FrameBatch, view: DataView, from: number, to: number): void {
  const { bytes, at, aheadFlow, payloadAt, payloadLength, isPlainRtp } = batch;
  const { rtpPayloadType, rtpSequence, rtpTimestamp, rtpSsrc, rtpPayloadLength } = batch;
  for (let i = from; i < to; i++) {
    isPlainRtp[i] = 0;
    if (aheadFlow[i] === 0) continue;
    const start = at[i] + payloadAt[i];
    const length = payloadLength[i];
    if (!isPlainPacket(bytes, start, length)) continue;
    isPlainRtp[i] = 1;
    rtpPayloadType[i] = bytes[start + 1];
    rtpSequence[i] = view.getUint16(start + 2);
    rtpTimestamp[i] = view.getInt32(start + 4);
    rtpSsrc[i] = view.getInt32(start + 8);
    rtpPayloadLength[i] = length - FIXED_HEADER;
  }
}

/** Takes packets over that were read ahead: the rows are those that the dissector would write, many at a time. */
export class RtpRows {
  private readonly layer: LayerTable<RtpColumns>;

  constructor(layer: LayerTable<RtpColumns>) {
    this.layer = layer;
  }

  /** Adds a row for each of the frames `from`…`to` of the batch; `firstFrame` is the number of its first frame. */
  add(batch: FrameBatch, from: number, to: number, firstFrame: number): void {
    const { layer } = this;
    const { rows } = layer;
    const row = rows.count;
    const { columns } = rows;
    for (const name of PLAIN_COLUMNS) columns[name].copyFrom(row, batch[COLUMN_OF[name]], from, to - from);
    layer.addPlaces(row, firstFrame + from, batch.payloadAt, from, to - from);
    rows.count = row + to - from;
  }
}

/** Where rows of RTP go, if it is the built-in dissector that makes them. */
export function rtpRowsOf(store: CaptureStore): RtpRows | null {
  const index = store.dissectorIds.indexOf('rtp');
  const layer = store.layer('rtp', rtpColumns);
  return layer === null || store.dissectors[index].columns !== rtpColumns ? null : new RtpRows(layer);
}
