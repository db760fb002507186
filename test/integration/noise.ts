/** Traffic that is not RTP, some of it close: each kind as the datagrams of a few flows. */
import type { Random } from '../perf/load/random.ts';
import type { Datagram } from './udp-capture.ts';

/** Makes the payload of packet `n` of a flow; `toServer` tells the direction. */
type Protocol = (random: Random, n: number, toServer: boolean) => Uint8Array;

const PACKETS_PER_FLOW = 60;
const FLOWS = 8;

/** Octets at random, of a length that media packets have too. */
const randomOctets: Protocol = (random) => octets(random, random.between(1, 400));

/** Octets at random behind the version bits of RTP: encrypted protocols that set only the first octet. */
const randomBehindVersion: Protocol = (random) => {
  const bytes = octets(random, random.between(12, 400));
  bytes[0] = 0x80 | (bytes[0] & 0x3f);
  return bytes;
};

/** A resolver on a port of its own; a query is sent again with the same number. Only the id changes (RFC 1035). */
const dns: Protocol = (random, n, toServer) => {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt16BE(0x8000 | random.between(0, 0x4000), 0);
  bytes.writeUInt16BE(toServer ? 0x0100 : 0x8180, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(toServer ? 0 : 1, 6);
  bytes.write('\x07example\x03com\x00\x00\x01\x00\x01', 12, 'latin1');
  if (n % 2 === 1) bytes.writeUInt16BE(0x9abc, 0);
  return bytes;
};

/** QUIC (RFC 9000 17): Initial packets, then short headers; the fixed bit may be greased away (RFC 9287). */
const quic: Protocol = (random, n) => {
  const bytes = octets(random, n < 4 ? 1200 : random.between(25, 1200));
  if (n < 4) bytes.set([0xc3, 0, 0, 0, 1, 8], 0);
  else bytes[0] = random.chance(0.5) ? 0x40 | (bytes[0] & 0x3f) : bytes[0] & 0x3f;
  return bytes;
};

const stun: Protocol = (random) => {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16BE(1, 0);
  bytes.writeUInt32BE(0x2112a442, 4);
  Buffer.from(octets(random, 12)).copy(bytes, 8);
  return bytes;
};

/** DTLS 1.2 records with their epoch and sequence number (RFC 6347 4.1). */
const dtls: Protocol = (random, n) => {
  const bytes = Buffer.from(octets(random, 80));
  bytes.set([n < 5 ? 22 : 23, 0xfe, 0xfd, 0, n < 5 ? 0 : 1]);
  bytes.writeUIntBE(n, 5, 6);
  bytes.writeUInt16BE(67, 11);
  return bytes;
};

/** A game: a fixed magic whose first octet has RTP's version bits, a session, then a counter of 32 bits. */
const gameMagicFirst: Protocol = (random, n) => {
  const bytes = Buffer.from(octets(random, 48));
  bytes.writeUInt32BE(0x8b5a_4701, 0);
  bytes.writeUInt32BE(0x0000_0102, 4);
  bytes.writeUInt32BE(0xcafe_0001, 8);
  bytes.writeUInt32BE(n, 12);
  return bytes;
};

/** A game: flags, then a little-endian counter where RTP has its own, and a fixed session where RTP has its SSRC. */
const gameLittleEndian: Protocol = (random, n) => {
  const bytes = Buffer.from(octets(random, 60));
  bytes.set([0x90 & 0x80, 0x21]);
  bytes.writeUInt16LE(n, 2);
  bytes.writeUInt32LE(n * 33, 4);
  bytes.writeUInt32BE(0x1234_5678, 8);
  return bytes;
};

/** A game: a counter of 32 bits from the third octet on, so that RTP's sequence number would stand still. */
const gameWideCounter: Protocol = (random, n) => {
  const bytes = Buffer.from(octets(random, 33));
  bytes.set([0x80, 0x11]);
  bytes.writeUInt32BE(n, 2);
  bytes.writeUInt32BE(0x0bad_cafe, 8);
  return bytes;
};

/** Remote calls whose transaction number has the version bits, sent again and again (RFC 5531 over UDP). */
const remoteCall: Protocol = (random) => {
  const bytes = Buffer.alloc(60);
  bytes.writeUInt32BE(0x80b9_28f7, 0);
  bytes.writeUInt32BE(0, 4);
  bytes.writeUInt32BE(2, 8);
  bytes.writeUInt32BE(random.u32(), 50);
  return bytes;
};

/** A tunnel: a type octet, a reserved word, a receiver index and a counter (as WireGuard's, little-endian). */
const tunnel: Protocol = (random, n) => {
  const bytes = Buffer.from(octets(random, 160));
  bytes.set([4, 0, 0, 0]);
  bytes.writeUInt32LE(0x7766_5544, 4);
  bytes.writeUInt32LE(n, 8);
  return bytes;
};

export const NOISE: Readonly<Record<string, Protocol>> = {
  randomOctets,
  randomBehindVersion,
  dns,
  quic,
  stun,
  dtls,
  gameMagicFirst,
  gameLittleEndian,
  gameWideCounter,
  remoteCall,
  tunnel,
};

/** A few flows of a protocol, both directions, 20 ms apart like speech. */
export function noise(protocol: Protocol, random: Random): Datagram[] {
  const datagrams: Datagram[] = [];
  for (let flow = 0; flow < FLOWS; flow++) {
    const client = `192.0.2.${flow + 1}:${random.between(1024, 65_536)}`;
    const server = `198.51.100.1:${random.between(20_000, 30_000)}`;
    for (let n = 0; n < PACKETS_PER_FLOW; n++) {
      for (const toServer of [true, false]) {
        const [from, to] = toServer ? [client, server] : [server, client];
        datagrams.push({ seconds: flow * 2 + n * 0.02, from, to, payload: protocol(random, n, toServer) });
      }
    }
  }
  return datagrams;
}

/** RTP of one source as a phone sends it, PCMU, from any start; some packets lost and some twice. */
export function speech(random: Random, packets: number): Datagram[] {
  const sequence = random.between(0, 65_536);
  const timestamp = random.u32();
  const ssrc = random.u32();
  const datagrams: Datagram[] = [];
  for (let n = 0; n < packets; n++) {
    if (random.chance(0.03) && n > 4) continue;
    const payload = Buffer.from(octets(random, 172));
    payload.set([0x80, n === 0 ? 0x80 : 0]);
    payload.writeUInt16BE((sequence + n) & 0xffff, 2);
    payload.writeUInt32BE((timestamp + n * 160) >>> 0, 4);
    payload.writeUInt32BE(ssrc, 8);
    const datagram = { seconds: n * 0.02, from: '192.0.2.1:40000', to: '198.51.100.1:50000', payload };
    datagrams.push(datagram);
    if (random.chance(0.02)) datagrams.push(datagram);
  }
  return datagrams;
}

function octets(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.between(0, 256));
}
