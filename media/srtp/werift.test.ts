/** A second implementation as judge: packets of werift-rtp are opened here, and packets made here by werift-rtp. */
import { RtpPacket, SrtcpSession, SrtpSession } from 'werift-rtp';
import { describe, expect, test } from 'vitest';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpOpener } from './opener.ts';
import { SrtpReceiver } from './receiver.ts';
import { SrtcpReceiver } from './rtcp-receiver.ts';
import { SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { suiteByProfile } from './suites.ts';
import { fromHex, policyOf, toHex } from './testing/policies.ts';
import { protectRtcp, protectRtp } from './testing/protect.ts';

describe.each([1, 7])('DTLS-SRTP profile %i', (profile) => {
  const suite = suiteByProfile(profile);
  if (suite === null) throw new Error('no suite');
  const masterKey = Uint8Array.from({ length: suite.keyBytes }, (_, i) => 7 * i);
  const masterSalt = Uint8Array.from({ length: suite.saltBytes }, (_, i) => 90 - i);
  const both = {
    localMasterKey: Buffer.from(masterKey),
    localMasterSalt: Buffer.from(masterSalt),
    remoteMasterKey: Buffer.from(masterKey),
    remoteMasterSalt: Buffer.from(masterSalt),
  };
  const keys = new SrtpKeys(policyOf(suite.name, masterKey, masterSalt), new NodeCiphers());
  const header = (nth: number) =>
    `80${nth === 0 ? '88' : '08'}${(65533 + nth).toString(16).slice(-4)}00000${nth}00cafebabe`;
  const plain = Array.from({ length: 6 }, (_, nth) => fromHex(header(nth) + 'a1b2c3d4e5'.repeat(nth * 7)));

  test('RTP, over a wrap of the sequence number', () => {
    const theirs = new SrtpSession({ keys: both, profile });
    const receiver = new SrtpReceiver(keys);
    const opener = new SrtpOpener(keys);
    plain.forEach((packet, nth) => {
      const parsed = RtpPacket.deSerialize(Buffer.from(packet));
      const made = theirs.encrypt(parsed.payload, parsed.header);
      expect(receiver.unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
      expect(receiver.index).toBe(65533 + nth);
      opener.queue(made, 0, made.length, receiver.index);
    });
    opener.flush();
    expect(plain.map((_, nth) => toHex(opener.plain(nth)))).toEqual(plain.map(toHex));
  });

  test('RTP made here', () => {
    const theirs = new SrtpSession({ keys: both, profile });
    plain.forEach((packet, nth) => {
      expect(toHex(theirs.decrypt(Buffer.from(protectRtp(keys, packet, 65533 + nth))))).toBe(toHex(packet));
    });
  });

  test('RTCP, both ways', () => {
    const report = fromHex('80c80006cafebabe0102030405060708090a0b0c0d0e0f1011121314');
    const made = new SrtcpSession({ keys: both, profile }).encrypt(Buffer.from(report));
    const receiver = new SrtcpReceiver(keys);
    expect(receiver.unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
    expect(toHex(receiver.plain)).toBe(toHex(report));
    const theirs = new SrtcpSession({ keys: both, profile });
    expect(toHex(theirs.decrypt(Buffer.from(protectRtcp(keys, report, 77))))).toBe(toHex(report));
  });
});
