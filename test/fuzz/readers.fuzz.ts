import { openReader } from '../../engine/readers/detect.ts';
import { FrameBatch } from '../../engine/readers/frame-batch.ts';
import { PcapReader, parsePcapHeader } from '../../engine/readers/pcap.ts';
import { isPcapngStart, PcapngReader } from '../../engine/readers/pcapng.ts';
import {
  concat,
  MemorySource,
  makeBlock,
  makeOption,
  makePcap,
  Octetter,
  takeFrames,
} from '../../engine/readers/test-source.ts';
import { UnreadableCaptureError } from '../../engine/readers/unreadable-capture-error.ts';

const batch = new FrameBatch();

/** A small capture of each shape, to break. */
function seeds(): Uint8Array[] {
  const records = Array.from({ length: 6 }, (_, i) => ({
    seconds: 1_600_000_000 + i,
    fraction: i,
    frame: new Uint8Array(11 * i).fill(i),
  }));
  return [
    makePcap(records),
    makePcap(records, { littleEndian: false, magic: 0xa1b23c4d }),
    makePcap(records, { magic: 0xa1b2cd34 }),
    makePcap(records, { minor: 2 }),
    makePcap(records, { minor: 3 }),
    concat(pcapngSection(true), pcapngSection(false)),
  ];
}

function pcapngSection(little: boolean): Uint8Array {
  const body = (): Octetter => new Octetter(little);
  const block = (type: number, octets: Octetter): Uint8Array => makeBlock(little, type, octets.bytes());
  const comment = makeOption(little, 1, 'a comment');
  const time = [395_812_190, 1_234_567_890] as const;
  return concat(
    block(0x0a0d0d0a, body().u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff).add(comment)),
    block(
      1,
      body()
        .u16(1, 0)
        .u32(96)
        .add(makeOption(little, 2, 'eth0'))
        .add(makeOption(little, 9, [9])),
    ),
    block(
      1,
      body()
        .u16(113, 0)
        .u32(0)
        .add(makeOption(little, 9, [0x94]))
        .add(makeOption(little, 14, [1, 2, 3, 4, 5, 6, 7, 8])),
    ),
    block(
      6,
      body()
        .u32(0, ...time, 5, 60)
        .add([1, 2, 3, 4, 5])
        .pad()
        .add(comment)
        .u16(0, 0),
    ),
    block(
      6,
      body()
        .u32(1, ...time, 3, 3)
        .add([1, 2, 3])
        .pad()
        .u16(4, 8)
        .u32(1, 0),
    ),
    block(3, body().u32(9).add([1, 2, 3, 4, 5, 6, 7, 8, 9])),
    block(
      2,
      body()
        .u16(1, 4)
        .u32(...time, 2, 2)
        .add([1, 2]),
    ),
    block(
      4,
      body().u16(1, 8).add([192, 0, 2, 1]).text('pbx').u8(0).u16(2, 18).add(new Uint8Array(16)).text('v6').pad(),
    ),
    block(10, body().u32(0x544c534b, 5).text('KEYS\n')),
    block(
      5,
      body()
        .u32(0, ...time)
        .add(makeOption(little, 5, [1, 2, 3, 4, 5, 6, 7, 8])),
    ),
    block(0xbad, body().u32(32473).text('custom')),
  );
}

/** Breaks a copy: cut, bits flipped, octets overwritten with telling values, a part doubled, or noise altogether. */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  const telling = [0, 1, 3, 4, 0x7f, 0x80, 0xff];
  const bytes = seed.slice(0, random() < 0.3 ? below(seed.length + 1) : seed.length);
  if (bytes.length === 0) return bytes;
  const kind = below(10);
  if (kind === 0) return Uint8Array.from({ length: below(300) }, () => below(256));
  if (kind === 1) {
    // Noise behind a good beginning.
    for (let i = below(bytes.length); i < bytes.length; i++) bytes[i] = below(256);
    return bytes;
  }
  if (kind === 2) {
    const from = below(bytes.length);
    return concat(bytes, bytes.subarray(from, from + below(200)));
  }
  for (let i = below(6); i >= 0; i--) {
    const at = below(bytes.length);
    if (kind < 6) bytes[at] ^= 1 << below(8);
    else bytes[at] = telling[below(telling.length)];
  }
  return bytes;
}

/** Reads an input as the engine would; throws where a reader breaks its promise. Gives the frames read. */
export async function readAnything(bytes: Uint8Array, blockBytes?: number): Promise<number> {
  const header = parsePcapHeader(bytes);
  const source = new MemorySource(bytes);
  if (blockBytes !== undefined && header) {
    return (await takeFrames(new PcapReader(source, header, { blockBytes }), batch)).length;
  }
  if (blockBytes !== undefined && isPcapngStart(bytes)) {
    return (await takeFrames(new PcapngReader(source, { blockBytes }), batch)).length;
  }
  try {
    const frames = await takeFrames(await openReader(source), batch);
    // Every frame takes at least twelve octets of the input, so more would be frames made up.
    if (frames.length * 12 > bytes.length) throw new Error(`${frames.length} frames from ${bytes.length} octets`);
    return frames.length;
  } catch (error) {
    if (error instanceof UnreadableCaptureError) return 0;
    throw error;
  }
}

/** Small captures cut at every length; every one must be read without a fault and give no more frames than the whole. */
export async function readEveryCut(): Promise<void> {
  for (const seed of seeds()) {
    const whole = await readAnything(seed);
    let before = 0;
    for (let length = 0; length <= seed.length; length++) {
      const frames = await readAnything(seed.subarray(0, length));
      if (frames < before || frames > whole) throw new Error(`cut at ${length}: ${frames} frames after ${before}`);
      before = frames;
    }
    if (before !== whole || whole < 4) throw new Error(`the whole seed gave ${before} frames`);
  }
}

/**
 * Reads `inputs` broken captures, each whole and in small blocks. Rejects, with the input in hexadecimal, where a reader
 * throws, gives a frame outside its block, or depends on where blocks end.
 */
export async function fuzzReaders(random: () => number, inputs: number): Promise<void> {
  const all = seeds();
  for (let i = 0; i < inputs; i++) {
    const bytes = mutate(all[Math.floor(random() * all.length)], random);
    try {
      const whole = await readAnything(bytes);
      const blockBytes = 16 + Math.floor(random() * 100);
      const pieces = await readAnything(bytes, blockBytes);
      if (whole !== pieces) throw new Error(`${whole} frames, but ${pieces} in blocks of ${blockBytes}`);
    } catch (error) {
      throw new Error(`input ${i}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
    }
  }
}
