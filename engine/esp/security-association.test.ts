import { describe, expect, it } from 'vitest';
import { parseEspSa } from './security-association.ts';

const KEY = '00112233445566778899aabbccddeeff';

describe('an ESP SA', () => {
  it('is written in short', () => {
    expect(parseEspSa(`10.0.0.1,*,0x1000=AES-CBC:0x${KEY},hmac-sha1-96:0102`)).toMatchObject({
      source: Uint8Array.of(10, 0, 0, 1),
      destination: null,
      spi: 0x1000,
      cipher: { name: 'aes-cbc' },
      key: { length: 16 },
      authentication: { name: 'hmac-sha1-96' },
      authenticationKey: Uint8Array.of(1, 2),
      sequenceHigh: 0,
    });
    expect(parseEspSa(`*=aes-gcm:${KEY}01020304`)).toMatchObject({
      spi: null,
      key: { length: 16 },
      salt: Uint8Array.of(1, 2, 3, 4),
      authentication: { icvBytes: 0 },
    });
    expect(parseEspSa('4096=null')).toMatchObject({ spi: 4096, cipher: { kind: 'null' } });
    expect(parseEspSa(`fd00::1,fd00::2,0x1=3des_cbc:${KEY}0011223344556677,unchecked-96`)).toMatchObject({
      source: { length: 16 },
      cipher: { name: '3des-cbc' },
      authentication: { hash: '', icvBytes: 12 },
    });
  });

  it.each([
    ['AES-CBC [RFC3602]', KEY, 'HMAC-SHA-1-96 [RFC2404]', 'aes-cbc', 'hmac-sha1-96'],
    ['TripleDES-CBC [RFC2451]', `${KEY}0011223344556677`, 'HMAC-MD5-96 [RFC2403]', '3des-cbc', 'hmac-md5-96'],
    ['AES-CTR [RFC3686]', `${KEY}00000000`, 'HMAC-SHA-256-128 [RFC4868]', 'aes-ctr', 'hmac-sha256-128'],
    ['AES-GCM [RFC4106]', `${KEY}00000000`, 'NULL', 'aes-gcm', 'null'],
    ['AES-GCM with 16 octet ICV [RFC4106]', `${KEY}00000000`, 'NULL', 'aes-gcm', 'null'],
    ['AES-GCM with 8 octet ICV [RFC4106]', `${KEY}00000000`, 'NULL', 'aes-gcm-8', 'null'],
    ['ChaCha20 with Poly1305 [RFC7634]', `${KEY}${KEY}00000000`, 'NULL', 'chacha20-poly1305', 'null'],
    ['NULL', '', 'HMAC-SHA-512-256 [RFC4868]', 'null', 'hmac-sha512-256'],
    ['NULL', '', 'HMAC-SHA-384-192 [RFC4868]', 'null', 'hmac-sha384-192'],
    ['AES-CBC [RFC3602]', KEY, 'ANY 96 bit authentication [no checking]', 'aes-cbc', 'unchecked-96'],
  ])("is a line of Wireshark's: %s, %s %s", (encryption, key, check, cipher, authentication) => {
    const line = `"IPv4","192.0.2.1","*","0xdeadbeef","${encryption}","0x${key}","${check}","0x0102"`;
    const expected = { spi: 0xdeadbeef, cipher: { name: cipher }, authentication: { name: authentication } };
    expect(parseEspSa(line)).toMatchObject(expected);
    expect(parseEspSa(`${line},"64-bit","0x00000003"`)).toMatchObject({ ...expected, sequenceHigh: 3 });
  });

  it.each([
    ['', /is written as/],
    [`x=aes-cbc:${KEY}`, /SPI/],
    [`0=aes-cbc:${KEY}`, /SPI/],
    [`0x1=blowfish:${KEY}`, /cipher of an ESP SA is one of/],
    [`0x1=aes-cbc:${KEY},crc32:00`, /authentication of an ESP SA is one of/],
    [`0x1=aes-cbc:${KEY}00`, /aes-cbc has 16 or 24 or 32 octets; these are 17/],
    [`0x1=aes-gcm:${KEY}`, /aes-gcm has 20 or 28 or 36 octets, 4 of salt at their end; these are 16/],
    ['0x1=aes-cbc:zz', /hexadecimal/],
    [`0x1=aes-cbc:${KEY},hmac-sha1-96`, /wants a key/],
    [`10.0.0,*,0x1=aes-cbc:${KEY}`, /address/],
    ['"IPv4","*"', /eight to ten texts/],
  ])('%s is refused in a sentence without the key', (text, sentence) => {
    const complaint = parseEspSa(text);
    expect(complaint).toMatch(sentence);
    expect(complaint).not.toContain(KEY.slice(0, 8));
  });
});
