import { constants, unlinkSync } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A file being written that nobody sees until it is whole. */
export interface AtomicFile {
  /** Octets added so far. */
  readonly lengthBytes: number;
  /** Adds `bytes` at the end. One call at a time, `patch` included. */
  write(bytes: Uint8Array): Promise<void>;
  /** Overwrites at `at` (a header whose figures are known last). Left out where that cannot be done: a pipe, a device. */
  readonly patch?: (at: number, bytes: Uint8Array) => Promise<void>;
  /** Puts the file in its place, replacing what stood there. */
  commit(): Promise<void>;
  /** Leaves what stood there as it was. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/** Names of unfinished files, so that a signal's handler can remove them at once. */
const unfinished = new Set<string>();

/** Removes every unfinished file now, for a process that is about to be ended by a signal. */
export function discardUnfinishedFiles(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // Gone already, or not to be removed: the process ends either way.
    }
  }
  unfinished.clear();
}

/**
 * Opens `path` for writing beside the place where it will stand. A symbolic link stays one: its target is replaced. A
 * device, a pipe or standard output has no whole to wait for and is written in place. `mode` are a new file's permissions,
 * less the umask. Rejects with the system's error (ENOENT where the
 * folder is missing, EACCES, EISDIR, ENOSPC, …), as do the methods.
 */
export async function openAtomicFile(path: string, mode = 0o666): Promise<AtomicFile> {
  if (isStandardOutput(path)) return new StandardOutput();
  const target = await realpath(path).catch(() => resolve(path));
  const existing = await stat(target).catch(() => null);
  if (existing !== null) {
    if (existing.isDirectory()) throw Object.assign(new Error('It is a folder.'), { code: 'EISDIR' });
    // A rename would replace even a file that may not be written.
    await access(target, constants.W_OK);
    if (!existing.isFile()) return new PlacedFile(await open(target, 'w'), null, target);
  }
  // Chance need not be secret here: the name is only taken where there is no such file.
  const chance = Math.random().toString(36).slice(2, 10);
  const partial = join(dirname(target), `.${basename(target).slice(0, 64)}.${chance}.partial`);
  unfinished.add(partial);
  try {
    return new PlacedFile(await open(partial, 'wx', mode), partial, target);
  } catch (error) {
    unfinished.delete(partial);
    throw error;
  }
}

/** Fills a file and puts it in its place; where `fill` rejects, nothing appears and the rejection goes on. */
export async function writeAtomically<T>(
  path: string,
  fill: (file: AtomicFile) => Promise<T>,
  mode?: number,
): Promise<T> {
  const file = await openAtomicFile(path, mode);
  try {
    const result = await fill(file);
    await file.commit();
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Whether a path means standard output: `-`, or one of its names in the file system. */
export function isStandardOutput(path: string): boolean {
  return ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'].includes(path);
}

/** Not opened by name, which a socket does not allow and which would write a redirected file from its start. */
class StandardOutput implements AtomicFile {
  lengthBytes = 0;

  async write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((done, fail) => {
      process.stdout.write(bytes, (error) => (error ? fail(error) : done()));
    });
    this.lengthBytes += bytes.length;
  }

  async commit(): Promise<void> {}

  async discard(): Promise<void> {}
}

class PlacedFile implements AtomicFile {
  lengthBytes = 0;
  readonly patch?: (at: number, bytes: Uint8Array) => Promise<void>;
  private readonly handle: FileHandle;
  /** null where the target is written in place. */
  private readonly partial: string | null;
  private readonly target: string;
  private open = true;

  constructor(handle: FileHandle, partial: string | null, target: string) {
    this.handle = handle;
    this.partial = partial;
    this.target = target;
    if (partial !== null) this.patch = (at, bytes) => this.put(at, bytes);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.put(this.partial === null ? null : this.lengthBytes, bytes);
    this.lengthBytes += bytes.length;
  }

  private async put(start: number | null, bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const at = start === null ? null : start + done;
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, at);
      done += bytesWritten;
    }
  }

  async commit(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    try {
      await this.handle.close();
      if (this.partial !== null) await rename(this.partial, this.target);
    } catch (error) {
      await this.remove();
      throw error;
    }
    if (this.partial !== null) unfinished.delete(this.partial);
  }

  async discard(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.handle.close().catch(() => {});
    await this.remove();
  }

  private async remove(): Promise<void> {
    if (this.partial === null) return;
    await unlink(this.partial).catch(() => {});
    unfinished.delete(this.partial);
  }
}
