import { describe, expect, test } from 'vitest';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpOpener } from './opener.ts';
import type { SrtpPolicy } from './policy.ts';
import { SrtpReceiver } from './receiver.ts';
import { RolloverSearch } from './rollover-search.ts';
import { SrtcpReceiver } from './rtcp-receiver.ts';
import { SrtpKeys } from './session-keys.ts';
import { isOpened, SrtpStatus } from './status.ts';
import { suiteByName } from './suites.ts';
import { fromHex, policyOf, toHex } from './testing/policies.ts';
import { protectRtcp, protectRtp } from './testing/protect.ts';

const ciphers = new NodeCiphers();
const SUITES = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'AES_192_CM_HMAC_SHA1_80',
  'AEAD_AES_128_GCM',
  'F8_128_HMAC_SHA1_80',
  'NULL_HMAC_SHA1_80',
];

function keysOf(suiteName: string, more: Partial<SrtpPolicy> = {}, seed = 1): SrtpKeys {
  const suite = suiteByName(suiteName);
  if (suite === null) throw new Error(suiteName);
  const masterKey = Uint8Array.from({ length: suite.keyBytes }, (_, i) => seed * 29 + i);
  const masterSalt = Uint8Array.from({ length: suite.saltBytes }, (_, i) => 200 - i);
  return new SrtpKeys(policyOf(suiteName, masterKey, masterSalt, more), ciphers);
}

function rtp(index: number, ssrc = 0xfeedface, payload = 40): Uint8Array {
  const packet = new Uint8Array(12 + payload).map((_, i) => i * 3 + (index & 0xff));
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8008);
  view.setUint16(2, index % 65536);
  view.setUint32(4, (index * 160) >>> 0);
  view.setUint32(8, ssrc);
  return packet;
}

function statuses(receiver: SrtpReceiver, packets: readonly Uint8Array[]): [SrtpStatus, number][] {
  return packets.map((packet) => [receiver.unprotect(packet, 0, packet.length), receiver.index]);
}

describe.each(SUITES)('%s', (suite) => {
  test('is followed over wraps of the sequence number, out of order', () => {
    const keys = keysOf(suite);
    // Around the wrap in disorder; then half a round further, thrice.
    const order = [65530, 65535, 65536, 65534, 65540, 65533, 65531, 98000, 130000, 131072, 131071, 196607, 196608];
    const packets = order.map((index) => protectRtp(keys, rtp(index), index));
    expect(statuses(new SrtpReceiver(keys), packets)).toEqual(order.map((index) => [SrtpStatus.Ok, index]));
  });

  test('replayed packets are told from new ones, and from old ones', () => {
    const keys = keysOf(suite);
    const packet = (index: number) => protectRtp(keys, rtp(index), index);
    const receiver = new SrtpReceiver(keys);
    const order = [100, 101, 100, 103, 101, 102, 5000, 4999, 5000, 905, 904];
    const { Ok, Replayed, Old } = SrtpStatus;
    expect(statuses(receiver, order.map(packet)).map(([status]) => status)).toEqual([
      Ok,
      Ok,
      Replayed,
      Ok,
      Replayed,
      Ok,
      Ok,
      Ok,
      Replayed,
      Ok,
      Old,
    ]);
    expect(receiver.packetsAtLeast).toBe(4901);
  });

  test('another key opens nothing, and does not disturb', () => {
    const keys = keysOf(suite);
    const foreign = keysOf(suite, {}, 2);
    const receiver = new SrtpReceiver(keys);
    const search = new RolloverSearch(keys, [protectRtp(foreign, rtp(7), 7), protectRtp(foreign, rtp(8), 8)]);
    while (!search.step());
    expect(search.roc).toBeNull();
    const packets = [protectRtp(foreign, rtp(1), 1), protectRtp(keys, rtp(2), 2), protectRtp(foreign, rtp(3), 3)];
    expect(statuses(receiver, packets)).toEqual([
      [SrtpStatus.AuthFail, -1],
      [SrtpStatus.Ok, 2],
      [SrtpStatus.AuthFail, -1],
    ]);
  });

  test('the counter is found in the middle of a stream, behind a damaged packet, and then followed', () => {
    const keys = keysOf(suite);
    const first = 12345 * 65536 + 65534;
    const packets = [0, 1, 2, 3, 4].map((step) => protectRtp(keys, rtp(first + step), first + step));
    packets[0][20] ^= 1;
    expect(statuses(new SrtpReceiver(keys), packets).every(([status]) => status === SrtpStatus.AuthFail)).toBe(true);
    const search = new RolloverSearch(keys, packets.slice(0, 3));
    while (!search.step());
    expect(search.roc).toBe(12345);
    const receiver = new SrtpReceiver(keys, search.roc ?? 0);
    expect(statuses(receiver, packets).map(([, index]) => index)).toEqual([
      -1,
      first + 1,
      first + 2,
      first + 3,
      first + 4,
    ]);
    expect(receiver.roc).toBe(12346);
  });

  test('a gap of more than half a round is bridged', () => {
    const keys = keysOf(suite);
    const order = [1000, 1000 + 65536 + 40000, 1000 + 4 * 65536];
    const packets = order.map((index) => protectRtp(keys, rtp(index), index));
    expect(statuses(new SrtpReceiver(keys), packets)).toEqual(order.map((index) => [SrtpStatus.Ok, index]));
  });

  test('senders that share a key are opened in one batch', () => {
    const keys = keysOf(suite);
    const opener = new SrtpOpener(keys);
    const plain = [rtp(5, 1), rtp(5, 2, 0), rtp(70000, 1, 1), rtp(6, 3, 1000)];
    const indices = [5, 5, 70000, 6];
    for (let batch = 0; batch < 2; batch++) {
      plain.forEach((packet, i) => {
        const made = protectRtp(keys, packet, indices[i]);
        expect(opener.queue(made, 0, made.length, indices[i])).toBe(i);
      });
      opener.flush();
      expect(plain.map((_, i) => toHex(opener.plain(i)))).toEqual(plain.map(toHex));
      expect(opener.count).toBe(4);
    }
  });

  test('more packets than a batch of the cipher takes', () => {
    const keys = keysOf(suite);
    const opener = new SrtpOpener(keys);
    const indices = Array.from({ length: 700 }, (_, i) => i);
    const made = indices.map((index) => protectRtp(keys, rtp(index, 9, 100 + (index % 40)), index));
    made.forEach((packet, index) => opener.queue(packet, 0, packet.length, index));
    opener.flush();
    for (const index of indices) expect(toHex(opener.plain(index))).toBe(toHex(rtp(index, 9, 100 + (index % 40))));
  });

  test('a key derivation rate changes the keys at its multiples', () => {
    const keys = keysOf(suite, { keyDerivationRate: 16 });
    const unchanged = keysOf(suite);
    const receiver = new SrtpReceiver(keysOf(suite, { keyDerivationRate: 16 }));
    const opener = new SrtpOpener(keys);
    const indices = [14, 15, 16, 17, 15, 31, 32, 65536];
    for (const index of indices) {
      const made = protectRtp(keys, rtp(index), index);
      // The first stretch has the keys that never change; later ones have others.
      expect(toHex(made) === toHex(protectRtp(unchanged, rtp(index), index))).toBe(index < 16);
      expect(isOpened(receiver.unprotect(made, 0, made.length))).toBe(true);
      expect(receiver.index).toBe(index);
      opener.queue(made, 0, made.length, index);
    }
    opener.flush();
    expect(indices.map((_, i) => toHex(opener.plain(i)))).toEqual(indices.map((index) => toHex(rtp(index))));
  });

  test('the MKI has to be the one of the key', () => {
    const keys = keysOf(suite, { mki: fromHex('0102') });
    const other = keysOf(suite, { mki: fromHex('0103') });
    const made = protectRtp(keys, rtp(3), 3);
    expect(new SrtpReceiver(keys).unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
    expect(new SrtpReceiver(other).unprotect(made, 0, made.length)).toBe(SrtpStatus.BadMki);
    const report = protectRtcp(keys, rtcp(), 9);
    expect(new SrtcpReceiver(keys).unprotect(report, 0, report.length)).toBe(SrtpStatus.Ok);
    expect(new SrtcpReceiver(other).unprotect(report, 0, report.length)).toBe(SrtpStatus.BadMki);
  });

  test('cut anywhere it is refused', () => {
    const keys = keysOf(suite);
    const made = protectRtp(keys, rtp(3), 3);
    const report = protectRtcp(keys, rtcp(), 9);
    for (let length = 0; length < made.length; length++) {
      expect(new SrtpReceiver(keys).unprotect(made, 0, length)).toBeGreaterThanOrEqual(SrtpStatus.AuthFail);
    }
    for (let length = 0; length < report.length; length++) {
      expect(new SrtcpReceiver(keys).unprotect(report, 0, length)).toBeGreaterThanOrEqual(SrtpStatus.AuthFail);
    }
  });

  test('RTCP that is only authenticated', () => {
    const keys = keysOf(suite, { encryptsRtcp: false });
    const made = protectRtcp(keys, rtcp(), 0x7ffffffe);
    expect(toHex(made.subarray(0, 28))).toBe(toHex(rtcp()));
    const receiver = new SrtcpReceiver(keysOf(suite));
    expect(receiver.unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
    expect([receiver.isEncrypted, receiver.index, toHex(receiver.plain)]).toEqual([false, 0x7ffffffe, toHex(rtcp())]);
  });
});

function rtcp(): Uint8Array {
  return fromHex('80c80006feedface0102030405060708090a0b0c0d0e0f1011121314');
}

test('AES-192 is opened by the key derivation of RFC 6188 as well as by that of libsrtp', () => {
  const keys = keysOf('AES_192_CM_HMAC_SHA1_80');
  // Nothing was taken over yet: as RFC 6188 has it. libsrtp's packets are in libsrtp.test.ts.
  const made = protectRtp(keys, rtp(5), 5);
  const receiver = new SrtpReceiver(keysOf('AES_192_CM_HMAC_SHA1_80'));
  expect(receiver.unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
});

test('without authentication nothing is claimed', () => {
  const keys = keysOf('AES_CM_128_HMAC_SHA1_80', { authenticatesRtp: false });
  const receiver = new SrtpReceiver(keys);
  const { Unverified, Replayed } = SrtpStatus;
  const order = [65534, 65535, 65536, 65535];
  const packets = order.map((index) => protectRtp(keys, rtp(index), index));
  expect(packets[0].length).toBe(rtp(0).length);
  expect(statuses(receiver, packets)).toEqual([
    [Unverified, 65534],
    [Unverified, 65535],
    [Unverified, 65536],
    [Replayed, 65535],
  ]);
});

test('RTP that is not encrypted is left as it is, and authenticated', () => {
  const keys = keysOf('AES_CM_128_HMAC_SHA1_32', { encryptsRtp: false });
  const made = protectRtp(keys, rtp(5), 5);
  expect(toHex(made.subarray(0, -4))).toBe(toHex(rtp(5)));
  expect(new SrtpReceiver(keys).unprotect(made, 0, made.length)).toBe(SrtpStatus.Ok);
  made[30] ^= 1;
  expect(new SrtpReceiver(keys).unprotect(made, 0, made.length)).toBe(SrtpStatus.AuthFail);
});

test('with tags of 4 octets one packet alone does not prove a counter', () => {
  const keys = keysOf('AES_CM_128_HMAC_SHA1_32');
  const packets = [0, 1].map((step) => protectRtp(keys, rtp(9 * 65536 + step), 9 * 65536 + step));
  const alone = new RolloverSearch(keys, packets.slice(0, 1));
  while (!alone.step());
  expect(alone.roc).toBeNull();
  const both = new RolloverSearch(keys, packets);
  while (!both.step());
  expect(both.roc).toBe(9);
});

test('what would count as old by its sequence number is taken for the round before', () => {
  const keys = keysOf('AES_CM_128_HMAC_SHA1_80');
  const receiver = new SrtpReceiver(keys, 3);
  const order = [3 * 65536 + 2, 2 * 65536 + 65535, 3 * 65536 + 3];
  expect(
    statuses(
      receiver,
      order.map((index) => protectRtp(keys, rtp(index), index)),
    ),
  ).toEqual(order.map((index) => [SrtpStatus.Ok, index]));
});
