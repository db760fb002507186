import { describe, expect, it } from 'vitest';
import { PcapngReader } from './pcapng.ts';
import { concat, MemorySource, makeBlock, makeOption, Octetter, takeFrames } from './test-source.ts';

const SHB = 0x0a0d0d0a;

/** Blocks of one byte order. */
class Blocks {
  readonly little: boolean;

  constructor(little = true) {
    this.little = little;
  }

  body(): Octetter {
    return new Octetter(this.little);
  }

  option(code: number, value: string | Iterable<number>): Uint8Array {
    return makeOption(this.little, code, value);
  }

  block(type: number, body: Octetter): Uint8Array {
    return makeBlock(this.little, type, body.bytes());
  }

  section(...options: Uint8Array[]): Uint8Array {
    const body = this.body().u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff);
    return this.block(SHB, body.add(concat(...options)));
  }

  interface(linkType: number, snapLength = 0, ...options: Uint8Array[]): Uint8Array {
    return this.block(
      1,
      this.body()
        .u16(linkType, 0)
        .u32(snapLength)
        .add(concat(...options)),
    );
  }

  packet(index: number, units: bigint, frame: number[], wire = frame.length, ...options: Uint8Array[]): Uint8Array {
    const body = this.body().u32(index, Number(units >> 32n), Number(units & 0xffffffffn), frame.length, wire);
    return this.block(
      6,
      body
        .add(frame)
        .pad()
        .add(concat(...options)),
    );
  }
}

async function read(bytes: Uint8Array, blockBytes?: number) {
  const reader = new PcapngReader(new MemorySource(bytes), { blockBytes });
  return { reader, frames: await takeFrames(reader) };
}

const u64 = (value: number): number[] => [value, 0, 0, 0, 0, 0, 0, 0];

const little = new Blocks(true);
const big = new Blocks(false);
const time = 1_700_000_000_000_001n;

describe('pcapng', () => {
  it.each([
    ['little-endian', little],
    ['big-endian', big],
  ])('reads enhanced packets, %s', async (_, b) => {
    const bytes = concat(
      b.section(),
      b.interface(1, 96, b.option(2, 'eth0')),
      b.packet(0, time, [1, 2, 3], 60),
      b.packet(0, time + 5n, []),
    );
    const { reader, frames } = await read(bytes);
    expect(reader.interfaces).toEqual([{ linkType: 1, snapLength: 96, name: 'eth0' }]);
    expect(frames).toEqual([
      {
        // Section 28, interface 20 + 8 of its option, 28 before the frame.
        fileOffset: 28 + 28 + 28,
        bytes: Uint8Array.of(1, 2, 3),
        wireLength: 60,
        seconds: 1_700_000_000,
        nanoseconds: 1000,
        interfaceIndex: 0,
      },
      expect.objectContaining({ bytes: new Uint8Array(0), nanoseconds: 6000 }),
    ]);
    expect(reader.issues).toEqual([]);
    expect(reader.extras.droppedFrames).toBeNull();
  });

  it('numbers interfaces across sections of either byte order', async () => {
    const bytes = concat(
      little.section(),
      little.interface(1),
      little.interface(113),
      little.packet(1, time, [1]),
      big.section(),
      big.interface(101),
      big.packet(0, time, [2]),
    );
    const { reader, frames } = await read(bytes);
    expect(reader.interfaces.map(({ linkType }) => linkType)).toEqual([1, 113, 101]);
    expect(frames.map(({ interfaceIndex, bytes: [first] }) => [interfaceIndex, first])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('honours the resolution and offset of each interface', async () => {
    const offset = [100, 0, 0, 0, 0, 0, 0, 0];
    const bytes = concat(
      little.section(),
      little.interface(1, 0, little.option(9, [9])),
      little.interface(1, 0, little.option(9, [0x80 | 10]), little.option(14, offset)),
      little.packet(0, 1_700_000_000_123_456_789n, [1]),
      little.packet(1, (1_600_000_000n << 10n) | 256n, [2]),
    );
    const { frames } = await read(bytes);
    expect(frames[0]).toMatchObject({ seconds: 1_700_000_000, nanoseconds: 123_456_789 });
    expect(frames[1]).toMatchObject({ seconds: 1_600_000_100, nanoseconds: 250_000_000 });
  });

  it('reads simple packets with the time of the frame before and the snap length', async () => {
    const simple = little.block(3, little.body().u32(10).add([1, 2, 3, 4]));
    const bytes = concat(little.section(), little.interface(1, 4), simple, little.packet(0, time, [9]), simple);
    const { frames } = await read(bytes);
    expect(frames.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual([
      [0, 0],
      [1_700_000_000, 1000],
      [1_700_000_000, 1000],
    ]);
    expect(frames[2]).toMatchObject({ bytes: Uint8Array.of(1, 2, 3, 4), wireLength: 10 });
  });

  it('reads the packet block that came before', async () => {
    const old = (drops: number) =>
      big
        .body()
        .u16(1, drops)
        .u32(Number(time >> 32n), Number(time & 0xffffffffn), 2, 2);
    const bytes = concat(
      big.section(),
      big.interface(1),
      big.interface(1),
      big.block(2, old(3).add([7, 8])),
      big.block(2, old(0xffff).add([9, 10])),
    );
    const { reader, frames } = await read(bytes);
    expect(frames.map(({ interfaceIndex, bytes: b, nanoseconds }) => [interfaceIndex, b[0], nanoseconds])).toEqual([
      [1, 7, 1000],
      [1, 9, 1000],
    ]);
    expect(reader.extras.droppedFrames).toBe(3);
  });

  it('gathers comments, names and secrets', async () => {
    const names = big
      .body()
      .u16(1, 4 + 7)
      .add([192, 0, 2, 1])
      .text('pbx\0sip')
      .u8(0)
      .u16(2, 16 + 3)
      .add([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
      .text('v6\0')
      .u8(0)
      .u16(0, 0);
    const front = concat(
      big.section(big.option(1, 'Größe'), big.option(4, 'dumpcap')),
      big.interface(1),
      big.packet(0, time, [1]),
      big.packet(0, time, [2, 3], 2, big.option(2, [0, 0, 0, 1]), big.option(1, 'here'), big.option(0, [])),
      big.block(4, names),
    );
    const bytes = concat(front, big.block(10, big.body().u32(0x544c534b, 5).text('KEYS\n')));
    const { reader } = await read(bytes);
    expect(reader.extras.comments).toEqual([
      { frame: -1, text: 'Größe' },
      { frame: 1, text: 'here' },
    ]);
    expect(reader.extras.names).toEqual([
      { address: '192.0.2.1', name: 'pbx' },
      { address: '192.0.2.1', name: 'sip' },
      { address: '2001:db8::1', name: 'v6' },
    ]);
    expect(reader.extras.secrets).toEqual([{ type: 0x544c534b, fileOffset: front.length + 16, lengthBytes: 5 }]);
    const at = reader.extras.secrets[0].fileOffset;
    expect(Buffer.from(bytes.subarray(at, at + 5)).toString()).toBe('KEYS\n');
  });

  it('counts dropped frames by the latest statistics of each interface', async () => {
    const statistics = (index: number, drops: number, system: number) =>
      little.block(
        5,
        little
          .body()
          .u32(index, 0, 0)
          .add(little.option(5, u64(drops)))
          .add(little.option(7, u64(system))),
      );
    const bytes = concat(
      little.section(),
      little.interface(1),
      little.interface(1),
      little.packet(0, time, [1], 1, little.option(4, u64(2))),
      statistics(0, 5, 1),
      statistics(0, 9, 1),
      statistics(1, 4, 0),
      statistics(7, 100, 100),
    );
    const { reader } = await read(bytes);
    expect(reader.extras.droppedFrames).toBe(14);
  });

  it('skips blocks it does not know', async () => {
    const bytes = concat(
      little.section(),
      little.block(0xbad, little.body().u32(32473).text('custom')),
      little.interface(1),
      little.block(0x7fffffff, little.body()),
      little.packet(0, time, [1]),
    );
    const { reader, frames } = await read(bytes);
    expect(frames.length).toBe(1);
    expect(reader.issues).toEqual([]);
  });

  it('leaves out frames of an interface that is not described', async () => {
    const bytes = concat(
      little.section(),
      little.packet(0, time, [1]),
      little.interface(1),
      little.packet(1, time, [2]),
      little.packet(0, time, [3]),
    );
    const { reader, frames } = await read(bytes);
    expect(frames.map(({ bytes: [first] }) => first)).toEqual([3]);
    expect(reader.issues).toMatchObject([{ code: 'interface-unknown', fileOffset: 28 }]);
  });

  it.each([
    ['a total length that is no multiple of four', 4, 37],
    ['a total length that cannot be', 4, 0],
    ['a total length beyond all bounds', 7, 0x7f],
    ['a length at the end that differs', 32, 37],
    ['a frame longer than its block', 20, 99],
  ])('ends at %s and keeps what came before', async (_, at, value) => {
    const front = concat(little.section(), little.interface(1), little.packet(0, time, [1]));
    const broken = little.packet(0, time, [2]);
    broken[at] = value;
    const bytes = concat(front, broken, little.packet(0, time, [3]));
    const { reader, frames } = await read(bytes);
    expect(frames.map(({ bytes: [first] }) => first)).toEqual([1]);
    expect(reader.issues).toMatchObject([{ code: 'capture-damaged', fileOffset: front.length }]);
  });

  it('keeps what stands before a cut, and says where', async () => {
    const front = concat(little.section(), little.interface(1), little.packet(0, time, [1]));
    const bytes = concat(front, little.packet(0, time, [2]).subarray(0, 33));
    const { reader, frames } = await read(bytes);
    expect(frames.length).toBe(1);
    expect(reader.issues).toMatchObject([{ code: 'capture-cut', fileOffset: front.length }]);
  });

  it('says once that a time does not fit', async () => {
    const late = 0xffffffffffffffffn;
    const bytes = concat(
      little.section(),
      little.interface(1),
      little.packet(0, late, [1]),
      little.packet(0, late, []),
    );
    const { reader, frames } = await read(bytes);
    expect(frames[0].seconds).toBe(0xffffffff);
    expect(reader.issues.map(({ code }) => code)).toEqual(['time-out-of-range']);
  });

  it.each([64, 100, 1000])('gives the same in blocks of %i octets', async (blockBytes) => {
    const packets = Array.from({ length: 50 }, (_, i) =>
      little.packet(
        0,
        time + BigInt(i),
        Array.from({ length: 7 * i }, () => i),
      ),
    );
    const bytes = concat(little.section(), little.interface(1), ...packets);
    const whole = await read(bytes);
    expect(whole.frames.length).toBe(50);
    expect((await read(bytes, blockBytes)).frames).toEqual(whole.frames);
  });
});
