import { join } from 'node:path';
import { OWN_CAPTURES, withCapture } from '../integration/capture-files.ts';
import { goldenText } from './golden-text.ts';

export const GOLDEN_FOLDER = join(OWN_CAPTURES, '../golden');

/** Where the text of a capture of test/captures is kept. */
export function goldenPath(capture: string): string {
  return join(GOLDEN_FOLDER, `${capture}.txt`);
}

/** The text of a capture of test/captures as Earshot finds it now. */
export async function goldenTextOf(capture: string): Promise<string> {
  const text = await withCapture(join(OWN_CAPTURES, capture), goldenText);
  if (text === null) throw new Error(`${capture} is no capture`);
  return text;
}
