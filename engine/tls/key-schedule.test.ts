import { describe, expect, test } from 'vitest';
import {
  exportKeyingMaterial13,
  hkdfExpandLabel,
  keyBlock,
  nextTrafficSecret,
  prf,
  trafficKeys,
} from './key-schedule.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the pseudorandom functions', () => {
  // Vectors sent to the TLS working group's list (April 2010) for P_SHA256 and P_SHA384.
  test('version 1.2 with SHA-256', () => {
    const secret = octets('9bbe436ba940f017b17652849a71db35');
    const out = prf('sha256', secret, 'test label', octets('a0ba9f936cda311827a6f796ffd5198c'), 100);
    expect(hex(out)).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });

  test('version 1.2 with SHA-384', () => {
    const secret = octets('b80b733d6ceefcdc71566ea48e5567df');
    const out = prf('sha384', secret, 'test label', octets('cd665cf6a8447dd6ff8b27555edb7465'), 148);
    expect(hex(out)).toBe(
      '7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f',
    );
  });

  // openssl kdf -keylen 48 -kdfopt digest:MD5-SHA1 … TLS1-PRF
  test('up to version 1.1, with a secret of an odd number of octets', () => {
    const out = prf('md5-sha1', octets('0102030405060708090a0b'), 'test label', octets('0d0e0f10'), 48);
    expect(hex(out)).toBe(
      '6bc0f4bae786df9530513b339f1b889e89af2c989c2beb577abceec316cf1c3ac0f297e9bf05aab2acc4e189b146c017',
    );
  });

  test('the key block takes the server random first', () => {
    const [client, server] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const secret = new Uint8Array(48).fill(3);
    const seed = new Uint8Array([...server, ...client]);
    expect(keyBlock('sha256', secret, client, server, 40)).toEqual(prf('sha256', secret, 'key expansion', seed, 40));
  });
});

describe('version 1.3', () => {
  // RFC 8448 section 3: the server's handshake traffic secret and its keys.
  const secret = octets('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');

  test('traffic keys', () => {
    const { key, iv } = trafficKeys('sha256', 'tls13 ', secret, 16);
    expect([hex(key), hex(iv)]).toEqual(['3fce516009c21727d0f2e4e86ee403bc', '5d313eb2671276ee13000b30']);
  });

  test('the key of Finished, by the same expansion', () => {
    const finished = hkdfExpandLabel('sha256', 'tls13 ', secret, 'finished', new Uint8Array(0), 32);
    expect(hex(finished)).toBe('008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8');
  });

  test('a key update gives a secret as long, and another', () => {
    const next = nextTrafficSecret('sha256', 'tls13 ', secret);
    expect(next).toHaveLength(32);
    expect(hex(next)).not.toBe(hex(secret));
  });

  // openssl s_client -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen 60 -keylogfile …, AES_256_GCM_SHA384.
  test('exports what openssl exports', () => {
    const exporterSecret = octets(
      '79848882cd24de17f31712de7dc8551ce6a53d2c3b5ec3fb8f9be6b70ec13bcf02508bfdc2ddb6e9e046b542232044a5',
    );
    expect(hex(exportKeyingMaterial13('sha384', 'tls13 ', exporterSecret, 'EXTRACTOR-dtls_srtp', 60))).toBe(
      '25f4109696c42d9aae616bd845927dedec799debd74035430c163a77861725a0a7a5bc18aab9904d3b183141b290e2f5d8c0310ef36da9bc83263714',
    );
  });

  test('DTLS has a prefix of its own', () => {
    const [tls, dtls] = (['tls13 ', 'dtls13'] as const).map((prefix) =>
      exportKeyingMaterial13('sha256', prefix, secret, 'EXTRACTOR-dtls_srtp', 60),
    );
    expect(tls).toHaveLength(60);
    expect(hex(tls)).not.toBe(hex(dtls));
  });
});
