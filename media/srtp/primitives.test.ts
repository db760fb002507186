/** The hashes and ciphers against OpenSSL's, by way of node:crypto. */
import { createCipheriv, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { Ghash } from './ghash.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import { CounterKeystream } from './keystream.ts';
import { toHex } from './testing/policies.ts';

const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * i * 7 + 3 * i) & 0xff);

test('HMAC-SHA1 of every length over two blocks, with and without a word behind', () => {
  const key = bytes.slice(0, 20);
  const hmac = new HmacSha1(key);
  const digest = new Uint8Array(20);
  for (let length = 0; length < 200; length++) {
    const message = bytes.subarray(3, 3 + length);
    hmac.absorb(bytes, 3, length);
    for (const word of [0, 1, 0xfffffffe]) {
      hmac.finishWith(word);
      hmac.write(digest, 0, 20);
      const behind = Buffer.alloc(4);
      behind.writeUInt32BE(word);
      expect(toHex(digest)).toBe(createHmac('sha1', key).update(message).update(behind).digest('hex'));
    }
    hmac.finish();
    hmac.write(digest, 0, 20);
    expect(toHex(digest)).toBe(createHmac('sha1', key).update(message).digest('hex'));
    expect(hmac.equals(digest, 0, 10)).toBe(true);
    digest[9] ^= 1;
    expect(hmac.equals(digest, 0, 10)).toBe(false);
    expect(hmac.equals(digest, 0, 4)).toBe(true);
  }
});

test.each([16, 24, 32])('GCM tags with keys of %i octets, of every length', (keyBytes) => {
  const key = bytes.slice(40, 40 + keyBytes);
  const ciphers = new NodeCiphers();
  const ghash = new Ghash(ciphers.aesBlocks(key, new Uint8Array(16)).slice());
  const iv = bytes.slice(100, 112);
  const first = Buffer.concat([iv, Buffer.from([0, 0, 0, 1])]);
  const mask = ciphers.aesBlocks(key, first).slice();
  const tag = new Uint8Array(16);
  for (let length = 0; length < 70; length++) {
    const cipher = createCipheriv(`aes-${8 * keyBytes}-gcm` as 'aes-128-gcm', key, iv);
    const aad = bytes.subarray(0, 12 + (length % 21));
    cipher.setAAD(aad);
    const text = Buffer.concat([cipher.update(bytes.subarray(0, length)), cipher.final()]);
    ghash.reset();
    ghash.update(aad, 0, aad.length);
    ghash.update(text, 0, text.length);
    ghash.finish(aad.length, text.length);
    ghash.write(tag, 0, 16, mask, 0);
    expect(toHex(tag)).toBe(cipher.getAuthTag().toString('hex'));
    expect(ghash.equals(tag, 0, 16, mask, 0)).toBe(true);
    tag[15] ^= 0x80;
    expect(ghash.equals(tag, 0, 16, mask, 0)).toBe(false);
  }
});

test('key streams of several packets follow each other, in a buffer that grows', () => {
  const key = bytes.slice(0, 16);
  const stream = new CounterKeystream(new NodeCiphers());
  const lengths = [1, 100, 0, 5000, 3];
  lengths.forEach((blocks, i) => stream.add(i, 0x12345678, -1, 0x00ff0000, blocks));
  const made = Buffer.from(stream.run(key));
  let at = 0;
  for (const [i, blocks] of lengths.entries()) {
    const counter = Buffer.alloc(16);
    counter.writeInt32BE(i, 0);
    counter.writeInt32BE(0x12345678, 4);
    counter.writeInt32BE(-1, 8);
    counter.writeInt32BE(0x00ff0000, 12);
    const expected = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(16 * blocks));
    expect(made.subarray(at, at + 16 * blocks).equals(expected)).toBe(true);
    at += 16 * blocks;
  }
  expect(made.length).toBe(at);
});
