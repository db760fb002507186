import { isKeyLog } from './key-log-files.ts';
import { openFile } from './open.ts';
import { addKeyLogFiles } from './secrets.ts';

/** A file that was dropped, and its path where the shell knows it, else ''. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

/** Adds the key logs among them and opens the first that is none; both together, the capture is read with the logs. */
export async function takeDropped(dropped: readonly DroppedFile[]): Promise<void> {
  const areLogs = await Promise.all(dropped.map(({ file }) => isKeyLog(file)));
  const logs = dropped.filter((_, at) => areLogs[at]).map(({ file }) => file);
  const capture = dropped.find((_, at) => !areLogs[at]);
  if (logs.length > 0) await addKeyLogFiles(logs, { reread: capture === undefined });
  if (capture !== undefined) openFile(capture.file, capture.path);
}
