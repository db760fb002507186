import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CaptureReader } from '../readers/frame-batch.ts';
import { noExtras } from '../readers/extras.ts';
import { makePcap, takeFrames } from '../readers/test-source.ts';
import { openFileSource } from '../sources/file-source.ts';
import { readAheadFrom } from './ahead-reader.ts';
import { beginReading } from './begun-reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-begun-'));
afterAll(() => rmSync(folder, { recursive: true }));

function capture(name: string, frames: number): string {
  const path = join(folder, name);
  writeFileSync(path, makePcap(Array.from({ length: frames }, (_, i) => ({ seconds: i, fraction: 0, frame: [i] }))));
  return path;
}

/** What is read without a thread, told apart by its format. */
const plain: CaptureReader = {
  format: 'plain',
  interfaces: [],
  issues: [],
  extras: noExtras(),
  next: () => Promise.resolve(false),
};

it('goes on with the reading of the file that is wanted, once', async () => {
  const path = capture('wanted', 3);
  const readAhead = readAheadFrom(beginReading(path));
  const source = await openFileSource(path);
  try {
    expect(await takeFrames(readAhead(plain, source, undefined))).toHaveLength(3);
    expect(await takeFrames(readAhead(plain, source, undefined))).toHaveLength(0);
  } finally {
    await source.close();
  }
});

it('leaves a file that is not the one, or is another by now', async () => {
  const [begun, other] = [capture('begun', 3), capture('other', 5)];
  for (const [path, change] of [
    [other, () => {}],
    [begun, () => truncateSync(begun, 40)],
  ] as const) {
    const readAhead = readAheadFrom(beginReading(begun));
    change();
    const source = await openFileSource(path);
    expect(await takeFrames(readAhead(plain, source, undefined))).toHaveLength(0);
    await source.close();
  }
});

it('says why a file cannot be begun with', () => {
  expect(() => beginReading(join(folder, 'nowhere'))).toThrow(/ENOENT/);
});
