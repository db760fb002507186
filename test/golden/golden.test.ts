import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AheadReader } from '../../engine/reading/ahead-reader.ts';
import { ReadingThread } from '../../engine/reading/reading-thread.ts';
import type { ReadOptions } from '../../engine/engine.ts';
import type { FrameBatch } from '../../engine/readers/frame-batch.ts';
import { goldenCaptures, goldenPath, goldenTextOf, goldenTexts } from './golden-files.ts';

const captures = goldenCaptures();

/** Waits for the thread, which otherwise takes over when it has started. */
class PatientReader extends AheadReader {
  private isFirst = true;

  override async next(batch: FrameBatch): Promise<boolean> {
    while (this.isFirst && !this.thread.hasNews) await sleep(2);
    this.isFirst = false;
    return super.next(batch);
  }
}

const readAllAhead: ReadOptions['readAhead'] = (reader, { descriptor, lengthBytes }, signal) =>
  descriptor === undefined ? reader : new PatientReader(reader, new ReadingThread(descriptor, lengthBytes), signal);

describe('every recorded capture reads as its golden text (npm run golden writes them anew)', () => {
  it.each(captures)('%s', async (capture) => {
    expect(existsSync(goldenPath(capture)), `${capture} has no golden text: run npm run golden`).toBe(true);
    // Line by line, so that a difference shows as the lines that differ.
    expect((await goldenTextOf(capture)).split('\n')).toEqual(readFileSync(goldenPath(capture), 'utf8').split('\n'));
  });

  it.each(captures)('%s, where a thread reads ahead from the first frame on', async (capture) => {
    const text = await goldenTextOf(capture, { readAhead: readAllAhead });
    expect(text.split('\n')).toEqual(readFileSync(goldenPath(capture), 'utf8').split('\n'));
  });

  it('no golden text is left of a capture that is gone', () => {
    expect(goldenTexts()).toEqual(captures.map((capture) => `${capture}.txt`).toSorted());
  });
});
