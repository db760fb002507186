import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sentenceAbout } from './system-error.ts';

/** The whole path of a capture named on a command line. Rejects with an Error of one sentence where it is no file. */
export async function captureArgument(named: string, folder: string): Promise<string> {
  const path = resolve(folder, named);
  try {
    if (!(await stat(path)).isDirectory()) return path;
  } catch (error) {
    throw new Error(sentenceAbout(named, error), { cause: error });
  }
  throw new Error(`${named}: it is a folder, not a capture.`);
}
