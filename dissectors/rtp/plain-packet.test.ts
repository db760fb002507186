import { expect, it } from 'vitest';
import { Verdict } from '../dissector.ts';
import { dissectOnce } from '../testing/fake-context.ts';
import { isPlainPacket, PLAIN_COLUMNS } from './plain-packet.ts';
import { rtp, rtpColumns } from './rtp.ts';

/** A packet with this first and second octet and so much payload. */
function packet(first: number, second: number, payload: number): Uint8Array {
  const bytes = Uint8Array.from({ length: 12 + payload }, (_, i) => 0xa1 + i);
  bytes[0] = first;
  bytes[1] = second;
  return bytes;
}

it('of a plain packet, dissect writes the plain columns and nothing else', () => {
  let plain = 0;
  for (const first of [0x00, 0x40, 0x80, 0x81, 0x90, 0xa0, 0xc0]) {
    for (let second = 0; second < 256; second++) {
      for (const payload of [0, 3, 4, 16, 17, 160]) {
        const bytes = packet(first, second, payload);
        if (!isPlainPacket(bytes, 0, bytes.length)) continue;
        plain++;
        const { verdict, rows } = dissectOnce(rtp, bytes);
        expect(verdict).toBe(Verdict.Ok);
        const others = Object.keys(rtpColumns).filter((name) => !(PLAIN_COLUMNS as readonly string[]).includes(name));
        expect(rows).toMatchObject([
          {
            sequence: 0xa3a4,
            timestamp: 0xa5a6a7a8,
            ssrc: 0xa9aaabac,
            payloadType: second,
            payloadLength: payload,
            ...Object.fromEntries(others.map((name) => [name, 0])),
          },
        ]);
      }
    }
  }
  // Every second octet but those that could be RTCP's, with each payload of which nothing is kept.
  expect(plain).toBe(192 * 4);
});

it('leaves to dissect what is shorter than a header', () => {
  for (let length = 0; length < 12; length++) expect(isPlainPacket(packet(0x80, 0, 0), 0, length)).toBe(false);
});
