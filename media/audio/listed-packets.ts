/** Packets and payloads given as lists: for tests, and for callers that hold a stream in memory. */
import type { PayloadBatch, PayloadReader } from './payload-batch.ts';
import type { StreamPackets } from './timeline.ts';

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
  return {
    count: list.length,
    sequence: Uint16Array.from(list, (packet) => packet.sequence),
    timestamp: Uint32Array.from(list, (packet) => packet.timestamp),
    arrival: Float64Array.from(list, (packet) => packet.arrival),
    payloadType: Uint8Array.from(list, (packet) => packet.payloadType & 0x7f),
    payloadLength: Uint16Array.from(list, (packet) => packet.payload.length),
  };
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
