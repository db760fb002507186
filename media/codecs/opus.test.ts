import { expect, test } from 'vitest';
import { codecWith, cut, fixture, signalToNoise } from '../../test/codecs/fixtures.ts';
import type { AudioDecoder } from './codec.ts';

const OPUS = { encoding: 'opus', clockRate: 48000, channels: 2 };
const FRAME = 960;
const LENGTH = 60;
/** As in make-fixtures.sh: what libopus makes of these when they are lost is kept. */
const LOST = [5, 12, 16, 33, 35, 38];

const packets = cut(fixture('speech-fec.opus-packets'), LENGTH);

/** Decodes the packets, and has `fill` write what is heard of those that are lost. Gives those, and what was sent of them. */
async function heardOfLost(
  fill: (decoder: AudioDecoder, next: Uint8Array, into: Int16Array, intoAt: number) => void,
): Promise<{ heard: Int16Array; sent: Int16Array }> {
  const decoder = await codecWith(OPUS).open();
  const other = await codecWith(OPUS).open();
  const heard = new Int16Array(packets.length * FRAME);
  const sent = new Int16Array(packets.length * FRAME);
  for (const [i, packet] of packets.entries()) {
    other.decode(packet, 0, LENGTH, sent, i * FRAME);
    if (!LOST.includes(i)) decoder.decode(packet, 0, LENGTH, heard, i * FRAME);
    else fill(decoder, packets[i + 1], heard, i * FRAME);
  }
  return { heard: partsOf(heard), sent: partsOf(sent) };
}

function partsOf(samples: Int16Array): Int16Array {
  return Int16Array.from(LOST.flatMap((i) => [...samples.subarray(i * FRAME, (i + 1) * FRAME)]));
}

function reference(name: string): Int16Array {
  return new Int16Array(fixture(`speech-fec.opus-packets.${name}.s16le`).buffer);
}

test('a lost packet is what libopus makes of the repetition in the next, and far nearer to what was sent than concealment', async () => {
  const { heard, sent } = await heardOfLost((decoder, next, into, at) => {
    expect(decoder.repeats?.(next, 0, LENGTH, FRAME)).toBe(FRAME);
    decoder.recover?.(next, 0, LENGTH, FRAME, into, at + FRAME);
  });
  expect(heard.length).toBe(LOST.length * FRAME);
  expect(signalToNoise(heard, reference('repeated'))).toBeGreaterThan(50);
  expect(signalToNoise(heard, sent)).toBeGreaterThan(signalToNoise(reference('concealed'), sent) + 3);
});

test('what is concealed is what libopus conceals', async () => {
  const { heard } = await heardOfLost((decoder, _next, into, at) => {
    expect(decoder.conceal?.(FRAME, into, at)).toBe(FRAME);
  });
  expect(signalToNoise(heard, reference('concealed'))).toBeGreaterThan(40);
  expect(signalToNoise(heard, reference('repeated'))).toBeLessThan(20);
});

test('a packet that repeats nothing, or more than is missing, leaves the gap as it is', async () => {
  const decoder = await codecWith(OPUS).open();
  const into = new Int16Array(4 * FRAME).fill(7);
  for (const [packet, missing] of [
    [packets[28], FRAME],
    [packets[13], FRAME - 1],
    [fixture('speech.opus-packets').subarray(0, LENGTH), 2 * FRAME],
  ] as const) {
    expect(decoder.repeats?.(packet, 0, LENGTH, missing)).toBe(0);
    decoder.recover?.(packet, 0, LENGTH, missing, into, 2 * FRAME);
  }
  expect(into.every((sample) => sample === 7)).toBe(true);
});

test('where more is missing than is repeated, only what is repeated is written, next to the packet', async () => {
  const decoder = await codecWith(OPUS).open();
  const into = new Int16Array(6 * FRAME).fill(7);
  decoder.decode(packets[10], 0, LENGTH, into, 0);
  decoder.recover?.(packets[13], 0, LENGTH, 2 * FRAME, into, 3 * FRAME);
  expect(into.subarray(FRAME, 2 * FRAME).every((sample) => sample === 7)).toBe(true);
  expect(into.subarray(2 * FRAME, 3 * FRAME).some((sample) => Math.abs(sample) > 100)).toBe(true);
  expect(into.subarray(3 * FRAME).every((sample) => sample === 7)).toBe(true);
});

test('concealment of any length writes that length and no more', async () => {
  const decoder = await codecWith(OPUS).open();
  for (const count of [1, 119, 960, 1000, 9600]) {
    const into = new Int16Array(10_000).fill(-31_000);
    expect(decoder.conceal?.(count, into, 3)).toBe(count);
    expect(into.subarray(3, 3 + count).includes(-31_000)).toBe(false);
    expect(into.subarray(3 + count).every((sample) => sample === -31_000)).toBe(true);
    expect(decoder.conceal?.(count, into, 9999)).toBe(1);
  }
});

test('a decoder that was put back has no past', async () => {
  const decoder = await codecWith(OPUS).open();
  const first = new Int16Array(FRAME);
  const second = new Int16Array(FRAME);
  decoder.decode(packets[12], 0, LENGTH, first, 0);
  decoder.decode(packets[13], 0, LENGTH, second, 0);
  decoder.reset();
  decoder.decode(packets[12], 0, LENGTH, second, 0);
  expect(second).toEqual(first);
});
