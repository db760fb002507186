import { beforeAll, describe, expect, test } from 'vitest';
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import { MU_LAW } from './g711-laws.ts';
import type { CodecFormat } from './codec.ts';
import { codecFor, reasonNotDecodable } from './index.ts';
import { codecWith, cut, decodeAll, decodeInRun, fixture } from '../../test/codecs/fixtures.ts';

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

describe('around a codec that is decoded in runs', () => {
  beforeAll(() => provideDecodeThread());

  const G729: CodecFormat = { encoding: 'G729', clockRate: 8000, channels: 1 };
  const AROUND: CodecFormat = { ...RED, blocks: new Map([[18, G729]]) };
  const frames = cut(fixture('speech.g729'), 20);

  /** Each packet repeats the one before it. */
  const packets = frames.map((frame, i) =>
    i === 0 ? Uint8Array.of(18, ...frame) : Uint8Array.of(...older(18, 160, 20), 18, ...frames[i - 1], ...frame),
  );

  test('is what the codec alone gives', async () => {
    const codec = codecWith(AROUND);
    expect(codec.isInRuns).toBe(true);
    expect(codec.samplesOf?.(packets[1], 0, packets[1].length)).toBe(160);
    const alone = await decodeInRun(await codecWith(G729).open(), frames, 160);
    expect(await decodeInRun(await codec.open(), packets, 160)).toEqual(alone);
  });

  test('single losses are not heard; of two in a row the first is', async () => {
    const alone = await decodeInRun(await codecWith(G729).open(), frames, 160);
    const decoder = await codecWith(AROUND).open();
    expect(await decodeInRun(decoder, packets, 160, new Set([7, 20, 40]))).toEqual(alone);
    const gap = await decodeInRun(decoder, packets, 160, new Set([20, 21]));
    expect(gap.subarray(0, 20 * 160)).toEqual(alone.subarray(0, 20 * 160));
    expect(gap.subarray(20 * 160, 21 * 160).every((sample) => sample === 0)).toBe(true);
    expect(gap.subarray(21 * 160, 22 * 160).some((sample) => sample !== 0)).toBe(true);
  });

  test('what is no RED is silent, and its neighbours are heard', async () => {
    const broken = packets.map((packet, i) => (i === 5 ? Uint8Array.of(128, 0, 0) : packet));
    const heard = await decodeInRun(await codecWith(AROUND).open(), broken, 160);
    const alone = await decodeInRun(await codecWith(G729).open(), frames, 160);
    // The next packet repeats what the broken one should have had.
    expect(heard).toEqual(alone);
  });
});
