import type { Dissector } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { type ReadOptions, readCapture } from '../engine.ts';
import { PCAP_RECORD_HEADER_BYTES, pcapFileHeader, putPcapRecordHeader } from '../export/pcap-writer.ts';
import { MemorySource } from '../readers/test-source.ts';
import { parseIPv4 } from '../store/addresses.ts';

/** A hand-made datagram, for tests. Addresses are `10.0.0.1:5060`; `at` in seconds from the capture's start. */
export interface TestDatagram {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly payload: Uint8Array | string;
}

const ETHERNET = 1;
const HEADERS = 14 + 20 + 8;
export const TEST_START_SECONDS = 1_700_000_000;

/** An Ethernet frame with IPv4 and UDP headers; checksums are 0. */
export function udpFrame(from: string, to: string, payload: Uint8Array | string): Uint8Array {
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const frame = new Uint8Array(HEADERS + body.length);
  const view = new DataView(frame.buffer);
  const [source, sourcePort] = from.split(':');
  const [destination, destinationPort] = to.split(':');
  view.setUint16(12, 0x0800);
  view.setUint8(14, 0x45);
  view.setUint16(16, 28 + body.length);
  view.setUint8(22, 64);
  view.setUint8(23, 17);
  view.setUint32(26, parseIPv4(source));
  view.setUint32(30, parseIPv4(destination));
  view.setUint16(34, Number(sourcePort));
  view.setUint16(36, Number(destinationPort));
  view.setUint16(38, 8 + body.length);
  frame.set(body, HEADERS);
  return frame;
}

/** A pcap with nanosecond times of Ethernet frames. */
export function pcapOf(frames: readonly { readonly at: number; readonly bytes: Uint8Array }[]): Uint8Array {
  const header = pcapFileHeader(ETHERNET, 65_535);
  const length = frames.reduce((sum, { bytes }) => sum + PCAP_RECORD_HEADER_BYTES + bytes.length, header.length);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  file.set(header);
  let to = header.length;
  for (const { at, bytes } of frames) {
    const nanoseconds = Math.round(at * 1e9);
    const seconds = TEST_START_SECONDS + Math.floor(nanoseconds / 1e9);
    putPcapRecordHeader(view, to, seconds, nanoseconds % 1e9, bytes.length, bytes.length);
    file.set(bytes, to + PCAP_RECORD_HEADER_BYTES);
    to += PCAP_RECORD_HEADER_BYTES + bytes.length;
  }
  return file;
}

/** Reads datagrams as a capture, from memory. A dissector that throws fails the test. */
export function captureOf(
  datagrams: readonly TestDatagram[],
  dissectors: readonly Dissector[],
  options: Partial<ReadOptions> = {},
): Promise<Capture> {
  const file = pcapOf(datagrams.map(({ at, from, to, payload }) => ({ at, bytes: udpFrame(from, to, payload) })));
  return readCapture(new MemorySource(file), { dissectors, fence: false, ...options });
}

/** An RTP packet: version 2, no extension, no padding. */
export function rtpPacket(fields: {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly marker?: boolean;
  readonly payload?: Uint8Array;
}): Uint8Array {
  const payload = fields.payload ?? new Uint8Array(160).fill(0xd5);
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, fields.payloadType | (fields.marker === true ? 0x80 : 0));
  view.setUint16(2, fields.sequence & 0xffff);
  view.setUint32(4, fields.timestamp >>> 0);
  view.setUint32(8, fields.ssrc >>> 0);
  packet.set(payload, 12);
  return packet;
}
