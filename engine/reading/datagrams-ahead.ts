import { isPlainPacket } from '../../dissectors/rtp/plain-packet.ts';
import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import type { CaptureInterface, FrameBatch } from '../readers/frame-batch.ts';
import { FlowTable } from '../store/flow-table.ts';
import { Tunnel } from '../store/tunnel-names.ts';
import { readPlainPacket } from './rtp-ahead.ts';
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
    const { usual } = this;
    const { bytes, count, at, capturedLength, interfaceIndex } = batch;
    const { aheadFlow, payloadAt, payloadLength, isPlainRtp } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; i < count; i++) {
      const start = at[i];
      const length = capturedLength[i];
      const { linkType } = interfaces[interfaceIndex[i]];
      const flow = linkType === ETHERNET ? usual.flowOf(view, start, length) : 0;
      if (flow !== 0) {
        aheadFlow[i] = flow;
        payloadAt[i] = USUAL_PAYLOAD_AT;
        payloadLength[i] = usual.payloadLength;
      } else {
        this.decode(batch, i, linkType);
      }
      isPlainRtp[i] = 0;
      if (aheadFlow[i] === 0) continue;
      const payload = start + payloadAt[i];
      if (isPlainPacket(bytes, payload, payloadLength[i])) readPlainPacket(view, payload, payloadLength[i], batch, i);
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
