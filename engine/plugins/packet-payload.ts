import type { Transport } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { FlowTable } from '../store/flow-table.ts';
import { FrameReader } from '../store/frame-reader.ts';

/** What a datagram or a TCP segment carries. */
export interface PacketPayload {
  readonly octets: Uint8Array;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly truncated: boolean;
}

/**
 * The payload of a packet (from 1), or `range` of its frame, to try a dissector on; null where it has none, or there is
 * no such packet.
 */
export async function packetPayload(
  capture: Capture,
  packet: number,
  range: { readonly at: number; readonly length: number } | null,
): Promise<PacketPayload | null> {
  const { frames } = capture.store;
  const frame = packet - 1;
  if (!Number.isInteger(frame) || frame < 0 || frame >= frames.count) return null;
  const octets = await new FrameReader(capture.source, frames).frame(frame);
  const flows = new FlowTable();
  const decoder = new NetworkDecoder(flows, NO_REASSEMBLY);
  const { linkType } = capture.reader.interfaces[frames.interfaceIndex.get(frame)];
  decoder.decode(octets.bytes, octets.start, octets.length, frames.wireLength(frame), linkType, frame, 0);
  if (decoder.payload === Payload.None) return null;
  const [at, length] =
    range === null ? [decoder.at, decoder.length] : [octets.start + range.at, Math.max(0, range.length)];
  const end = Math.min(at + length, octets.start + octets.length);
  if (!(at >= octets.start && end > at)) return null;
  return {
    octets: octets.bytes.slice(at, end),
    transport: decoder.payload === Payload.Tcp ? 'tcp' : 'udp',
    sourcePort: flows.sourcePort(decoder.flow),
    destinationPort: flows.destinationPort(decoder.flow),
    truncated: decoder.truncated,
  };
}
