import type { KeyLogText } from '../../shared/engine-api.ts';

/** Enough of a file to see what it is. */
const LOOKED_AT_BYTES = 64 << 10;
const MOST_BYTES = 64 << 20;
/**
 * Of a message to the engine, which is closed to larger ones. Characters that have to be escaped take more octets there
 * than in the file; what else is in it takes few.
 */
const MOST_MESSAGE_BYTES = (64 << 20) - 1024;
const LINE = /^[A-Z][A-Z0-9_]{2,63} [0-9a-fA-F]{64} [0-9a-fA-F]{2,256}\s*$/m;

/** Whether text begins as a key log does: plain text with a line like `CLIENT_RANDOM <32 octets> <secret>`. */
export function looksLikeKeyLog(start: string): boolean {
  // A capture may hold a key log as it stands (a Decryption Secrets Block), and is no text.
  return !start.includes('\0') && LINE.test(start);
}

/** Whether a file is a key log, by its content, whatever its name. */
export async function isKeyLog(file: File): Promise<boolean> {
  try {
    return looksLikeKeyLog(await file.slice(0, LOOKED_AT_BYTES).text());
  } catch {
    // A folder, or it is gone: opening it will say so.
    return false;
  }
}

/** The text of key logs. Rejects with a sentence. */
export async function readKeyLogs(files: readonly File[]): Promise<KeyLogText[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const logs = bytes > MOST_BYTES ? [] : await Promise.all(files.map(readKeyLog));
  const isTooLarge = bytes > MOST_BYTES || new Blob([JSON.stringify(logs)]).size > MOST_MESSAGE_BYTES;
  if (isTooLarge) throw new Error('Key logs of more than 64 MiB together are not taken.');
  return logs;
}

async function readKeyLog(file: File): Promise<KeyLogText> {
  try {
    return { name: file.name, text: await file.text() };
  } catch {
    throw new Error(`${file.name} cannot be read.`);
  }
}
