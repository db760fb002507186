import { type FileHandle, open, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_BYTES = 64 * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;

/**
 * Octets that arrive once and are read again at any offset: the first in memory, what is beyond `memoryBytes` in a
 * temporary file that only this user may open and that has no name once it is open, so that nothing is left behind.
 */
export class Spool {
  lengthBytes = 0;
  private readonly pages: Uint8Array[] = [];
  private readonly memoryBytes: number;
  private readonly pageBytes: number;
  private file: FileHandle | undefined;
  private closed = false;

  constructor(memoryBytes = MEMORY_BYTES, pageBytes = PAGE_BYTES) {
    this.memoryBytes = memoryBytes;
    this.pageBytes = pageBytes;
  }

  /** Adds `chunk` at the end. One call at a time. Rejects with the system's error where the file cannot be written. */
  async append(chunk: Uint8Array): Promise<void> {
    const inMemory = Math.max(0, Math.min(chunk.length, this.memoryBytes - this.lengthBytes));
    this.appendToMemory(chunk.subarray(0, inMemory));
    if (inMemory < chunk.length) await this.appendToFile(chunk.subarray(inMemory));
  }

  /** Copies up to `length` octets at `offset` of what has arrived into `into` from `at`; gives how many. */
  async read(offset: number, into: Uint8Array, at: number, length: number): Promise<number> {
    const end = Math.min(offset + length, this.lengthBytes);
    let from = offset;
    while (from < Math.min(end, this.memoryBytes)) {
      const page = this.pages[Math.floor(from / this.pageBytes)];
      if (!page) throw new Error('The capture was closed.');
      const inPage = from % this.pageBytes;
      const size = Math.min(page.length - inPage, end - from, this.memoryBytes - from);
      into.set(page.subarray(inPage, inPage + size), at + from - offset);
      from += size;
    }
    while (from < end) {
      if (!this.file) throw new Error('The capture was closed.');
      const { bytesRead } = await this.file.read(into, at + from - offset, end - from, from - this.memoryBytes);
      if (bytesRead === 0) throw new Error('The temporary file of the capture ended early.');
      from += bytesRead;
    }
    return Math.max(0, end - offset);
  }

  /** Frees the memory and the file; further reads reject. */
  async close(): Promise<void> {
    this.closed = true;
    this.pages.length = 0;
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private appendToMemory(chunk: Uint8Array): void {
    let done = 0;
    while (done < chunk.length) {
      const inPage = this.lengthBytes % this.pageBytes;
      if (inPage === 0) this.pages.push(new Uint8Array(this.pageBytes));
      const page = this.pages[this.pages.length - 1];
      const size = Math.min(this.pageBytes - inPage, chunk.length - done);
      page.set(chunk.subarray(done, done + size), inPage);
      this.lengthBytes += size;
      done += size;
    }
  }

  private async appendToFile(chunk: Uint8Array): Promise<void> {
    const file = this.file ?? (await openUnnamed());
    if (this.closed) {
      await file.close();
      throw new Error('The capture was closed.');
    }
    this.file = file;
    let done = 0;
    while (done < chunk.length) {
      const at = this.lengthBytes - this.memoryBytes;
      const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at);
      this.lengthBytes += bytesWritten;
      done += bytesWritten;
    }
  }
}

async function openUnnamed(): Promise<FileHandle> {
  const path = join(tmpdir(), `earshot-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
