import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldenCaptures, goldenPath, goldenTextOf, goldenTexts } from './golden-files.ts';

const captures = goldenCaptures();

describe('every recorded capture reads as its golden text (npm run golden writes them anew)', () => {
  it.each(captures)('%s', async (capture) => {
    expect(existsSync(goldenPath(capture)), `${capture} has no golden text: run npm run golden`).toBe(true);
    // Line by line, so that a difference shows as the lines that differ.
    expect((await goldenTextOf(capture)).split('\n')).toEqual(readFileSync(goldenPath(capture), 'utf8').split('\n'));
  });

  it('no golden text is left of a capture that is gone', () => {
    expect(goldenTexts()).toEqual(captures.map((capture) => `${capture}.txt`).toSorted());
  });
});
