import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadOptions } from '../../engine/engine.ts';
import { capturesIn, CONTAINERS, OWN_CAPTURES, withCapture } from '../integration/capture-files.ts';
import { goldenText } from './golden-text.ts';

export const GOLDEN_FOLDER = join(OWN_CAPTURES, '../golden');

/** Everything of test/captures that has a golden text: captures, and the files that are made into one. */
export function goldenCaptures(): string[] {
  const containers = readdirSync(CONTAINERS).filter((name) => !/\.pcap(ng)?$/.test(name));
  return [...capturesIn(OWN_CAPTURES), ...containers.map((name) => `containers/${name}`)].toSorted();
}

/** The golden texts there are, named as `goldenPath` does. */
export function goldenTexts(): string[] {
  return readdirSync(GOLDEN_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .map((name) => name.replaceAll('\\', '/'))
    .toSorted();
}

/** Where the text of a capture of test/captures is kept. */
export function goldenPath(capture: string): string {
  return join(GOLDEN_FOLDER, `${capture}.txt`);
}

/** The text of a capture of test/captures as Earshot finds it now. */
export async function goldenTextOf(capture: string, options: Partial<ReadOptions> = {}): Promise<string> {
  const text = await withCapture(join(OWN_CAPTURES, capture), goldenText, options);
  if (text === null) throw new Error(`${capture} is no capture`);
  return text;
}
