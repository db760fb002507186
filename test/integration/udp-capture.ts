/** Captures made in memory, one UDP datagram a frame, for what no recording holds. */
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { pcapOf, udpFrame } from '../../engine/pass/test-capture.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';

/** `10.0.0.1:5060` */
export type EndpointText = string;

export interface Datagram {
  /** Seconds after the first frame; packets are written in the order given. */
  readonly seconds: number;
  readonly from: EndpointText;
  readonly to: EndpointText;
  readonly payload: Uint8Array | string;
}

/** A pcap (Ethernet, IPv4, no checksums) of these datagrams. */
export function udpPcap(datagrams: readonly Datagram[]): Uint8Array {
  return pcapOf(
    datagrams.map(({ seconds, from, to, payload }) => ({ at: seconds, bytes: udpFrame(from, to, payload) })),
  );
}

/** Reads a capture that is in memory; dissectors that throw are let through. */
export async function readMemory(bytes: Uint8Array): Promise<Capture> {
  return readCapture(new MemorySource(bytes), { dissectors: builtIns, fence: false });
}
