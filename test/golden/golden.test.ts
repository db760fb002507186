import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AheadReader } from '../../engine/reading/ahead-reader.ts';
import { ReadingThread } from '../../engine/reading/reading-thread.ts';
import { noExtras } from '../../engine/readers/extras.ts';
import type { CaptureReader } from '../../engine/readers/frame-batch.ts';
import type { ReadOptions } from '../../engine/engine.ts';
import { goldenCaptures, goldenPath, goldenTextOf, goldenTexts } from './golden-files.ts';

const captures = goldenCaptures();

/** Has even a small file read by a thread. */
const readAllAhead: ReadOptions['readAhead'] = (reader, { descriptor, lengthBytes }, signal) =>
  descriptor === undefined
    ? reader
    : new AheadReader(unread(reader), new ReadingThread(descriptor, lengthBytes), signal);

/** Nothing is read by it, so that a thread that does not start is noticed. */
function unread({ format }: CaptureReader): CaptureReader {
  const next = (): Promise<never> => Promise.reject(new Error('the thread was done without'));
  return { format, interfaces: [], issues: [], extras: noExtras(), next };
}

describe('every recorded capture reads as its golden text (npm run golden writes them anew)', () => {
  it.each(captures)('%s', async (capture) => {
    expect(existsSync(goldenPath(capture)), `${capture} has no golden text: run npm run golden`).toBe(true);
    // Line by line, so that a difference shows as the lines that differ.
    expect((await goldenTextOf(capture)).split('\n')).toEqual(readFileSync(goldenPath(capture), 'utf8').split('\n'));
  });

  it.each(captures)('%s, where a thread reads ahead', async (capture) => {
    const text = await goldenTextOf(capture, { readAhead: readAllAhead });
    expect(text.split('\n')).toEqual(readFileSync(goldenPath(capture), 'utf8').split('\n'));
  });

  it('no golden text is left of a capture that is gone', () => {
    expect(goldenTexts()).toEqual(captures.map((capture) => `${capture}.txt`).toSorted());
  });
});
