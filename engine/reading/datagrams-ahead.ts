import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { type CaptureInterface, type FrameBatch } from '../readers/frame-batch.ts';
import { FlowTable } from '../store/flow-table.ts';
import { Tunnel } from '../store/tunnel-names.ts';
import { readPlainPackets } from './rtp-ahead.ts';
import { USUAL_PAYLOAD_AT, UsualDatagrams } from './usual-datagrams.ts';

const ETHERNET = 1;

/**
 * Looks into frames before the pass does: most are UDP datagrams that lie whole in their frame, and of those the pass then
 * knows flow and payload. It decodes itself what is anything else.
 */
export class DatagramsAhead {
  private readonly flows = new FlowTable();
  private readonly decoder = new NetworkDecoder(this.flows, NO_REASSEMBLY);
  private readonly usual = new UsualDatagrams(this.flows);

  /** Fills in of the batch what is known of frames ahead. */
  look(batch: FrameBatch, interfaces: readonly CaptureInterface[]): void {
    const { bytes, count } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let from = 0; from < count; from += ROWS_AT_ONCE) {
      const to = Math.min(count, from + ROWS_AT_ONCE);
      this.findPayloads(batch, view, interfaces, from, to);
      readPlainPackets(batch, view, from, to);
    }
  }

  private findPayloads(
    batch: FrameBatch,
    view: DataView,
    interfaces: readonly CaptureInterface[],
    from: number,
    to: number,
  ): void {
    const { usual } = this;
    const { at, capturedLength, interfaceIndex, aheadFlow, payloadAt, payloadLength } = batch;
    for (let i = from; i < to; i++) {
      const { linkType } = interfaces[interfaceIndex[i]];
      const flow = linkType === ETHERNET ? usual.flowOf(view, at[i], capturedLength[i]) : 0;
      if (flow === 0) {
        this.decode(batch, i, linkType);
        continue;
      }
      aheadFlow[i] = flow;
      payloadAt[i] = USUAL_PAYLOAD_AT;
      payloadLength[i] = usual.payloadLength;
    }
  }

  private decode(batch: FrameBatch, i: number, linkType: number): void {
    const { decoder } = this;
    const { bytes, at, capturedLength, wireLength } = batch;
    decoder.decode(bytes, at[i], capturedLength[i], wireLength[i], linkType, 0, 0);
    const payload = decoder.at - at[i];
    batch.aheadFlow[i] = 0;
    if (decoder.payload !== Payload.Udp || decoder.truncated || decoder.tunnel !== Tunnel.None) return;
    if (decoder.length > 0xffff || payload > 0xffff) return;
    batch.aheadFlow[i] = decoder.flow;
    batch.payloadAt[i] = payload;
    batch.payloadLength[i] = decoder.length;
  }
}
