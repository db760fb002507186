import { describe, expect, it } from 'vitest';
import { openReader } from './detect.ts';
import { SnoopReader } from './snoop.ts';
import { MemorySource, Octetter, takeFrames } from './test-source.ts';

const header = (datalink = 4, version = 2): Octetter =>
  new Octetter(false).text('snoop').u8(0, 0, 0).u32(version, datalink);
/** A record of RFC 1761: original, included and record length, drops, seconds, microseconds, octets, padding to four. */
const record = (out: Octetter, frame: number[], wire = frame.length, drops = 0): Octetter =>
  out
    .u32(wire, frame.length, 24 + frame.length + ((4 - (frame.length % 4)) % 4), drops, 1_700_000_000, 250_000)
    .add(frame)
    .pad();

describe('snoop', () => {
  it('gives frames with their times, and what was dropped', async () => {
    const file = record(record(header(), [1, 2, 3, 4, 5], 60), [6], 1, 7).bytes();
    const reader = await openReader(new MemorySource(file));
    const frames = await takeFrames(reader);
    expect(frames).toMatchObject([
      {
        bytes: Uint8Array.of(1, 2, 3, 4, 5),
        wireLength: 60,
        seconds: 1_700_000_000,
        nanoseconds: 250_000_000,
        fileOffset: 40,
      },
      { bytes: Uint8Array.of(6), wireLength: 1, fileOffset: 72 },
    ]);
    expect({ format: reader.format, issues: reader.issues, interfaces: reader.interfaces }).toMatchObject({
      format: 'snoop',
      issues: [],
      interfaces: [{ linkType: 1 }],
    });
    expect(reader.extras.droppedFrames).toBe(7);
  });

  it.each([
    [0, 1],
    [2, 6],
    [4, 1],
    [8, 10],
  ])('datalink %i is link type %i', async (datalink, linkType) => {
    const reader = await openReader(new MemorySource(header(datalink).bytes()));
    expect([reader.interfaces[0].linkType, await takeFrames(reader), reader.issues]).toEqual([linkType, [], []]);
  });

  it('says what it does not know', async () => {
    const reader = await openReader(new MemorySource(header(99, 3).bytes()));
    expect(reader.issues.map(({ code }) => code)).toEqual(['snoop-version', 'snoop-datalink']);
  });

  it('ends at a record that cannot be, and says where', async () => {
    const file = record(header(), [1, 2, 3, 4]).u32(4, 4, 20, 0, 0, 0).bytes();
    const reader = new SnoopReader(new MemorySource(file), file, { blockBytes: 16 });
    expect(await takeFrames(reader)).toHaveLength(1);
    expect(reader.issues).toMatchObject([{ code: 'capture-damaged', fileOffset: 44 }]);
  });
});
