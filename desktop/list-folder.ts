import { opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Folder, FolderEntry } from '../shared/shell-api.ts';
import { sentenceAbout } from './system-error.ts';

const MOST_ENTRIES = 5000;
/** Names looked at before giving up on a folder with very many files that are no captures. */
const MOST_NAMES = 200_000;
const STATS_AT_ONCE = 64;

/**
 * Whether a name is that of a capture: pcap and pcapng under their usual names, gzipped or numbered by rotation too; and of what
 * is made into one, browsers' logs and hex dumps among them.
 */
export function looksLikeCapture(name: string): boolean {
  return /\.(pcap|pcapng|cap|ntar|dmp|snoop|rtp|rtpdump|dump|log|moz_log|txt)\d*(\.gz)?$/i.test(name);
}

/**
 * What a folder holds: folders, and files that look like captures or all. `~` means home. Only what can be opened is
 * listed: no devices, pipes or broken links. Rejects with an Error of one sentence where it is no folder or cannot be read.
 */
export async function listFolder(path: string, allFiles: boolean, home: string = homedir()): Promise<Folder> {
  const folder = resolve(path === '~' || /^~[\\/]/.test(path) ? join(home, path.slice(1)) : path);
  const names: string[] = [];
  let isCut = false;
  try {
    let seen = 0;
    for await (const entry of await opendir(folder)) {
      const mayBeListed = !entry.isFile() || allFiles || looksLikeCapture(entry.name);
      if (names.length === MOST_ENTRIES || ++seen > MOST_NAMES) {
        isCut = true;
        break;
      }
      if (mayBeListed) names.push(entry.name);
    }
  } catch (error) {
    throw new Error(sentenceAbout(folder, error), { cause: error });
  }
  const entries: FolderEntry[] = [];
  for (let i = 0; i < names.length; i += STATS_AT_ONCE) {
    const some = await Promise.all(names.slice(i, i + STATS_AT_ONCE).map((name) => describe(folder, name)));
    for (const entry of some) {
      if (entry === null || (entry.kind === 'file' && !allFiles && !looksLikeCapture(entry.name))) continue;
      entries.push(entry);
    }
  }
  entries.sort(byKindAndName);
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, home, entries, isCut };
}

async function describe(folder: string, name: string): Promise<FolderEntry | null> {
  const path = join(folder, name);
  // Followed where it is a link: what counts is what would be opened.
  const status = await stat(path).catch(() => null);
  if (status === null || !(status.isFile() || status.isDirectory())) return null;
  return {
    name,
    path,
    kind: status.isDirectory() ? 'folder' : 'file',
    bytes: status.isDirectory() ? 0 : status.size,
    modifiedTime: status.mtimeMs / 1000,
    isHidden: name.startsWith('.'),
  };
}

const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function byKindAndName(a: FolderEntry, b: FolderEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}
