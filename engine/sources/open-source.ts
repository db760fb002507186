import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from './byte-source.ts';
import { openFileSource } from './file-source.ts';
import { isGzipStart, openGzipSource } from './gzip-source.ts';
import { openStreamSource } from './stdin-source.ts';

/**
 * Opens the octets of a capture: a file, a pipe, or with `-` standard input; what is gzip is inflated. Rejects with the
 * system's error (ENOENT, EACCES, EISDIR, …).
 */
export async function openSource(path: string): Promise<ByteSource> {
  return inflated(await openPlain(path));
}

/** The source itself, or what it inflates to where it is gzip; closed where its first octets cannot be read. */
export async function inflated(source: ByteSource): Promise<ByteSource> {
  try {
    const start = new Uint8Array(3);
    const got = await source.read(0, start, 0, start.length);
    return isGzipStart(start.subarray(0, got)) ? openGzipSource(source) : source;
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openPlain(path: string): Promise<ByteSource> {
  if (path === '-') return openStreamSource(process.stdin);
  const about = await stat(path);
  // A pipe has no size and no offsets: it is read once, front to back.
  if (about.isFIFO() || about.isCharacterDevice()) return openStreamSource(createReadStream(path), basename(path));
  return openFileSource(path);
}
