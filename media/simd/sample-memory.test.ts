import { afterEach, expect, test, vi } from 'vitest';
import { LAWS, PCMA } from '../codecs/g711-laws.ts';
import { sampleMemoryOf, type SampleMemory, takeSampleMemory } from './sample-memory.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function memoryFor(...pieces: number[]): SampleMemory {
  const memory = takeSampleMemory(pieces);
  if (memory === null) throw new Error('This machine has no vectors.');
  return memory;
}

test.each([0, 1])('expands every octet to what the table of law %i says', (law) => {
  const memory = memoryFor(256, 512);
  const at = memory.room(256);
  const samples = memory.samples(256);
  memory.bytes.set(
    Uint8Array.from({ length: 256 }, (_, octet) => octet),
    at,
  );
  memory.addPiece(at, samples.byteOffset, 256);
  memory.expand(law);
  expect(samples).toEqual(LAWS[law].table);
  memory.release();
});

test('expands any number of octets from sixteen on, and writes nothing beside them', () => {
  const memory = memoryFor(100, 200);
  const at = memory.room(100);
  const samples = memory.samples(100);
  for (let i = 0; i < 100; i++) memory.bytes[at + i] = i * 37;
  for (let count = 16; count < 90; count++) {
    samples.fill(7);
    memory.addPiece(at + 3, samples.byteOffset + 2, count);
    memory.expand(LAWS.indexOf(PCMA));
    const expected = Array.from({ length: count }, (_, i) => PCMA.table[((i + 3) * 37) & 0xff]);
    expect([...samples.subarray(0, count + 2)]).toEqual([7, ...expected, 7]);
  }
  memory.release();
});

test('expands as many pieces as were added, each where it goes, and none twice', () => {
  const memory = memoryFor(4096, 8192);
  const at = memory.room(4096);
  const samples = memory.samples(4096);
  for (let i = 0; i < 4096; i++) memory.bytes[at + i] = i * 37;
  for (const pieces of [0, 1, 2, 100]) {
    samples.fill(7);
    // The last piece first, sixteen octets and more each.
    for (let i = pieces - 1; i >= 0; i--) memory.addPiece(at + 37 * i, samples.byteOffset + 80 * i, 16 + (i % 20));
    memory.expand(LAWS.indexOf(PCMA));
    const expected = Array.from({ length: 4096 }, (_, i) => {
      const [piece, place] = [Math.floor(i / 40), i % 40];
      return piece < pieces && place < 16 + (piece % 20) ? PCMA.table[((37 * piece + place) * 37) & 0xff] : 7;
    });
    expect([...samples]).toEqual(expected);
  }
  samples.fill(7);
  memory.expand(LAWS.indexOf(PCMA));
  expect(samples.every((sample) => sample === 7)).toBe(true);
  memory.release();
});

test('interleaves any number of sample frames, and leaves what is behind their room alone', () => {
  const memory = memoryFor(60, 60, 120, 2);
  const [left, right, both, behind] = [30, 30, 60, 1].map((count) => memory.samples(count));
  for (let count = 1; count <= 30; count++) {
    left.forEach((_, i) => (left[i] = i - 15));
    right.forEach((_, i) => (right[i] = 1000 * i));
    both.fill(0);
    memory.interleave(left.byteOffset, right.byteOffset, both.byteOffset, count);
    const expected = Array.from({ length: 2 * count }, (_, i) => (i & 1 ? right : left)[i >> 1]);
    expect([...both.subarray(0, 2 * count)]).toEqual(expected);
    expect(behind[0]).toBe(0);
  }
  memory.release();
});

test('a memory that was released is used again, grown where more is needed, and its samples are 0', () => {
  const first = memoryFor(1000);
  first.samples(500).fill(9);
  first.release();
  const second = memoryFor(300_000);
  const samples = second.samples(150_000);
  expect(samples.every((sample) => sample === 0)).toBe(true);
  expect(sampleMemoryOf(samples)).toBe(second);
  expect(sampleMemoryOf(new Int16Array(4))).toBeNull();
  second.release();
});

test('there is none without WebAssembly, without vectors, or where there is no such memory', async () => {
  expect(takeSampleMemory([2 ** 40])).toBeNull();
  vi.stubGlobal('WebAssembly', undefined);
  vi.resetModules();
  const without = await import('./sample-memory.ts');
  expect(without.takeSampleMemory([100])).toBeNull();
  const Module = function Module(): void {
    throw new Error('no vectors');
  };
  vi.stubGlobal('WebAssembly', { Module });
  expect(without.takeSampleMemory([100])).toBeNull();
});
