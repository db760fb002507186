import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from './byte-source.ts';

/** A regular file, read in place. */
class FileSource implements ByteSource {
  readonly name: string;
  readonly lengthBytes: number;
  private readonly handle: FileHandle;

  constructor(name: string, lengthBytes: number, handle: FileHandle) {
    this.name = name;
    this.lengthBytes = lengthBytes;
    this.handle = handle;
  }

  get descriptor(): number {
    return this.handle.fd;
  }

  async read(offset: number, into: Uint8Array, at: number, length: number): Promise<number> {
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle.read(into, at + done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Opens a regular file. Rejects with the system's error (ENOENT, EACCES, EISDIR, …). */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return new FileSource(basename(path), size, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}
