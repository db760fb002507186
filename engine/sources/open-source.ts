import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { converted } from '../containers/converted-source.ts';
import type { ByteSource } from './byte-source.ts';
import { openFileSource } from './file-source.ts';
import { isGzipStart, openGzipSource } from './gzip-source.ts';
import { openStreamSource } from './stdin-source.ts';

/**
 * Opens the octets of a capture: a file, a pipe, or with `-` standard input; what is gzip is inflated, and what holds
 * packets without being a capture (a browser's log, a hex dump, an rtpdump) made into one. Rejects with the system's error (ENOENT, EACCES, EISDIR, …).
 */
export async function openSource(path: string): Promise<ByteSource> {
  return inflated(await openPlain(path));
}

/** The source itself, what it inflates to where it is gzip, or the capture made of it; closed where its first octets cannot be read. */
export async function inflated(source: ByteSource): Promise<ByteSource> {
  let inner = source;
  try {
    const start = new Uint8Array(3);
    const got = await source.read(0, start, 0, start.length);
    inner = isGzipStart(start.subarray(0, got)) ? openGzipSource(source) : source;
    return await converted(inner);
  } catch (error) {
    await inner.close();
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
