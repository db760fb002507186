import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where a browser's window keeps its profile, and where its first page lies. */
export interface WindowFolder {
  readonly profileFolder: string;
  /** Writes the page that leads to `address`, for this user's eyes only, and gives its own address. */
  writeBootPage(address: string): string;
  removeBootPage(): void;
  /** Gives the folder back; one that is not kept goes. */
  release(): void;
}

/**
 * The kept folder below `parent`, in which the browser remembers the window's size (under the path of its first page), or
 * one for this time only where another host has it or it cannot be written.
 */
export function takeWindowFolder(parent: string, temporaryParent: string): WindowFolder {
  const kept = join(parent, 'window');
  const lock = join(kept, 'in-use-by');
  if (takeLock(lock)) return folderAt(kept, () => rmSync(lock, { force: true }));
  const temporary = mkdtempSync(join(temporaryParent, 'window-folder-'));
  return folderAt(temporary, () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));
}

function folderAt(folder: string, release: () => void): WindowFolder {
  const page = join(folder, 'earshot.html');
  const removeBootPage = (): void => rmSync(page, { force: true });
  return {
    profileFolder: join(folder, 'profile'),
    writeBootPage: (address) => {
      removeBootPage();
      writeFileSync(page, bootPage(address), { flag: 'wx', mode: 0o600 });
      return pathToFileURL(page).href;
    },
    removeBootPage,
    release: () => {
      removeBootPage();
      release();
    },
  };
}

/** The address is the host's own: it needs no escaping. */
function bootPage(address: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}"><title>Earshot</title>
`;
}

/** A lock is the number of the process that has it; one whose process is gone counts for nothing. */
function takeLock(path: string): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return true;
    } catch {
      // Held by somebody, or a folder that cannot be written.
      if (isHeld(path) || !existsSync(path)) return false;
      rmSync(path, { force: true });
    }
  }
  return false;
}

function isHeld(path: string): boolean {
  let holder: number;
  try {
    holder = Number(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
  if (!Number.isSafeInteger(holder) || holder <= 0) return false;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
