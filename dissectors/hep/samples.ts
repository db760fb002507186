/** Messages for tests and fuzzing, made by hand after the registry and the structures of capture agents. */

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

type Value = Uint8Array | string;

/** A chunk: vendor, type, and its value's octets. */
export type SampleChunk = readonly [vendor: number, type: number, value: Value];

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function joined(...parts: readonly Value[]): Uint8Array {
  const octets = parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : part));
  const all = new Uint8Array(octets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of octets) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A message of version 3. */
export function hep3(...chunks: readonly SampleChunk[]): Uint8Array {
  const parts = chunks.map(([vendor, type, value]) => {
    const octets = joined(value);
    return joined(u16(vendor), u16(type), u16(octets.length + 6), octets);
  });
  const body = joined(...parts);
  return joined('HEP3', u16(body.length + 6), body);
}

/** The chunks that every agent sends, from 10.0.0.1:5060 to 10.0.0.2:5070 over UDP. */
export function usualChunks(protocolType: number, agent = 2001): SampleChunk[] {
  return [
    [0, 0x01, u8(2)],
    [0, 0x02, u8(17)],
    [0, 0x03, Uint8Array.of(10, 0, 0, 1)],
    [0, 0x04, Uint8Array.of(10, 0, 0, 2)],
    [0, 0x07, u16(5060)],
    [0, 0x08, u16(5070)],
    [0, 0x09, u32(1_700_000_000)],
    [0, 0x0a, u32(250_000)],
    [0, 0x0b, u8(protocolType)],
    [0, 0x0c, u32(agent)],
  ];
}

export const SAMPLE_SIP = 'OPTIONS sip:bob@10.0.0.2 SIP/2.0\r\nCall-ID: c@10.0.0.1\r\nCSeq: 1 OPTIONS\r\n\r\n';
export const SAMPLE_KEY = 'open-sesame';

const IPV6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

export const hepSamples = {
  sip: hep3(...usualChunks(1), [0, 0x0e, SAMPLE_KEY], [0, 0x11, 'c@10.0.0.1'], [0, 0x0f, SAMPLE_SIP]),
  log: hep3(...usualChunks(100), [0, 0x13, 'edge'], [0, 0x11, 'c@10.0.0.1'], [0, 0x0f, 'registered alice']),
  rtcp: hep3(...usualChunks(5), [0, 0x0f, '{"ssrc":1,"report_blocks":[{"fraction_lost":3}]}']),
  /** Every other generic chunk, one that is in no registry, and two of vendors. */
  all: hep3(
    [0, 0x01, u8(10)],
    [0, 0x02, u8(6)],
    [0, 0x05, IPV6],
    [0, 0x06, IPV6],
    [0, 0x0d, u16(30)],
    [0, 0x10, Uint8Array.of(0x78, 0x9c, 3, 0, 0, 0, 0, 1)],
    [0, 0x12, u16(7)],
    [0, 0x14, Uint8Array.of(0, 0, 2, 0, 0, 0, 0x77, 1)],
    [0, 0x15, Uint8Array.of(0, 0, 2, 0, 0, 0, 0x77, 2)],
    [0, 0x16, u16(0x0800)],
    [0, 0x17, u8(0x18)],
    [0, 0x18, u8(0xb8)],
    [0, 0x20, u16(420)],
    [0, 0x21, u16(93)],
    [0, 0x22, 'somewhere'],
    [0, 0x23, u32(12)],
    [0, 0x24, 'call'],
    [0, 0x25, 'a,b'],
    [0, 0x26, 'tag'],
    [0, 0x27, u16(1)],
    [0, 0x28, u16(2)],
    [0, 0x29, 'group'],
    [0, 0x7777, Uint8Array.of(1, 2, 3)],
    [2, 0x01, 'kamailio'],
    [99, 0x05, Uint8Array.of(4)],
  ),
  v1: joined(u8(1), u8(16), u8(2), u8(17), u16(5060), u16(5070), u32(0x0a000001), u32(0x0a000002), SAMPLE_SIP),
  /** Seconds 0x6553f100, microseconds 250000 and agent 7, the lowest octet first. */
  v2: joined(
    Uint8Array.of(2, 16, 2, 17),
    u16(5060),
    u16(5070),
    u32(0x0a000001),
    u32(0x0a000002),
    Uint8Array.of(0x00, 0xf1, 0x53, 0x65, 0x90, 0xd0, 0x03, 0x00, 7, 0, 0, 0),
    SAMPLE_SIP,
  ),
  /** The same, the highest octet first, between addresses of IPv6. */
  v2big: joined(
    Uint8Array.of(2, 40, 10, 17),
    u16(5060),
    u16(5070),
    IPV6,
    IPV6,
    u32(1_700_000_000),
    u32(250_000),
    u16(7),
    u16(0),
    SAMPLE_SIP,
  ),
};
