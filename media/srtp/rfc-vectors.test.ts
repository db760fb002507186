import { describe, expect, test } from 'vitest';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { F8Keystream } from './f8-keystream.ts';
import { Ghash } from './ghash.ts';
import { CounterKeystream } from './keystream.ts';
import { SrtpOpener } from './opener.ts';
import type { SrtpPolicy } from './policy.ts';
import { SrtpReceiver } from './receiver.ts';
import { SrtcpReceiver } from './rtcp-receiver.ts';
import { deriveBytes, masterSecret, type SessionKeys, SrtpKeys } from './session-keys.ts';
import { SrtpStatus } from './status.ts';
import { fromHex, policyOf, toHex } from './testing/policies.ts';
import { rtpVector } from './vectors.ts';

const ciphers = new NodeCiphers();
const NONE = new Uint8Array(0);

/** Session keys as a specification gives them, for vectors that leave key derivation out. */
class GivenKeys extends SrtpKeys {
  private readonly given: SessionKeys;

  constructor(policy: SrtpPolicy, cipherKey: Uint8Array, salt: Uint8Array) {
    super(policy, ciphers);
    const padded = new DataView(new ArrayBuffer(16));
    salt.forEach((octet, i) => padded.setUint8(i, octet));
    this.given = {
      cipherKey,
      salt,
      saltWords: Int32Array.from([0, 4, 8, 12], (at) => padded.getInt32(at)),
      hmac: null,
      ghash:
        policy.suite.cipher === 'aes-gcm' ? new Ghash(ciphers.aesBlocks(cipherKey, new Uint8Array(16)).slice()) : null,
      headerKey: null,
      headerSalt: null,
      headerSaltWords: new Int32Array(4),
    };
  }

  override rtp(): SessionKeys {
    return this.given;
  }

  override rtcp(): SessionKeys {
    return this.given;
  }
}

function opened(keys: SrtpKeys, packet: Uint8Array, index: number): string {
  const opener = new SrtpOpener(keys);
  const ticket = opener.queue(packet, 0, packet.length, index);
  opener.flush();
  return toHex(opener.plain(ticket));
}

describe('AES-CM', () => {
  // RFC 3711 appendix B.2; RFC 6188 sections 7.1 and 7.2.
  test.each([
    [
      '2b7e151628aed2a6abf7158809cf4f3c',
      'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
    ],
    [
      'eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7',
      '35096cba4610028dc1b57503804ce37c5de986291dcce161d5165ec4568f5c9a474a40c77894bc17180202272a4c264d',
    ],
    [
      '57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98',
      '92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac63c4868b7096d88421b563b8c94c9a31',
    ],
  ])('key stream of %s', (key, keystream) => {
    const salt = Int32Array.of(0xf0f1f2f3, 0xf4f5f6f7, 0xf8f9fafb, 0xfcfd0000);
    const vector = new Int32Array(4);
    rtpVector(vector, 'aes-cm', salt, new Uint8Array(12), 0, 0);
    const stream = new CounterKeystream(ciphers);
    stream.add(vector[0], vector[1], vector[2], vector[3], 3);
    expect(toHex(stream.run(fromHex(key)))).toBe(keystream);
  });

  test('the counter passes from octet to octet', () => {
    const stream = new CounterKeystream(ciphers);
    stream.add(0xf0f1f2f3 | 0, 0xf4f5f6f7 | 0, 0xf8f9fafb | 0, 0xfcfdfeff | 0, 3);
    const keystream =
      'ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44';
    expect(toHex(stream.run(fromHex('2b7e151628aed2a6abf7158809cf4f3c')))).toBe(keystream);
  });
});

describe('key derivation', () => {
  // RFC 3711 appendix B.3; RFC 6188 sections 7.3 and 7.4.
  test.each([
    [
      'AES_CM_128_HMAC_SHA1_80',
      'e1f97a0d3e018be0d64fa32c06de4139',
      '0ec675ad498afeebb6960b3aabe6',
      'c61e7a93744f39ee10734afe3ff7a087',
      '30cbbc08863d8c85d49db34a9ae1',
      'cebe321f6ff7716b6fd4ab49af256a156d38baa4',
    ],
    [
      'AES_192_CM_HMAC_SHA1_80',
      '73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1',
      'c8522f3acd4ce86d5add78edbb11',
      '31874736a8f1143870c26e4857d8a5b2c4a354407faadabb',
      '2372b82d639b6d8503a47adc0a6c',
      '355b10973cd95b9eacf4061c7e1a7151e7cfbfcb',
    ],
    [
      'AES_256_CM_HMAC_SHA1_80',
      'f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6',
      '3b04803de51ee7c96423ab5b78d2',
      '5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4',
      'fa31791685ca444a9e07c6c64e93',
      'fd9c32d39ed5fbb5a9dc96b30818454d1313dc05',
    ],
  ])('%s', (suite, masterKey, masterSalt, cipherKey, salt, authentication) => {
    const policy = policyOf(suite, fromHex(masterKey), fromHex(masterSalt));
    const keys = new SrtpKeys(policy, ciphers).rtp(0);
    expect(toHex(keys.cipherKey)).toBe(cipherKey);
    expect(toHex(keys.salt)).toBe(salt);
    expect(toHex(deriveBytes(masterSecret(policy), ciphers, 1, 0, 20))).toBe(authentication);
  });
});

test('RFC 3711 appendix B.1: AES-f8', () => {
  const policy = policyOf('F8_128_HMAC_SHA1_80', NONE, NONE, { authenticatesRtp: false });
  const keys = new GivenKeys(policy, fromHex('234829008467be186c3de14aae72d62c'), fromHex('32f2870d'));
  const header = '806e5cba50681de55c621599';
  const packet = fromHex(`${header}019ce7a26e7854014a6366aa95d4eefd1ad4172a14f9faf455b7f1d4b62bd08f562c0eef7c4802`);
  const plain = `${header}70736575646f72616e646f6d6e65737320697320746865206e6578742062657374207468696e67`;
  expect(opened(keys, packet, 0xd462564a * 65536 + 0x5cba)).toBe(plain);
});

test('f8 of packets side by side is that of each alone', () => {
  const key = fromHex('234829008467be186c3de14aae72d62c');
  const together = new F8Keystream(ciphers, fromHex('32f2870d'));
  const alone = new F8Keystream(ciphers, fromHex('32f2870d'));
  const lengths = [3, 1, 0, 7];
  lengths.forEach((blocks, i) => together.add(i, 2 * i, 3, 4, blocks));
  const parts = lengths.map((blocks, i) => {
    alone.add(i, 2 * i, 3, 4, blocks);
    return toHex(alone.run(key));
  });
  expect(toHex(together.run(key))).toBe(parts.join(''));
});

describe('RFC 7714', () => {
  const key128 = '000102030405060708090a0b0c0d0e0f';
  const key256 = `${key128}101112131415161718191a1b1c1d1e1f`;
  const salt = fromHex('517569642070726f2071756f');
  const header = '8040f17b8041f8d35501a0b2';
  const plain = `${header}47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573`;
  const rtcpPlain =
    '81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef';
  const given = (key: string, more?: Partial<SrtpPolicy>) =>
    new GivenKeys(
      policyOf(key === key128 ? 'AEAD_AES_128_GCM' : 'AEAD_AES_256_GCM', NONE, NONE, more),
      fromHex(key),
      salt,
    );

  test.each([
    [
      '16.1.1',
      key128,
      `${header}f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce`,
    ],
    [
      '16.2.1',
      key256,
      `${header}32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13`,
    ],
  ])('section %s: SRTP', (_, key, srtp) => {
    const keys = given(key);
    const receiver = new SrtpReceiver(keys);
    const packet = fromHex(srtp);
    expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.Ok);
    expect(receiver.index).toBe(0xf17b);
    expect(opened(keys, packet, receiver.index)).toBe(plain);
    packet[20] ^= 1;
    expect(new SrtpReceiver(keys).unprotect(packet, 0, packet.length)).toBe(SrtpStatus.AuthFail);
  });

  test.each([
    ['16.1.3', key128, '22493f82d2bce397e9d79e3b19aa4216'],
    ['16.2.3', key256, 'a866d5910f887463067ceefec45215d4'],
  ])('section %s: SRTP authenticated only', (_, key, tag) => {
    const keys = given(key, { encryptsRtp: false });
    const packet = fromHex(plain + tag);
    const receiver = new SrtpReceiver(keys);
    expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.Ok);
    expect(opened(keys, packet, receiver.index)).toBe(plain);
  });

  test.each([
    [
      '17.1',
      key128,
      '81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4',
      true,
    ],
    [
      '17.2',
      key256,
      '81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4',
      true,
    ],
    ['17.3', key128, `${rtcpPlain}841dd9683dd78ec92ae58790125f62b3000005d4`, false],
    ['17.4', key256, `${rtcpPlain}91db4afbfeee5a978fab4393ed2615fe000005d4`, false],
  ])('section %s: SRTCP', (_, key, srtcp, isEncrypted) => {
    const receiver = new SrtcpReceiver(given(key));
    const packet = fromHex(srtcp);
    expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.Ok);
    expect(receiver.index).toBe(0x5d4);
    expect(receiver.isEncrypted).toBe(isEncrypted);
    expect(toHex(receiver.plain)).toBe(rtcpPlain);
    packet[packet.length - 1] ^= 1;
    expect(receiver.unprotect(packet, 0, packet.length)).toBe(SrtpStatus.AuthFail);
  });
});

test('RFC 6904 appendix A: header extension elements', () => {
  const policy = policyOf(
    'AES_CM_128_HMAC_SHA1_80',
    fromHex('e1f97a0d3e018be0d64fa32c06de4139'),
    fromHex('0ec675ad498afeebb6960b3aabe6'),
    { encryptedExtensions: [1, 3, 4], authenticatesRtp: false },
  );
  const keys = new SrtpKeys(policy, ciphers);
  expect(toHex(keys.rtp(0).headerKey ?? NONE)).toBe('549752054d6fb708622c4a2e596a1b93');
  expect(toHex(keys.rtp(0).headerSalt ?? NONE)).toBe('ab01818174c40d39a3781f7c2d27');
  const header = '900f123400000000cafebabe bede0006'.replace(' ', '');
  const packet = fromHex(`${header}17588a9270f4e15e1c220000c8309546a994f0bc54789700`);
  expect(opened(keys, packet, 0x1234)).toBe(`${header}17414273a475262748220000c8308e4655996386b395fb00`);
});
