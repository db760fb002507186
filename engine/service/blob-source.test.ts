import { describe, expect, it } from 'vitest';
import { BlobSource } from './blob-source.ts';

const MEGABYTE = 1 << 20;

function blobOf(lengthBytes: number) {
  const bytes = Uint8Array.from({ length: lengthBytes }, (_, i) => (i * 31 + (i >> 12)) & 255);
  const asked: number[] = [];
  const source = new BlobSource('blob.pcap', lengthBytes, async (offset, length) => {
    asked.push(offset / MEGABYTE);
    return bytes.slice(offset, offset + length);
  });
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const into = new Uint8Array(length + 4);
    const got = await source.read(offset, into, 4, length);
    return into.slice(4, 4 + got);
  };
  return { bytes, asked, source, read };
}

describe('BlobSource', () => {
  it('gives the octets of the blob, over the edges of blocks and short at its end', async () => {
    const { bytes, read } = blobOf(3 * MEGABYTE + 500);
    for (const [offset, length] of [
      [0, 10],
      [MEGABYTE - 5, 10],
      [MEGABYTE - 5, 2 * MEGABYTE],
      [3 * MEGABYTE + 490, 100],
      [3 * MEGABYTE + 500, 10],
      [9 * MEGABYTE, 10],
    ]) {
      expect(Buffer.from(await read(offset, length)).equals(bytes.subarray(offset, offset + length))).toBe(true);
    }
  });

  it('fetches a block once, and the next one ahead of who reads front to back', async () => {
    const { asked, read } = blobOf(4 * MEGABYTE);
    await read(0, 100);
    expect(asked).toEqual([0, 1]);
    await read(100, 100);
    await read(MEGABYTE, 100);
    expect(asked).toEqual([0, 1, 2]);
    await read(3 * MEGABYTE + 7, 100);
    await read(5, 100);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('fails as the window fails, and tries again the next time', async () => {
    let isBroken = true;
    const source = new BlobSource('blob.pcap', 100, async (_offset, length) => {
      if (isBroken) throw new Error('Changed.');
      return new Uint8Array(length).fill(7);
    });
    const into = new Uint8Array(10);
    await expect(source.read(0, into, 0, 10)).rejects.toThrow('Changed.');
    isBroken = false;
    expect(await source.read(0, into, 0, 10)).toBe(10);
    expect(into[9]).toBe(7);
    await source.close();
    await expect(source.read(0, into, 0, 10)).rejects.toThrow();
  });

  it('does not believe what is no answer', async () => {
    const source = new BlobSource('blob.pcap', 100, async () => new Uint8Array(5000));
    await expect(source.read(0, new Uint8Array(10), 0, 10)).rejects.toMatchObject({ code: 'blob' });
    const short = new BlobSource('blob.pcap', 100, async () => new Uint8Array(20));
    expect(await short.read(0, new Uint8Array(50), 0, 50)).toBe(20);
  });
});
