/** Ogg (RFC 3533), as much as a decoder wants: one stream, a packet in every page. */

const MOST_SEGMENTS = 255;
const PAGE_HEADER = 27;
const FIRST_PAGE = 2;
const LAST_PAGE = 4;

/**
 * A file of `headers` (packets that make no sound) and `packets`, each of `samples` samples. Packets beyond 65,024 octets, which a page
 * cannot hold, are left empty.
 */
export function oggFile(headers: readonly Uint8Array[], packets: readonly Uint8Array[], samples: number): Uint8Array {
  const all = [...headers, ...packets].map((packet) =>
    packet.length < MOST_SEGMENTS * 255 ? packet : new Uint8Array(0),
  );
  const file = new Uint8Array(all.reduce((sum, { length }) => sum + PAGE_HEADER + segmentsOf(length) + length, 0));
  const view = new DataView(file.buffer);
  let at = 0;
  for (const [i, packet] of all.entries()) {
    const segments = segmentsOf(packet.length);
    const end = at + PAGE_HEADER + segments + packet.length;
    file.set(CAPTURE_PATTERN, at);
    file[at + 5] = (i === 0 ? FIRST_PAGE : 0) | (i === all.length - 1 ? LAST_PAGE : 0);
    view.setBigUint64(at + 6, BigInt(Math.max(0, i + 1 - headers.length) * samples), true);
    view.setUint32(at + 14, 1, true);
    view.setUint32(at + 18, i, true);
    file[at + 26] = segments;
    file.fill(255, at + PAGE_HEADER, at + PAGE_HEADER + segments - 1);
    file[at + PAGE_HEADER + segments - 1] = packet.length % 255;
    file.set(packet, at + PAGE_HEADER + segments);
    view.setUint32(at + 22, checksum(file, at, end), true);
    at = end;
  }
  return file;
}

const CAPTURE_PATTERN = Uint8Array.of(0x4f, 0x67, 0x67, 0x53, 0);

function segmentsOf(length: number): number {
  return Math.floor(length / 255) + 1;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet << 24;
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value;
});

/** Of a page whose own checksum is 0: CRC-32 without reflection, from 0 on. */
function checksum(bytes: Uint8Array, at: number, end: number): number {
  let crc = 0;
  for (let i = at; i < end; i++) crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ bytes[i]];
  return crc >>> 0;
}
