import { describe, expect, it } from 'vitest';
import { openReader } from './detect.ts';
import { FRAMES_PER_BATCH, FrameBatch } from './frame-batch.ts';
import { PcapReader, parsePcapHeader } from './pcap.ts';
import { concat, MemorySource, makePcap, type PcapRecord, takeFrames } from './test-source.ts';

async function read(bytes: Uint8Array, blockBytes?: number) {
  const header = parsePcapHeader(bytes.subarray(0, 24));
  if (!header) throw new Error('no pcap header');
  const reader = new PcapReader(new MemorySource(bytes), header, { blockBytes });
  return { reader, frames: await takeFrames(reader) };
}

function records(count: number, size = 20): PcapRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    seconds: 1_600_000_000 + i,
    fraction: i,
    frame: new Uint8Array(size).fill(i),
  }));
}

describe('pcap', () => {
  it('reads a file written out octet by octet', async () => {
    // tcpdump.org/manpages/pcap-savefile.5.html: magic, 2.4, zone, accuracy, snap length 64, link type 101 (raw IP).
    const hex = [
      'd4c3b2a1 0200 0400 00000000 00000000 40000000 65000000',
      'e5d64f5f 39300000 03000000 05000000 010203',
    ];
    const { reader, frames } = await read(Uint8Array.from(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex')));
    expect(reader.interfaces).toEqual([{ linkType: 101, snapLength: 64, name: '' }]);
    expect(reader.issues).toEqual([]);
    expect(frames).toEqual([
      {
        fileOffset: 40,
        bytes: Uint8Array.of(1, 2, 3),
        wireLength: 5,
        seconds: 0x5f4fd6e5,
        nanoseconds: 12_345_000,
        interfaceIndex: 0,
      },
    ]);
  });

  it.each([
    ['microseconds, little-endian', 0xa1b2c3d4, true, 123_456_000],
    ['microseconds, big-endian', 0xa1b2c3d4, false, 123_456_000],
    ['nanoseconds, little-endian', 0xa1b23c4d, true, 123_456],
    ['nanoseconds, big-endian', 0xa1b23c4d, false, 123_456],
    ['patched records', 0xa1b2cd34, true, 123_456_000],
  ])('reads %s', async (_, magic, littleEndian, nanoseconds) => {
    const bytes = makePcap(
      [
        { seconds: 4_000_000_000, fraction: 123_456, frame: [1, 2, 3] },
        { seconds: 7, fraction: 0, frame: [4] },
      ],
      { magic, littleEndian },
    );
    const { frames, reader } = await read(bytes);
    expect(frames.map((frame) => [...frame.bytes])).toEqual([[1, 2, 3], [4]]);
    expect(frames[0]).toMatchObject({ seconds: 4_000_000_000, nanoseconds });
    expect(reader.issues).toEqual([]);
  });

  it('carries a fraction of more than a second over', async () => {
    const { frames } = await read(makePcap([{ seconds: 10, fraction: 2_000_001, frame: [1] }]));
    expect(frames[0]).toMatchObject({ seconds: 12, nanoseconds: 1000 });
  });

  it('takes the link type without the frame check bits', async () => {
    const { reader } = await read(makePcap([], { linkType: 0x14000071 }));
    expect(reader.interfaces[0].linkType).toBe(0x71);
  });

  it('never gives a wire length below the captured', async () => {
    const { frames } = await read(makePcap([{ seconds: 1, fraction: 0, frame: [1, 2, 3, 4], wireLength: 2 }]));
    expect(frames[0].wireLength).toBe(4);
  });

  it('reads the length fields of version 2.2 the other way round', async () => {
    const bytes = makePcap([{ seconds: 1, fraction: 0, frame: [1, 2], wireLength: 9 }], { minor: 2 });
    const { frames } = await read(bytes);
    expect(frames[0]).toMatchObject({ wireLength: 9, bytes: Uint8Array.of(1, 2) });
  });

  it.each([0, 0xffffffff])('does not mind a snap length of %i', async (snapLength) => {
    const { frames, reader } = await read(makePcap(records(3, 2000), { snapLength }));
    expect(frames.length).toBe(3);
    expect(reader.issues).toEqual([]);
  });

  it.each([64, 100, 1000])('gives the same in blocks of %i octets', async (blockBytes) => {
    const bytes = makePcap(records(200, 37));
    const whole = await read(bytes);
    const pieces = await read(bytes, blockBytes);
    expect(whole.frames.length).toBe(200);
    expect(pieces.frames).toEqual(whole.frames);
  });

  it('reads frames larger than a block', async () => {
    const bytes = makePcap(records(3, 5000));
    const { frames, reader } = await read(bytes, 256);
    expect(frames.map((frame) => frame.bytes.length)).toEqual([5000, 5000, 5000]);
    expect(frames[2].bytes.every((octet) => octet === 2)).toBe(true);
    expect(reader.issues).toEqual([]);
  });

  it('gives the rest of a block when the batch was full', async () => {
    const bytes = new Uint8Array(24 + 16 * (FRAMES_PER_BATCH + 5));
    bytes.set(makePcap([]));
    const header = parsePcapHeader(bytes);
    if (!header) throw new Error('no pcap header');
    const source = new MemorySource(bytes);
    const reader = new PcapReader(source, header);
    const batch = new FrameBatch();
    expect(await reader.next(batch)).toBe(true);
    expect(batch.count).toBe(FRAMES_PER_BATCH);
    expect(await reader.next(batch)).toBe(true);
    expect(batch.count).toBe(5);
    expect(await reader.next(batch)).toBe(false);
    // One read for the block and one that meets the end.
    expect(source.reads).toBe(2);
  });

  it('keeps what stands before a cut, and says where', async () => {
    const bytes = makePcap(records(3));
    const { frames, reader } = await read(bytes.subarray(0, bytes.length - 1));
    expect(frames.length).toBe(2);
    expect(reader.issues).toMatchObject([{ code: 'capture-cut', fileOffset: 24 + 2 * 36 }]);
  });

  it('goes on behind damage where records certainly follow', async () => {
    const bytes = makePcap(records(10));
    // The captured length of the fourth record.
    const at = 24 + 3 * 36;
    bytes.set([0xff, 0xff, 0xff, 0xff], at + 8);
    const { frames, reader } = await read(bytes);
    expect(frames.map((frame) => frame.bytes[0])).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(reader.issues).toMatchObject([{ code: 'capture-damaged', fileOffset: at }]);
    expect(reader.issues[0].message).toContain('36 octets were passed over');
  });

  it('stops at damage where nothing certain follows', async () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919) >> 3);
    const { frames, reader } = await read(concat(makePcap(records(3)), noise));
    expect(frames.length).toBe(3);
    expect(reader.issues).toMatchObject([{ code: 'capture-damaged', fileOffset: 24 + 3 * 36 }]);
    expect(reader.issues[0].message).toContain('ended here');
  });

  it('takes a frame above the usual bound only where the capture has it whole', async () => {
    const large = { seconds: 1_600_000_000, fraction: 0, frame: new Uint8Array(300_000).fill(5) };
    const whole = makePcap([...records(1), large, ...records(2)]);
    const { frames, reader } = await read(whole, 4096);
    expect(frames.map((frame) => frame.bytes.length)).toEqual([20, 300_000, 20, 20]);
    expect(reader.issues).toEqual([]);
    const cut = await read(whole.subarray(0, 200_000));
    expect(cut.frames.length).toBe(1);
    expect(cut.reader.issues).toMatchObject([{ code: 'capture-damaged', fileOffset: 60 }]);
  });

  it('rejects with AbortError once the signal aborts, also while a read never comes back', async () => {
    const bytes = makePcap(records(2));
    const abort = new AbortController();
    const source = new MemorySource(bytes);
    const reader = await openReader(source, { signal: abort.signal });
    source.read = () => new Promise<number>(() => undefined);
    const next = reader.next(new FrameBatch());
    abort.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    await expect(reader.next(new FrameBatch())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('passes an error of the source on', async () => {
    const source = new MemorySource(makePcap(records(2)));
    const reader = await openReader(source);
    source.read = () => Promise.reject(new Error('EIO'));
    await expect(reader.next(new FrameBatch())).rejects.toThrow('EIO');
  });
});
