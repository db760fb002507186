import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import type { CaptureInterface, FrameBatch } from '../readers/frame-batch.ts';
import { FlowTable } from '../store/flow-table.ts';
import { Tunnel } from '../store/tunnel-names.ts';

/**
 * Looks into frames before the pass does: most are UDP datagrams that lie whole in their frame, and of those the pass then
 * knows flow and payload. It decodes itself what is anything else.
 */
export class DatagramsAhead {
  private readonly flows = new FlowTable();
  private readonly decoder = new NetworkDecoder(this.flows, NO_REASSEMBLY);

  /** Fills `aheadFlow`, `payloadAt` and `payloadLength` of the batch. */
  look(batch: FrameBatch, interfaces: readonly CaptureInterface[]): void {
    const { decoder } = this;
    const { bytes, count, at, capturedLength, wireLength, interfaceIndex, aheadFlow, payloadAt, payloadLength } = batch;
    for (let i = 0; i < count; i++) {
      const start = at[i];
      const { linkType } = interfaces[interfaceIndex[i]];
      decoder.decode(bytes, start, capturedLength[i], wireLength[i], linkType, 0, 0);
      const isWhole = decoder.payload === Payload.Udp && !decoder.truncated && decoder.length <= 0xffff;
      const payload = decoder.at - start;
      if (isWhole && decoder.tunnel === Tunnel.None && payload <= 0xffff) {
        aheadFlow[i] = decoder.flow;
        payloadAt[i] = payload;
        payloadLength[i] = decoder.length;
      } else {
        aheadFlow[i] = 0;
      }
    }
  }
}
