/** Packets and payloads given as lists: for tests, and for callers that hold a stream in memory. */
import type { PayloadBatch, PayloadReader } from './payload-batch.ts';
import { StreamPackets } from './timeline.ts';

/** One packet. `arrival` in seconds from the call's zero. */
export interface ListedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly arrival: number;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

/** The packets of one stream, in the order of the list. */
export function listedPackets(list: readonly ListedPacket[]): StreamPackets {
  const packets = new StreamPackets(list.length);
  list.forEach((packet, i) => {
    packets.sequence[i] = packet.sequence;
    packets.timestamp[i] = packet.timestamp;
    packets.arrival[i] = packet.arrival;
    packets.payloadType[i] = packet.payloadType & 0x7f;
    packets.payloadLength[i] = packet.payload.length;
  });
  return packets;
}

/** Payloads straight from lists, one for each stream in the order the renderer numbers them. */
export function listedPayloads(
  streams: readonly (readonly ListedPacket[])[],
): PayloadReader & { load(batch: PayloadBatch): void } {
  const octets = new Uint8Array(streams.flat().reduce((sum, { payload }) => sum + payload.length, 0));
  const place = new Map<ListedPacket, number>();
  let used = 0;
  for (const one of streams.flat()) {
    place.set(one, used);
    octets.set(one.payload, used);
    used += one.payload.length;
  }
  return {
    load(batch) {
      const { count, stream, packet, bytes, at, length } = batch;
      let from = Infinity;
      let to = 0;
      for (let i = 0; i < count; i++) {
        const one = streams[stream[i]][packet[i]];
        bytes[i] = octets;
        at[i] = place.get(one) ?? 0;
        length[i] = one.payload.length;
        from = Math.min(from, at[i]);
        to = Math.max(to, at[i] + length[i]);
      }
      batch.together = count === 0 ? null : { bytes: octets, from, to };
    },
  };
}
