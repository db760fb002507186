import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesIn, FOREIGN_CAPTURES, OWN_CAPTURES, withCapture } from './capture-files.ts';
import { compareDigits, compareSip } from './compare-signalling.ts';
import { compareStreams } from './compare-streams.ts';
import { FOREIGN_DIFFERENCES, OWN_DIFFERENCES, OWN_GUESSED, OWN_UNSIGNALLED, unexplained } from './differences.ts';
import { hasSharkd, Sharkd } from './sharkd.ts';

const isInstalled = hasSharkd();
if (!isInstalled) console.log('tshark and sharkd are not installed: nothing to compare with, these tests are skipped.');
const foreign = capturesIn(FOREIGN_CAPTURES);
if (foreign.length === 0) console.log('There is no folder of third-party captures beside the project: left out.');

/** All differences, by path in the folder. */
async function compareAll(
  folder: string,
  paths: readonly string[],
  heuristic: boolean,
): Promise<Map<string, string[]>> {
  const sharkd = new Sharkd(heuristic);
  const found = new Map<string, string[]>();
  try {
    for (const path of paths) {
      await sharkd.load(join(folder, path));
      const differences = await withCapture(join(folder, path), async (capture) => [
        ...compareStreams(capture, await sharkd.streams()),
        ...(await compareSip(capture, sharkd)).map((line) => `SIP ${line}`),
        ...(await compareDigits(capture, sharkd)).map((line) => `DTMF ${line}`),
      ]);
      if (differences !== null && differences.length > 0) found.set(path, differences);
    }
  } finally {
    sharkd.close();
  }
  return found;
}

describe.skipIf(!isInstalled)('RTP streams, SIP messages and digits as Wireshark has them', () => {
  const own = capturesIn(OWN_CAPTURES);

  it('in the recorded captures', { timeout: 120_000 }, async () => {
    expect(own.length).toBeGreaterThan(50);
    const differences = await compareAll(OWN_CAPTURES, own, true);
    expect(unexplained(differences, [...OWN_DIFFERENCES, ...OWN_GUESSED])).toEqual([]);
  });

  it('in the recorded captures, without its heuristic', { timeout: 120_000 }, async () => {
    const differences = await compareAll(OWN_CAPTURES, own, false);
    expect(unexplained(differences, [...OWN_DIFFERENCES, ...OWN_UNSIGNALLED])).toEqual([]);
  });

  it.skipIf(foreign.length === 0)('in third-party captures', { timeout: 300_000 }, async () => {
    expect(unexplained(await compareAll(FOREIGN_CAPTURES, foreign, true), FOREIGN_DIFFERENCES)).toEqual([]);
  });
});
