/** Builds classic pcap with nanosecond times (magic 0xa1b23c4d, little-endian): headers only, frames as they were. */

export const PCAP_FILE_HEADER_BYTES = 24;
export const PCAP_RECORD_HEADER_BYTES = 16;

/** The file header. `linkType` is a LINKTYPE_ number. */
export function pcapFileHeader(linkType: number, snapLength: number): Uint8Array {
  const bytes = new Uint8Array(PCAP_FILE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b23c4d, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  return bytes;
}

/** Writes a record header at `at` of `into`. */
export function putPcapRecordHeader(
  into: DataView,
  at: number,
  seconds: number,
  nanoseconds: number,
  capturedLength: number,
  wireLength: number,
): void {
  into.setUint32(at, seconds, true);
  into.setUint32(at + 4, nanoseconds, true);
  into.setUint32(at + 8, capturedLength, true);
  into.setUint32(at + 12, wireLength, true);
}
