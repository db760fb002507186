/** CRC-32 as FINGERPRINT has it: the polynomial of ITU V.42, reflected (RFC 8489, section 14.7). */

const TABLE = new Int32Array(256).map((_, octet) => {
  let crc = octet;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The CRC-32 of the octets from `from` to `to`, as an unsigned number. */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 0xff];
  return ~crc >>> 0;
}
