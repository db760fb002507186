import { describe, expect, it } from 'vitest';
import { Buffer } from 'node:buffer';
import {
  PCAP_FILE_HEADER_BYTES,
  PCAP_RECORD_HEADER_BYTES,
  pcapFileHeader,
  putPcapRecordHeader,
} from './pcap-writer.ts';

describe('pcap writer', () => {
  it('writes the file header of draft-ietf-opsawg-pcap section 4', () => {
    const header = pcapFileHeader(113, 262_144);
    expect(header.length).toBe(PCAP_FILE_HEADER_BYTES);
    // Magic for nanoseconds, version 2.4, two reserved words, snap length, link type; all little-endian.
    expect(Buffer.from(header).toString('hex')).toBe('4d3cb2a10200040000000000000000000000040071000000');
  });

  it('writes a record header where it is told, and nowhere else', () => {
    const bytes = new Uint8Array(4 + PCAP_RECORD_HEADER_BYTES + 4).fill(0xee);
    putPcapRecordHeader(new DataView(bytes.buffer), 4, 0x65531234, 999_999_999, 60, 1514);
    const record = '34125365ffc99a3b3c000000ea050000';
    expect(Buffer.from(bytes).toString('hex')).toBe(`eeeeeeee${record}eeeeeeee`);
  });

  it('keeps a time past 2038', () => {
    const bytes = new Uint8Array(PCAP_RECORD_HEADER_BYTES);
    putPcapRecordHeader(new DataView(bytes.buffer), 0, 4_000_000_000, 0, 0, 0);
    expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(4_000_000_000);
  });
});
