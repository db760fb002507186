import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader } from '../readers/detect.ts';
import { MemorySource, makePcap, takeFrames } from '../readers/test-source.ts';
import type { ByteSource } from './byte-source.ts';
import { openGzipSource } from './gzip-source.ts';
import { openSource } from './open-source.ts';
import { Spool } from './spool.ts';
import { openStreamSource } from './stdin-source.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-sources-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Octets that do not compress to nothing, the same every time. */
function octets(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = (state >>> 16) & 0x3f;
  }
  return bytes;
}

async function readAll(source: ByteSource, step = 100_000): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const part = new Uint8Array(step);
    const got = await source.read(at, part, 0, step);
    parts.push(part.subarray(0, got));
    at += got;
    if (got < step) return Buffer.concat(parts);
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('a file', () => {
  it('is read at any offset', async () => {
    const path = join(folder, 'plain');
    const bytes = octets(10_000);
    await writeFile(path, bytes);
    const source = await openSource(path);
    expect(source).toMatchObject({ name: 'plain', lengthBytes: 10_000 });
    const into = new Uint8Array(8);
    expect(await source.read(9_995, into, 2, 6)).toBe(5);
    expect([...into]).toEqual([0, 0, ...bytes.subarray(9_995), 0]);
    expect(await source.read(20_000, into, 0, 8)).toBe(0);
    await source.close();
    await expect(source.read(0, into, 0, 8)).rejects.toThrow();
  });

  it('that is not there rejects with the system error', async () => {
    await expect(openSource(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(openSource(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('that is a pipe is read front to back', async () => {
    const path = join(folder, 'pipe');
    if (spawnSync('mkfifo', [path]).status !== 0) return expect(process.platform).toBe('win32');
    const writer = spawn('sh', ['-c', `printf hello > '${path}'`]);
    const source = await openSource(path);
    expect(Buffer.from(await readAll(source)).toString()).toBe('hello');
    await source.close();
    writer.kill();
  });
});

describe('a stream', () => {
  it('is read forwards as it arrives and backwards again', async () => {
    const stream = new PassThrough();
    const source = openStreamSource(stream);
    stream.write('hel');
    stream.write('lo wor');
    const into = new Uint8Array(5);
    expect(await source.read(0, into, 0, 5)).toBe(5);
    expect(source.lengthBytes).toBe(-1);
    const late = source.read(6, into, 0, 5);
    stream.end('ld');
    expect(await late).toBe(5);
    expect(Buffer.from(into).toString()).toBe('world');
    expect(await source.read(1, into, 0, 4)).toBe(4);
    expect(Buffer.from(into.subarray(0, 4)).toString()).toBe('ello');
    expect(await source.read(11, into, 0, 1)).toBe(0);
    expect(source.lengthBytes).toBe(11);
    await source.close();
    expect(stream.destroyed).toBe(true);
  });

  it('answers reads that overlap', async () => {
    const bytes = octets(300_000);
    const source = openStreamSource(Readable.from(chunksOf(bytes, 1000)));
    const [a, b] = await Promise.all([readAll(source, 70_000), readAll(source, 1234)]);
    expect(isSame(a, bytes)).toBe(true);
    expect(isSame(b, bytes)).toBe(true);
    await source.close();
  });

  it('lets a waiting read go when it is closed', async () => {
    const source = openStreamSource(new PassThrough());
    const waiting = source.read(0, new Uint8Array(1), 0, 1);
    await source.close();
    await expect(waiting).rejects.toThrow();
  });

  it('passes on what went wrong with it', async () => {
    const stream = new PassThrough();
    const source = openStreamSource(stream);
    stream.destroy(new Error('EPIPE'));
    await expect(source.read(0, new Uint8Array(1), 0, 1)).rejects.toThrow('EPIPE');
    await source.close();
  });
});

function* chunksOf(bytes: Uint8Array, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

describe('the spool', () => {
  it('keeps beyond its memory in a file without a name', async () => {
    const before = (await readdir(tmpdir())).length;
    const spool = new Spool(1000, 300);
    const bytes = octets(5000);
    for (const chunk of chunksOf(bytes, 333)) await spool.append(chunk);
    expect(spool.lengthBytes).toBe(5000);
    expect((await readdir(tmpdir())).length).toBeLessThanOrEqual(before);
    for (const [offset, length] of [
      [0, 5000],
      [999, 2],
      [250, 800],
      [1000, 4000],
      [4990, 100],
    ]) {
      const into = new Uint8Array(length + 1);
      const got = await spool.read(offset, into, 1, length);
      expect(got).toBe(Math.min(length, 5000 - offset));
      expect(isSame(into.subarray(1, 1 + got), bytes.subarray(offset, offset + got))).toBe(true);
    }
    await spool.close();
    await expect(spool.read(0, new Uint8Array(1), 0, 1)).rejects.toThrow('closed');
  });
});

describe('gzip', () => {
  it('is inflated, members in a row as one', async () => {
    const bytes = octets(1_000_000);
    const path = join(folder, 'members.gz');
    const members = [gzipSync(bytes.subarray(0, 400_000)), gzipSync(bytes.subarray(400_000)), new Uint8Array(600)];
    await writeFile(path, Buffer.concat(members));
    const source = await openSource(path);
    expect(source.lengthBytes).toBe(-1);
    expect(isSame(await readAll(source), bytes)).toBe(true);
    expect(source.issues).toEqual([]);
    expect(source.lengthBytes).toBe(1_000_000);
    const into = new Uint8Array(10);
    await source.read(399_995, into, 0, 10);
    expect(isSame(into, bytes.subarray(399_995, 400_005))).toBe(true);
    await source.close();
  });

  it('splits members wherever a piece ends', async () => {
    // Members of one octet and none, so that pieces of 32 KiB end at and inside them.
    const member = gzipSync(Uint8Array.of(7));
    const empty = gzipSync(new Uint8Array(0));
    const count = 4000;
    const file = Buffer.concat(Array.from({ length: count }, () => Buffer.concat([member, empty])));
    const source = openGzipSource(new MemorySource(file));
    expect((await readAll(source)).length).toBe(count);
    expect(source.issues).toEqual([]);
    await source.close();
  });

  it('that is cut gives what is there, and an issue', async () => {
    const bytes = octets(500_000);
    const whole = gzipSync(bytes);
    const source = openGzipSource(new MemorySource(whole.subarray(0, whole.length - 100_000)));
    const got = await readAll(source);
    expect(got.length).toBeGreaterThan(300_000);
    expect(isSame(got, bytes.subarray(0, got.length))).toBe(true);
    expect(source.issues).toMatchObject([{ code: 'gzip-cut', fileOffset: got.length }]);
    await source.close();
  });

  it('that is damaged gives everything before the damage, and an issue', async () => {
    const bytes = octets(500_000);
    const front = gzipSync(bytes.subarray(0, 300_000));
    // A deflate block of the reserved type (RFC 1951, 3.2.3) at the start of the second member.
    const second = gzipSync(bytes.subarray(300_000));
    second[10] = 0x07;
    const source = openGzipSource(new MemorySource(Buffer.concat([front, second])));
    const got = await readAll(source);
    expect(isSame(got, bytes.subarray(0, 300_000))).toBe(true);
    expect(source.issues).toMatchObject([{ code: 'gzip-damaged', fileOffset: 300_000 }]);
    expect(source.issues?.[0].message).toContain(`${front.length + 10}`);
    await source.close();
  });

  it('with a wrong checksum gives all, and an issue', async () => {
    const bytes = octets(50_000);
    const file = gzipSync(bytes);
    file[file.length - 8] ^= 1;
    const source = openGzipSource(new MemorySource(file));
    expect(isSame(await readAll(source), bytes)).toBe(true);
    expect(source.issues).toMatchObject([{ code: 'gzip-damaged' }]);
    await source.close();
  });

  it('followed by something else gives the member, and an issue', async () => {
    const source = openGzipSource(new MemorySource(Buffer.concat([gzipSync('hello'), Buffer.from('rubbish')])));
    expect(Buffer.from(await readAll(source)).toString()).toBe('hello');
    expect(source.issues).toMatchObject([{ code: 'gzip-damaged', fileOffset: 5 }]);
    await source.close();
  });

  it('may be closed half-way', async () => {
    const source = openGzipSource(new MemorySource(gzipSync(octets(3_000_000))));
    const into = new Uint8Array(1000);
    expect(await source.read(0, into, 0, 1000)).toBe(1000);
    const waiting = source.read(2_900_000, into, 0, 1000);
    await source.close();
    await expect(waiting).rejects.toThrow();
  });

  it('of a capture is read as the capture, with the issues of both', async () => {
    const records = Array.from({ length: 500 }, (_, i) => ({ seconds: 1000 + i, fraction: 0, frame: octets(100, i) }));
    const whole = gzipSync(makePcap(records));
    const source = openGzipSource(new MemorySource(whole.subarray(0, Math.floor(whole.length / 2))));
    const reader = await openReader(source);
    const frames = await takeFrames(reader);
    expect(frames.length).toBeGreaterThan(100);
    expect(frames.every((frame, i) => isSame(frame.bytes, records[i].frame))).toBe(true);
    expect(reader.issues.map(({ code }) => code).toSorted()).toEqual(['capture-cut', 'gzip-cut']);
    await source.close();
  });

  it('that holds nothing readable is refused with the reason', async () => {
    const source = openGzipSource(new MemorySource(gzipSync(makePcap([])).subarray(0, 12)));
    await expect(openReader(source)).rejects.toMatchObject({ name: 'UnreadableCaptureError' });
    await source.close();
  });
});
