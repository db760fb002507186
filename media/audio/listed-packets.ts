/** Packets and payloads given as lists: for tests, and for callers that hold a stream in memory. */
import type { PayloadBatch, PayloadReader } from './mix.ts';
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
    sequence: (packet) => list[packet].sequence & 0xffff,
    timestamp: (packet) => list[packet].timestamp >>> 0,
    arrival: (packet) => list[packet].arrival,
    payloadType: (packet) => list[packet].payloadType,
    payloadLength: (packet) => list[packet].payload.length,
  };
}

/** Payloads straight from lists, one for each stream in the order the renderer numbers them. */
export function listedPayloads(
  streams: readonly (readonly ListedPacket[])[],
): PayloadReader & { load(batch: PayloadBatch): void } {
  return {
    load() {},
    read(stream, packet, into) {
      const { payload } = streams[stream][packet];
      into.bytes = payload;
      into.at = 0;
      into.length = payload.length;
      return true;
    },
  };
}
