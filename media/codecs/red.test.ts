import { expect, test } from 'vitest';
import { MU_LAW } from './g711.ts';
import type { CodecFormat } from './codec.ts';
import { codecFor, reasonNotDecodable } from './index.ts';
import { codecWith, decodeAll } from '../../test/codecs/fixtures.ts';

const PCMU: CodecFormat = { encoding: 'PCMU', clockRate: 8000, channels: 1 };
const RED: CodecFormat = { encoding: 'red', clockRate: 8000, channels: 1, blocks: new Map([[0, PCMU]]) };

/** The header of an older block. */
function older(payloadType: number, offset: number, length: number): number[] {
  return [128 | payloadType, offset >> 6, ((offset & 63) << 2) | (length >> 8), length & 255];
}

test('the newest block is decoded', async () => {
  const codec = codecWith(RED);
  const alone = Uint8Array.of(0, 1, 2, 3);
  const withOlder = Uint8Array.of(...older(0, 160, 2), ...older(0, 320, 1), 0, 9, 9, 8, 4, 5);
  expect(codec.samplesOf?.(alone, 0, 4)).toBe(3);
  expect(codec.samplesOf?.(withOlder, 0, withOlder.length)).toBe(2);
  const decoder = await codec.open();
  expect([...decodeAll(decoder, [alone, withOlder])]).toEqual([1, 2, 3, 4, 5].map((octet) => MU_LAW[octet]));
});

test('a block of another payload type, or that is not there, is silent', async () => {
  const codec = codecWith(RED);
  const decoder = await codec.open();
  for (const octets of [[8, 1, 2], [], older(0, 160, 2), [...older(0, 160, 5), 0, 1, 2], [128, 0, 0]]) {
    expect(decoder.decode(Uint8Array.from(octets), 0, octets.length, new Int16Array(9), 0)).toBe(0);
    expect(codec.samplesOf?.(Uint8Array.from(octets), 0, octets.length)).toBe(0);
  }
});

test('what cannot be decoded in it says so', () => {
  expect(codecFor({ ...RED, blocks: new Map() })).toBeNull();
  expect(codecFor({ ...RED, blocks: new Map([[96, RED]]) })).toBeNull();
  expect(codecFor({ encoding: 'RED', clockRate: 8000, channels: 1 })).toBeNull();
  expect(reasonNotDecodable(RED)).toBe('red carries blocks of a codec that is not named or not decoded');
});
