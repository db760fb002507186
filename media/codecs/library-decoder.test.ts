import { expect, test } from 'vitest';
import { LibraryDecoder, type LibraryInstance } from './library-decoder.ts';

/** Writes its number as one sample, and breaks at an octet of 0. */
function instance(number: number): LibraryInstance {
  let isBroken = false;
  return {
    decode(bytes, at, _length, into, intoAt) {
      isBroken ||= bytes[at] === 0;
      if (isBroken) throw new Error('memory access out of bounds');
      into[intoAt] = number;
      return 1;
    },
    reset() {},
  };
}

async function openFake(): Promise<{ decoder: LibraryDecoder; made: () => number }> {
  let made = 0;
  const decoder = await LibraryDecoder.open({
    sampleRate: 8000,
    channels: 1,
    samplesIn: () => 1,
    make: async () => instance(++made),
  });
  return { decoder, made: () => made };
}

const GOOD = Uint8Array.of(1);
const BAD = Uint8Array.of(0);

test('where the library breaks it is silent, until a new instance is there', async () => {
  const { decoder } = await openFake();
  const into = new Int16Array(1);
  expect(decoder.decode(GOOD, 0, 1, into, 0)).toBe(1);
  expect(into[0]).toBe(1);
  expect(decoder.decode(BAD, 0, 1, into, 0)).toBe(0);
  expect(decoder.failures).toBe(1);
  expect(decoder.decode(GOOD, 0, 1, into, 0)).toBe(0);
  await Promise.resolve();
  await Promise.resolve();
  expect(decoder.decode(GOOD, 0, 1, into, 0)).toBe(1);
  expect(into[0]).toBe(2);
});

test('a stream that breaks every instance gets no more of them', async () => {
  const { decoder, made } = await openFake();
  for (let i = 0; i < 100; i++) {
    decoder.decode(BAD, 0, 1, new Int16Array(1), 0);
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(made()).toBe(16);
  expect(decoder.failures).toBe(16);
});
