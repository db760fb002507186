/** Opus packets as a file that other decoders read: Ogg (RFC 3533, RFC 7845), a page for every packet. */

const SERIAL = 1;
const FIRST_PAGE = 2;
const LAST_PAGE = 4;
const SAMPLES = 960;

/** Packets of 20 ms and two channels; nothing is left out at the beginning. */
export function oggOpus(packets: readonly Buffer[]): Buffer {
  const head = Buffer.from('4f70757348656164 01 02 0000 80bb0000 0000 00'.replaceAll(' ', ''), 'hex');
  const tags = Buffer.from('4f70757354616773 00000000 00000000'.replaceAll(' ', ''), 'hex');
  const pages = [page(head, 0, FIRST_PAGE, 0), page(tags, 1, 0, 0)];
  for (const [i, packet] of packets.entries()) {
    pages.push(page(packet, i + 2, i + 1 === packets.length ? LAST_PAGE : 0, (i + 1) * SAMPLES));
  }
  return Buffer.concat(pages);
}

function page(packet: Buffer, number: number, flags: number, granule: number): Buffer {
  const laces = Math.floor(packet.length / 255) + 1;
  const header = Buffer.alloc(27 + laces, 255);
  header.write('OggS', 0, 'latin1');
  header[4] = 0;
  header[5] = flags;
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(SERIAL, 14);
  header.writeUInt32LE(number, 18);
  header.writeUInt32LE(0, 22);
  header[26] = laces;
  header[26 + laces] = packet.length % 255;
  const whole = Buffer.concat([header, packet]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

/** CRC-32 with the polynomial 0x04c11db7, high bit first, without inversion. */
function checksum(octets: Buffer): number {
  let crc = 0;
  for (const octet of octets) {
    crc ^= octet << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
