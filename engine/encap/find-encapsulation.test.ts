import { describe, expect, it } from 'vitest';
import { rtpPacket, udpFrame } from '../pass/test-capture.ts';
import { findEncapsulation } from './find-encapsulation.ts';
import type { PayloadSample } from './payload-samples.ts';

const PACKETS = 8;

/** Octets of a generator with a seed: the same each time. */
function noise(length: number, seed: number): Uint8Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function samples(make: (i: number) => Uint8Array): PayloadSample[] {
  return Array.from({ length: PACKETS }, (_, i) => {
    const payload = make(i);
    const bytes = payload.slice(0, 192);
    return { bytes, captured: bytes.length, sent: payload.length };
  });
}

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const audio = (i: number, more: Partial<Parameters<typeof rtpPacket>[0]> = {}): Uint8Array =>
  rtpPacket({ ssrc: 0x8369a845, sequence: 65_533 + i, timestamp: 160 * i, payloadType: 8, ...more });

/** An IPv4 packet with a right header checksum: what `udpFrame` makes behind its Ethernet header. */
function ipv4(payload: Uint8Array): Uint8Array {
  const packet = udpFrame('10.0.0.1:4000', '10.0.0.2:4002', payload).slice(14);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += (packet[at] << 8) | packet[at + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  packet.set([(~sum >>> 8) & 255, ~sum & 255], 10);
  return packet;
}

describe('found', () => {
  it.each([1, 4, 12, 57, 128])('RTP behind %i octets of noise', (skip) => {
    const found = findEncapsulation(samples((i) => joined(noise(skip, i + 1), audio(i))));
    expect(found).toMatchObject({ skipBytes: skip, as: 'rtp', agreed: PACKETS });
    expect(found?.evidence).toContain('0x8369a845');
    expect(found?.headerSample.startsWith(Buffer.from(noise(skip, 1)).toString('hex'))).toBe(true);
  });

  it('video: packets of a frame have one timestamp, and its last the marker', () => {
    const video = (i: number): Uint8Array =>
      audio(i, { payloadType: 96, timestamp: 3000 * Math.floor(i / 3), marker: i % 3 === 2 });
    expect(findEncapsulation(samples((i) => joined(noise(8, i), video(i))))).toMatchObject({ skipBytes: 8, as: 'rtp' });
  });

  it.each([
    ['', new Uint8Array(0)],
    [', with a trailer', noise(16, 9)],
  ])('IPv4 behind a counter%s', (_, trailer) => {
    const found = findEncapsulation(
      samples((i) => joined(Uint8Array.of(0xa5, 1, 0, i), ipv4(noise(20 + 7 * i, i)), trailer)),
    );
    expect(found).toMatchObject({ skipBytes: 4, as: 'ip', agreed: PACKETS });
  });

  it('a UDP header, where what is behind it is known', () => {
    const datagram = (i: number): Uint8Array => udpFrame('10.0.0.1:4000', '10.0.0.2:4002', audio(i)).slice(34);
    expect(findEncapsulation(samples((i) => joined(noise(6, i), datagram(i))))).toMatchObject({
      skipBytes: 6,
      as: 'udp',
    });
  });

  it('STUN by its cookie, with media among it', () => {
    const stun = (i: number): Uint8Array => joined(Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42), noise(12, i));
    const mixed = samples((i) => joined(noise(10, i), i < 5 ? stun(i) : audio(i)));
    expect(findEncapsulation(mixed)).toMatchObject({ skipBytes: 10, as: 'payload', agreed: PACKETS });
  });

  it('what one packet in eight is not', () => {
    const most = samples((i) => (i === 3 ? noise(30, i) : joined(noise(12, i), audio(i))));
    expect(findEncapsulation(most)).toMatchObject({ skipBytes: 12, as: 'rtp', agreed: 7 });
  });
});

describe('not found', () => {
  it('in RTP as it stands', () => {
    expect(findEncapsulation(samples((i) => audio(i)))).toBeNull();
  });

  it('in noise, whatever the seed', () => {
    for (let seed = 0; seed < 3000; seed++) {
      expect(findEncapsulation(samples((i) => noise(60 + ((seed + i) % 140), seed * PACKETS + i)))).toBeNull();
    }
  });

  it.each<[string, (i: number) => Uint8Array]>([
    ['a wrong checksum', (i) => joined(noise(4, i), ipv4(noise(40, i)).fill(i, 10, 12))],
    // A length that fits in a payload of one size, as protocols of their own have.
    ['a length of its own', (i) => joined(Uint8Array.of(7, 0, 9, 9, 8, 8, 0, 62), noise(56, i))],
    ['counters without an SSRC', (i) => Uint8Array.of(1, 2, 0x80, 96, 0, i, 0, 0, 0, i, 0, 0, 0, 1, ...noise(40, i))],
    ['a timestamp that stands', (i) => joined(noise(8, i), audio(i, { timestamp: 160 }))],
    ['a sequence that stands', (i) => joined(noise(8, i), audio(i, { sequence: 7 }))],
    ['a timestamp that jumps', (i) => joined(noise(8, i), audio(i, { timestamp: 160 * i * i * i }))],
    ['several SSRCs', (i) => joined(noise(8, i), audio(i, { ssrc: 0x8369a845 + (i % 2) }))],
    ['payload types nobody has', (i) => joined(noise(8, i), audio(i, { payloadType: 40 }))],
    ['the same octets each time', () => noise(100, 5)],
    ['zeros', () => new Uint8Array(100)],
    ['nothing', () => new Uint8Array(0)],
  ])('%s', (_, make) => {
    expect(findEncapsulation(samples(make))).toBeNull();
  });

  it('in a few packets', () => {
    expect(findEncapsulation(samples((i) => joined(noise(12, i), audio(i))).slice(0, 3))).toBeNull();
  });
});
