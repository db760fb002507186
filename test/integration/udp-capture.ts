/** Captures made in memory, one UDP datagram a frame, for what no recording holds. */
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
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

const EPOCH_SECONDS = 1_700_000_000;
const HEADERS = 14 + 20 + 8;

/** A pcap (Ethernet, IPv4, no checksums) of these datagrams. */
export function udpPcap(datagrams: readonly Datagram[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([
    header,
    ...datagrams.flatMap(({ seconds, from, to, payload }) => {
      const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
      const head = Buffer.alloc(16 + HEADERS);
      head.writeUInt32LE(EPOCH_SECONDS + Math.floor(seconds), 0);
      head.writeUInt32LE(Math.round((seconds % 1) * 1e6) % 1_000_000, 4);
      head.writeUInt32LE(HEADERS + body.length, 8);
      head.writeUInt32LE(HEADERS + body.length, 12);
      head.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45], 16);
      head.writeUInt16BE(28 + body.length, 32);
      head.set([0x40, 0, 64, 17], 36);
      head.set([...octetsOf(from), ...octetsOf(to)], 42);
      head.writeUInt16BE(portOf(from), 50);
      head.writeUInt16BE(portOf(to), 52);
      head.writeUInt16BE(8 + body.length, 54);
      return [head, body];
    }),
  ]);
}

/** Reads a capture that is in memory; dissectors that throw are let through. */
export async function readMemory(bytes: Uint8Array): Promise<Capture> {
  return readCapture(new MemorySource(bytes), { dissectors: builtIns, fence: false });
}

function octetsOf(endpoint: EndpointText): number[] {
  return endpoint.split(':')[0].split('.').map(Number);
}

function portOf(endpoint: EndpointText): number {
  return Number(endpoint.split(':')[1]);
}
