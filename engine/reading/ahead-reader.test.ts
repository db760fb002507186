import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openReader } from '../readers/detect.ts';
import { noExtras } from '../readers/extras.ts';
import type { CaptureReader } from '../readers/frame-batch.ts';
import { FrameBatch } from '../readers/frame-batch.ts';
import { concat, makeBlock, makePcap, Octetter, type TakenFrame, takeFrames } from '../readers/test-source.ts';
import { openFileSource } from '../sources/file-source.ts';
import { AheadReader } from './ahead-reader.ts';
import { ReadingThread } from './reading-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-ahead-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** All of the frames, octet for octet, short enough to be compared at once. */
function digest(frames: readonly TakenFrame[]): string {
  const hash = createHash('sha256');
  for (const { bytes, ...rest } of frames) hash.update(JSON.stringify(rest)).update(bytes);
  return `${frames.length} ${hash.digest('hex')}`;
}

/** Takes its time before it asks for more, so that the thread has gone on as far as it can. */
class SlowReader extends AheadReader {
  override async next(batch: FrameBatch): Promise<boolean> {
    await sleep(60);
    return super.next(batch);
  }
}

/** Reads a file directly, and by a thread. */
async function readBoth(bytes: Uint8Array, Reader = AheadReader) {
  const path = join(folder, 'capture');
  writeFileSync(path, bytes);
  const source = await openFileSource(path);
  try {
    const direct = await openReader(source);
    const expected = await takeFrames(direct);
    const thread = new ReadingThread(source.descriptor ?? -1, source.lengthBytes);
    const ahead = new Reader(unread, thread, undefined);
    return { direct, expected, ahead, frames: await takeFrames(ahead) };
  } finally {
    await source.close();
  }
}

/** The reader that is there in case that no thread can be had. */
const unread: CaptureReader = {
  format: 'pcap',
  interfaces: [],
  issues: [],
  extras: noExtras(),
  next: () => Promise.reject(new Error('the thread was done without')),
};

/** A pcap of `count` frames of `size` octets, each with its number in front. */
function pcapOf(count: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(24 + count * (16 + size));
  bytes.set(makePcap([]));
  for (let i = 0; i < count; i++) {
    const at = 24 + i * (16 + size);
    bytes.writeUInt32LE(1_600_000_000 + i, at);
    bytes.writeUInt32LE(i, at + 4);
    bytes.writeUInt32LE(size, at + 8);
    bytes.writeUInt32LE(size, at + 12);
    bytes.writeUInt32LE(i, at + 16);
  }
  return bytes;
}

describe('a reader that has a thread read ahead', () => {
  it('gives more blocks and batches than are under way at a time', async () => {
    const { expected, frames } = await readBoth(pcapOf(150_000, 60));
    expect(expected).toHaveLength(150_000);
    expect(digest(frames)).toBe(digest(expected));
  });

  it('gives a frame that is larger than a block', async () => {
    const frame = new Uint8Array(3_000_000).fill(7);
    const records = [1, 2, 3].map((seconds) => ({ seconds, fraction: 0, frame: seconds === 2 ? frame : [seconds] }));
    const { expected, frames } = await readBoth(makePcap(records, { snapLength: 4_000_000 }));
    expect(expected.map(({ bytes }) => bytes.length)).toEqual([1, 3_000_000, 1]);
    expect(digest(frames)).toBe(digest(expected));
  });

  it('gives a frame that takes every block there is', async () => {
    const records = Array.from({ length: 12 }, (_, i) => ({
      seconds: i,
      fraction: 0,
      frame: i % 3 === 2 ? new Uint8Array(9_000_000 + i).fill(i) : [i],
    }));
    const { expected, frames } = await readBoth(makePcap(records, { snapLength: 16_000_000 }), SlowReader);
    expect(expected).toHaveLength(12);
    expect(digest(frames)).toBe(digest(expected));
  });

  it('tells what the reader came upon: interfaces, comments, damage', async () => {
    const octets = new Octetter(true);
    const section = makeBlock(true, 0x0a0d0d0a, octets.u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff).bytes());
    const interfaces = [1, 101].map((linkType) =>
      makeBlock(true, 1, new Octetter(true).u16(linkType, 0).u32(0).bytes()),
    );
    const comment = new Octetter(true).u16(1, 5).text('hello').pad().u16(0, 0).bytes();
    const packet = makeBlock(true, 6, new Octetter(true).u32(1, 0, 5_000_000, 4, 4, 0x01020304).add(comment).bytes());
    const { direct, expected, ahead, frames } = await readBoth(
      concat(section, ...interfaces, packet, packet.subarray(9)),
    );
    expect(expected).toHaveLength(1);
    expect(digest(frames)).toBe(digest(expected));
    expect(direct.issues).not.toEqual([]);
    expect(ahead.interfaces).toEqual(direct.interfaces);
    expect(ahead.issues).toEqual(direct.issues);
    expect(ahead.extras).toEqual({ ...direct.extras, comments: [{ frame: 0, text: 'hello' }] });
  });

  it('says what the system says where the file cannot be read further', async () => {
    const path = join(folder, 'vanishes');
    writeFileSync(path, pcapOf(150_000, 60));
    const source = await openFileSource(path);
    // The same file, under a number that can be taken away while it is read.
    const descriptor = openSync(path, 'r');
    const thread = new ReadingThread(descriptor, source.lengthBytes);
    try {
      const ahead = new AheadReader(unread, thread, undefined);
      expect(await ahead.next(new FrameBatch())).toBe(true);
      closeSync(descriptor);
      await expect(takeFrames(ahead)).rejects.toMatchObject({ code: 'EBADF' });
    } finally {
      thread.close();
      await source.close();
    }
  });

  it('has everything of a thread that ended before anybody looked', async () => {
    const path = join(folder, 'early');
    writeFileSync(path, pcapOf(30_000, 60));
    const source = await openFileSource(path);
    try {
      const ahead = new AheadReader(unread, new ReadingThread(source.descriptor ?? -1, source.lengthBytes), undefined);
      const frames = takeFrames(ahead);
      // It waits already; until the end of this nothing is heard of the thread, which meanwhile reads all of it.
      for (const until = performance.now() + 1000; performance.now() < until; );
      expect(await frames).toHaveLength(30_000);
    } finally {
      await source.close();
    }
  });

  it('does without a thread that cannot read', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, pcapOf(3, 60));
    const source = await openFileSource(path);
    const directory = openSync(folder, 'r');
    try {
      const thread = new ReadingThread(directory, source.lengthBytes);
      const ahead = new AheadReader(await openReader(source), thread, undefined);
      expect(await takeFrames(ahead)).toHaveLength(3);
      expect(ahead.interfaces).toEqual([{ linkType: 1, snapLength: 65535, name: '' }]);
    } finally {
      closeSync(directory);
      await source.close();
    }
  });

  it('ends with an AbortError when it is cancelled', async () => {
    const path = join(folder, 'long');
    writeFileSync(path, pcapOf(60_000, 60));
    const source = await openFileSource(path);
    const abort = new AbortController();
    const thread = new ReadingThread(source.descriptor ?? -1, source.lengthBytes);
    try {
      const ahead = new AheadReader(unread, thread, abort.signal);
      expect(await ahead.next(new FrameBatch())).toBe(true);
      abort.abort();
      await expect(ahead.next(new FrameBatch())).rejects.toMatchObject({ name: 'AbortError' });
    } finally {
      thread.close();
      await source.close();
    }
  });
});
