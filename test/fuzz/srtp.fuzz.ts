/** Damaged SRTP and SRTCP packets, packets that lie about their header, and whatever else comes. */
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpOpener } from '../../media/srtp/opener.ts';
import type { SrtpPolicy } from '../../media/srtp/policy.ts';
import { SrtpReceiver } from '../../media/srtp/receiver.ts';
import { RolloverSearch } from '../../media/srtp/rollover-search.ts';
import { SrtcpReceiver } from '../../media/srtp/rtcp-receiver.ts';
import { SrtpKeys } from '../../media/srtp/session-keys.ts';
import { isOpened, SrtpStatus } from '../../media/srtp/status.ts';
import { SUITES } from '../../media/srtp/suites.ts';
import { protectRtcp, protectRtp } from '../../media/srtp/testing/protect.ts';

const ciphers = new NodeCiphers();
const MOST_PACKETS = 8;

/**
 * Gives `inputs` packets to receivers and openers of random policies; `random` gives 0 ≤ x < 1. Throws where one throws,
 * where a sound packet is not opened to what it was, or a damaged one is called authentic.
 */
export function fuzzSrtp(random: () => number, inputs: number): void {
  for (let done = 0; done < inputs; done += MOST_PACKETS) {
    const keys = new SrtpKeys(policy(random), ciphers);
    fuzzRtp(keys, random);
    fuzzRtcp(keys, random);
  }
}

function fuzzRtp(keys: SrtpKeys, random: () => number): void {
  const whole = (below: number) => Math.floor(random() * below);
  const isVerified =
    keys.policy.suite.rtpTagBytes > 0 && (keys.policy.authenticatesRtp || keys.policy.suite.cipher === 'aes-gcm');
  const first = whole(3 * 65536);
  const receiver = new SrtpReceiver(keys, Math.floor(first / 65536));
  const opener = new SrtpOpener(keys);
  const expected: { ticket: number; plain: Uint8Array }[] = [];
  const kept: Uint8Array[] = [];
  for (let nth = 0; nth < MOST_PACKETS; nth++) {
    const plain = rtpPacket(first + nth, random);
    const sound = protectRtp(keys, plain, first + nth);
    const isDamaged = random() < 0.5;
    const packet = isDamaged ? damaged(sound, random) : sound;
    const status = receiver.unprotect(packet, 0, packet.length);
    const ticket = opener.queue(packet, 0, packet.length, isOpened(status) ? receiver.index : whole(2 ** 48));
    kept.push(packet);
    if (!isVerified) continue;
    if (isDamaged && isOpened(status)) throw new Error(`damaged and authentic: ${hex(packet)}`);
    if (isDamaged) continue;
    if (status !== SrtpStatus.Ok) throw new Error(`sound and refused (${status}): ${hex(packet)}`);
    expected.push({ ticket, plain });
  }
  opener.flush();
  for (const { ticket, plain } of expected) {
    if (hex(opener.plain(ticket)) !== hex(plain)) throw new Error(`not what it was: ${hex(plain)}`);
  }
  new RolloverSearch(keys, kept).step(64);
}

function fuzzRtcp(keys: SrtpKeys, random: () => number): void {
  const receiver = new SrtcpReceiver(keys);
  const plain = Uint8Array.from({ length: 8 + 4 * Math.floor(random() * 20) }, () => Math.floor(random() * 256));
  plain.set([0x80 | (plain[0] & 0x3f), 200]);
  const sound = protectRtcp(keys, plain, Math.floor(random() * 2 ** 31));
  const bad = damaged(sound, random);
  if (receiver.unprotect(bad, 0, bad.length) <= SrtpStatus.Old && keys.policy.suite.rtcpTagBytes > 0) {
    throw new Error(`damaged and authentic: ${hex(bad)}`);
  }
  receiver.unprotect(sound, 0, sound.length);
  if (hex(receiver.plain) !== hex(plain)) throw new Error(`not what it was: ${hex(plain)}`);
}

function policy(random: () => number): SrtpPolicy {
  const whole = (below: number) => Math.floor(random() * below);
  const octets = (length: number) => Uint8Array.from({ length }, () => whole(256));
  const suite = SUITES[whole(SUITES.length)];
  return {
    suite,
    // Keys that people enter may be of any length.
    masterKey: octets(random() < 0.9 ? suite.keyBytes : whole(50)),
    masterSalt: octets(random() < 0.9 ? suite.saltBytes : whole(20)),
    mki: octets(random() < 0.3 ? whole(8) : 0),
    keyDerivationRate: random() < 0.2 ? 2 ** whole(25) : 0,
    encryptsRtp: random() < 0.9,
    encryptsRtcp: random() < 0.9,
    authenticatesRtp: random() < 0.9,
    encryptedExtensions: random() < 0.4 ? [1, 2, whole(256)] : [],
  };
}

/** An RTP packet, now and then with a header extension whose elements lie about their length. */
function rtpPacket(index: number, random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  const sources = random() < 0.2 ? whole(16) : 0;
  const words = random() < 0.4 ? whole(8) : -1;
  const header = 12 + 4 * sources + (words < 0 ? 0 : 4 + 4 * words);
  const packet = Uint8Array.from({ length: header + whole(random() < 0.02 ? 5000 : 200) }, () => whole(256));
  packet.set([0x80 | sources | (words < 0 ? 0 : 0x10), whole(128), (index >> 8) & 0xff, index & 0xff]);
  if (words >= 0) packet.set([...(random() < 0.5 ? [0xbe, 0xde] : [0x10, whole(16)]), 0, words], 12 + 4 * sources);
  return packet;
}

/** Differs from the packet: octets changed, or cut, or longer. */
function damaged(sound: Uint8Array, random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  const way = random();
  if (way < 0.3) return sound.slice(0, whole(sound.length));
  const bytes = way < 0.4 ? Uint8Array.from([...sound, whole(256)]) : sound.slice();
  if (way >= 0.4) bytes[whole(random() < 0.5 ? Math.min(16, bytes.length) : bytes.length)] ^= 1 << whole(8);
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
