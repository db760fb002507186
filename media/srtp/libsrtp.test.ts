import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpOpener } from './opener.ts';
import { SrtpReceiver } from './receiver.ts';
import { RolloverSearch } from './rollover-search.ts';
import { SrtcpReceiver } from './rtcp-receiver.ts';
import { SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { indexOfPacket, type LibsrtpVectors, policyOfCase } from './testing/libsrtp-vectors.ts';
import { fromHex, toHex } from './testing/policies.ts';
import { protectRtcp, protectRtp } from './testing/protect.ts';

const path = new URL('../../test/captures/srtp-vectors.json', import.meta.url);
const { cases }: LibsrtpVectors = JSON.parse(readFileSync(path, 'utf8'));
const ciphers = new NodeCiphers();

describe.each(cases.map((each) => ({ title: `${each.suite}, ${each.name}`, each })))('$title', ({ each }) => {
  const keys = () => new SrtpKeys(policyOfCase(each), ciphers);
  const packets = each.rtp.map(([, protectedHex]) => fromHex(protectedHex));
  const isVerifiable = policyOfCase(each).suite.rtpTagBytes > 0;

  test('packets of libsrtp are followed and opened', () => {
    const shared = keys();
    const receiver = new SrtpReceiver(shared, each.roc);
    const opener = new SrtpOpener(shared);
    packets.forEach((packet, nth) => {
      // Not at the beginning of the octets, as in a capture.
      const around = new Uint8Array(packet.length + 9);
      around.set(packet, 5);
      const status = receiver.unprotect(around, 5, packet.length);
      expect(status).toBe(isVerifiable ? SrtpStatus.Ok : SrtpStatus.Unverified);
      expect(receiver.index).toBe(indexOfPacket(each, nth));
      expect(opener.queue(around, 5, packet.length, receiver.index)).toBe(nth);
    });
    opener.flush();
    expect(packets.map((_, nth) => toHex(opener.plain(nth)))).toEqual(each.rtp.map(([plain]) => plain));
  });

  // Without a tag there is nothing to notice a change by, nor to find a counter by.
  if (isVerifiable) {
    test('an octet changed anywhere is noticed', () => {
      const shared = keys();
      packets.forEach((packet, nth) => {
        for (let at = 0; at < packet.length; at++) {
          const changed = packet.slice();
          changed[at] ^= 0x10;
          const receiver = new SrtpReceiver(shared, each.roc + (nth > 2 ? 1 : 0));
          expect(receiver.unprotect(changed, 0, changed.length)).toBeGreaterThanOrEqual(SrtpStatus.AuthFail);
          expect(receiver.index).toBe(-1);
        }
      });
    });

    test('the rollover counter is found', () => {
      const shared = keys();
      const search = new RolloverSearch(shared, packets.slice(0, 4));
      while (!search.step());
      expect(search.roc).toBe(each.roc);
      const late = new RolloverSearch(shared, packets.slice(3, 5));
      while (!late.step());
      expect(late.roc).toBe(each.roc + 1);
    });
  }

  test('RTCP packets of libsrtp are opened', () => {
    const receiver = new SrtcpReceiver(keys());
    each.rtcp.forEach(([plain, protectedHex], nth) => {
      const packet = fromHex(protectedHex);
      expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.Ok);
      expect(receiver.index).toBe(nth + 1);
      expect(toHex(receiver.plain)).toBe(plain);
      expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.Replayed);
      packet[9] ^= 1;
      expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.AuthFail);
    });
  });

  test('what is protected here is what libsrtp makes', () => {
    const shared = keys();
    // libsrtp has a key derivation of its own for AES-192, which is taken over from its packets.
    new SrtpReceiver(shared, each.roc).unprotect(packets[0], 0, packets[0].length);
    each.rtp.forEach(([plain, protectedHex], nth) => {
      expect(toHex(protectRtp(shared, fromHex(plain), indexOfPacket(each, nth)))).toBe(protectedHex);
    });
    each.rtcp.forEach(([plain, protectedHex], nth) => {
      expect(toHex(protectRtcp(shared, fromHex(plain), nth + 1))).toBe(protectedHex);
    });
  });
});
