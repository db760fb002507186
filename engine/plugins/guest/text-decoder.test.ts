import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/perf/load/random.ts';
import { decodeUtf8 } from './text-decoder.ts';

const platform = new TextDecoder('utf-8');

describe('decodeUtf8 is the decoder of the platform', () => {
  it.each([
    ['plain text', [0x61, 0x62, 0x0d, 0x0a]],
    ['two, three and four octets', [0xc3, 0xbc, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61]],
    ['one in the middle', [0x61, 0xef, 0xbb, 0xbf]],
    ['overlong forms', [0xc0, 0x80, 0xe0, 0x80, 0x80, 0xf0, 0x80, 0x80, 0x80]],
    ['surrogates', [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf]],
    ['past U+10FFFF', [0xf4, 0x90, 0x80, 0x80, 0xf5, 0x80]],
    ['what is cut', [0xe2, 0x82]],
    ['what is cut, and goes on', [0xf0, 0x9f, 0x98, 0x61, 0xe2, 0x82, 0xc3, 0xbc]],
    ['lone continuations', [0x80, 0xbf, 0x61]],
    ['more than a piece', Array.from({ length: 5000 }, (_, i) => [0x61, 0xc3, 0xbc, 0xff][i % 4])],
  ])('%s', (_what, octets) => {
    expect(decodeUtf8(Uint8Array.from(octets))).toBe(platform.decode(Uint8Array.from(octets)));
  });

  it('on any octets', () => {
    const random = new Random(1);
    for (let i = 0; i < 20_000; i++) {
      // Mostly leads and continuations: random octets are seldom nearly right.
      const octets = Uint8Array.from({ length: 8 }, () =>
        random.unit() < 0.7 ? 0x80 + Math.floor(random.unit() * 128) : Math.floor(random.unit() * 256),
      );
      const own = decodeUtf8(octets);
      if (own !== platform.decode(octets)) expect.unreachable(Buffer.from(octets).toString('hex'));
    }
  });
});
