import { closeSync, openSync, writeSync } from 'node:fs';

/** An IPv4 address as four numbers and a UDP port. */
export interface Endpoint {
  readonly ip: readonly [number, number, number, number];
  readonly port: number;
}

/** One direction between two endpoints: its ready-made headers, of which a frame changes only lengths, time and id. */
export interface Path {
  readonly headers: Buffer;
  /** Sum of the IPv4 header's words without total length, identification and checksum. */
  readonly wordSum: number;
}

const recordHeaderBytes = 16;
const ethernetBytes = 14;
const ipBytes = 20;
const udpBytes = 8;
const headerBytes = recordHeaderBytes + ethernetBytes + ipBytes + udpBytes;
const bufferBytes = 4 * 1024 * 1024;
/** Every generated capture starts here: 2024-03-05 09:00:00 UTC. */
export const epochSeconds = 1_709_629_200;

export function formatIp(endpoint: Endpoint): string {
  return endpoint.ip.join('.');
}

/** Builds the Ethernet, IPv4 and UDP headers from one endpoint to another. The UDP checksum is 0 (RFC 768: not used). */
export function pathBetween(from: Endpoint, to: Endpoint): Path {
  const headers = Buffer.alloc(headerBytes);
  let at = recordHeaderBytes;
  headers.set([0x02, 0x00, ...to.ip, 0x02, 0x00, ...from.ip, 0x08, 0x00], at);
  at += ethernetBytes;
  headers.set([0x45, 0x00, 0, 0, 0, 0, 0x40, 0x00, 64, 17, 0, 0, ...from.ip, ...to.ip], at);
  let wordSum = 0;
  for (let word = 0; word < ipBytes; word += 2) wordSum += headers.readUInt16BE(at + word);
  at += ipBytes;
  headers.writeUInt16BE(from.port, at);
  headers.writeUInt16BE(to.port, at + 2);
  return { headers, wordSum };
}

/** Writes a classic little-endian .pcap (microseconds, Ethernet) through one buffer of a few megabytes. */
export class CaptureWriter {
  /** Where the caller puts a frame's payload, at the offset `begin` returns. */
  readonly buffer = Buffer.allocUnsafe(bufferBytes);
  frames = 0;
  lengthBytes = 24;
  lastTimeMicros = 0;
  #file: number;
  #used = 24;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    this.buffer.writeUInt32LE(0xa1b2c3d4, 0);
    this.buffer.writeUInt16LE(2, 4);
    this.buffer.writeUInt16LE(4, 6);
    this.buffer.fill(0, 8, 16);
    this.buffer.writeUInt32LE(65535, 16);
    this.buffer.writeUInt32LE(1, 20);
  }

  /** Starts a frame and returns where in `buffer` its payload of `payloadBytes` octets goes. Times must not go back. */
  begin(path: Path, timeMicros: number, payloadBytes: number): number {
    const frameBytes = headerBytes - recordHeaderBytes + payloadBytes;
    if (timeMicros < this.lastTimeMicros) throw new Error(`frame ${this.frames + 1} would go back in time`);
    this.lastTimeMicros = timeMicros;
    if (this.#used + recordHeaderBytes + frameBytes > bufferBytes) this.#flush();
    const out = this.buffer;
    let at = this.#used;
    this.#used += recordHeaderBytes + frameBytes;
    this.lengthBytes += recordHeaderBytes + frameBytes;

    path.headers.copy(out, at, 0, headerBytes);
    const seconds = Math.floor(timeMicros / 1_000_000);
    out.writeUInt32LE(epochSeconds + seconds, at);
    out.writeUInt32LE(timeMicros - seconds * 1_000_000, at + 4);
    out.writeUInt32LE(frameBytes, at + 8);
    out.writeUInt32LE(frameBytes, at + 12);

    at += recordHeaderBytes + ethernetBytes;
    const totalBytes = ipBytes + udpBytes + payloadBytes;
    const identification = ++this.frames & 0xffff;
    let sum = path.wordSum + totalBytes + identification;
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    out.writeUInt16BE(totalBytes, at + 2);
    out.writeUInt16BE(identification, at + 4);
    out.writeUInt16BE(~sum & 0xffff, at + 10);

    at += ipBytes;
    out.writeUInt16BE(udpBytes + payloadBytes, at + 4);
    return at + udpBytes;
  }

  /** A frame whose payload is text. */
  writeText(path: Path, timeMicros: number, text: string): void {
    const at = this.begin(path, timeMicros, text.length);
    this.buffer.write(text, at, 'latin1');
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    for (let written = 0; written < this.#used; ) {
      written += writeSync(this.#file, this.buffer, written, this.#used - written);
    }
    this.#used = 0;
  }
}
