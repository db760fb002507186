import { describe, expect, it } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { MemorySource } from '../readers/test-source.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameTable } from './frame-table.ts';

/** Octet `i` of the file is a function of `i`, so what is read tells where it was read. */
function octetAt(i: number): number {
  return (i * 31 + (i >> 8) * 17 + (i >> 16)) & 0xff;
}

/** Frames of `lengths`, 16 octets of header before each. */
function capture(lengths: readonly number[], fileLength?: number) {
  const frames = new FrameTable();
  let at = 24;
  for (const length of lengths) {
    const row = frames.count++;
    frames.fileOffset.set(row, at + 16);
    frames.capturedLength.set(row, length);
    at += 16 + length;
  }
  const bytes = Uint8Array.from({ length: fileLength ?? at }, (_, i) => octetAt(i));
  const source = new MemorySource(bytes);
  return { frames, source, reader: new FrameReader(source, frames) };
}

/** Number of octets of `view` that are not those of the file at `fileOffset`. */
function wrongOctets(view: Octets, fileOffset: number): number {
  let wrong = 0;
  for (let i = 0; i < view.length; i++) if (view.bytes[view.start + i] !== octetAt(fileOffset + i)) wrong++;
  return wrong;
}

describe('FrameReader', () => {
  it('reads neighbours in one go, and each where it lies', async () => {
    const { frames, source, reader } = capture(Array.from({ length: 200 }, (_, i) => i));
    await reader.load([3, 100, 101, 199]);
    expect(source.reads).toBe(1);
    const view = new Octets(new Uint8Array(0));
    for (const frame of [199, 3, 101, 100]) {
      expect(reader.read(frame, view)).toBe(true);
      expect([view.length, wrongOctets(view, frames.fileOffset.get(frame))]).toEqual([frame, 0]);
    }
  });

  it('says no to a frame that was not loaded', async () => {
    const { reader } = capture([10, 400_000, 10]);
    const view = new Octets(new Uint8Array(0));
    expect(reader.read(0, view)).toBe(false);
    await reader.load([2]);
    expect(reader.read(0, view)).toBe(false);
    expect(reader.read(2, view)).toBe(true);
  });

  it('stays right over many loads of all sizes, forwards and back, reusing its buffers', async () => {
    const { frames, reader } = capture(Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 90_000 : 700 + i)));
    const view = new Octets(new Uint8Array(0));
    let wrong = 0;
    for (const wanted of [[0, 1, 2], [2, 3, 30, 31], [1], [50, 59], [0], [29, 30, 31, 32, 33], [31]]) {
      await reader.load(wanted);
      for (const frame of wanted) {
        if (!reader.read(frame, view) || view.length !== frames.capturedLength.get(frame)) wrong++;
        wrong += wrongOctets(view, frames.fileOffset.get(frame));
      }
    }
    expect(wrong).toBe(0);
  });

  /** Loads frames `each` at a time, from the first to the last; how many octets of them were wrong. */
  async function goThrough({ frames, reader }: ReturnType<typeof capture>, each: number): Promise<number> {
    const view = new Octets(new Uint8Array(0));
    let wrong = 0;
    for (let first = 0; first < frames.count; first += each) {
      const wanted = Array.from({ length: Math.min(each, frames.count - first) }, (_, i) => first + i);
      await reader.load(wanted);
      for (const frame of wanted) {
        if (!reader.read(frame, view)) wrong++;
        wrong += wrongOctets(view, frames.fileOffset.get(frame));
      }
    }
    return wrong;
  }

  it.each([1, 7, 100, 700])('reads ahead for who goes through the file, %i frames at a time', async (each) => {
    const all = capture(Array.from({ length: 2000 }, (_, i) => (i % 50 === 0 ? 60_000 : 200 + (i % 900))));
    expect(await goThrough(all, each)).toBe(0);
    // Some megabytes, and each read about once.
    expect(all.source.reads).toBeLessThan(12);
  });

  it('what cannot be read ahead is read when it is wanted, and says then what is wrong', async () => {
    const all = capture(Array.from({ length: 2000 }, () => 2000));
    const { source } = all;
    const read = source.read.bind(source);
    let failures = 0;
    source.read = async (...args) => {
      if (args[0] < 2_500_000 || failures === 2) return read(...args);
      failures++;
      throw new Error('the disk is gone');
    };
    await expect(goThrough(all, 10)).rejects.toThrow('the disk is gone');
    expect(failures).toBe(2);
    expect(await goThrough(all, 10)).toBe(0);
  });

  it('takes the first `count` of a longer list', async () => {
    const { reader } = capture([10, 2_000_000, 10]);
    await reader.load(Uint32Array.of(0, 2), 1);
    const view = new Octets(new Uint8Array(0));
    expect([reader.read(0, view), reader.read(2, view)]).toEqual([true, false]);
  });

  it('a file that became shorter gives no frame rather than other octets', async () => {
    const { reader } = capture([100, 100, 100], 24 + 116 + 50);
    await reader.load([0, 1, 2]);
    const view = new Octets(new Uint8Array(0));
    expect([0, 1, 2].map((frame) => reader.read(frame, view))).toEqual([true, false, false]);
    expect((await reader.frame(1)).length).toBe(34);
    expect((await reader.frame(2)).length).toBe(0);
  });

  it('reads one frame, and a message from its pieces', async () => {
    const { frames, reader } = capture([50, 60, 70]);
    const one = await reader.frame(1);
    expect([one.length, wrongOctets(one, frames.fileOffset.get(1))]).toEqual([60, 0]);
    const message = await reader.pieces([
      { frame: 2, at: 10, length: 5 },
      { frame: 0, at: 40, length: 10 },
    ]);
    const expected = [
      ...Array.from({ length: 5 }, (_, i) => octetAt(frames.fileOffset.get(2) + 10 + i)),
      ...Array.from({ length: 10 }, (_, i) => octetAt(frames.fileOffset.get(0) + 40 + i)),
    ];
    expect([...message.bytes.subarray(message.start, message.start + message.length)]).toEqual(expected);
  });
});
