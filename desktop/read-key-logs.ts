import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { KeyLogText } from '../shared/engine-api.ts';
import { sentenceAbout } from './system-error.ts';

const MOST_BYTES = 64 << 20;

/** The text of files that a person chose as key logs. Rejects with a sentence, which holds nothing of what is in them. */
export async function readKeyLogs(paths: readonly string[]): Promise<KeyLogText[]> {
  const logs: KeyLogText[] = [];
  let bytes = 0;
  for (const path of paths) {
    try {
      const about = await stat(path);
      bytes += about.size;
      // A device or a pipe has no end.
      if (bytes <= MOST_BYTES && about.isFile()) {
        logs.push({ name: basename(path), text: await readFile(path, 'utf8') });
        continue;
      }
    } catch (error) {
      throw new Error(sentenceAbout(path, error), { cause: error });
    }
    throw new Error(
      bytes > MOST_BYTES ? 'Key logs of more than 64 MiB together are not taken.' : `${path}: it is not a file.`,
    );
  }
  return logs;
}
