import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { RecentCapture, Settings } from '../shared/shell-api.ts';

/** What is kept of a recent capture; the rest is found out when it is asked for. */
export type RecentEntry = Omit<RecentCapture, 'name' | 'folder' | 'isMissing'>;

interface Contents {
  readonly settings: Settings;
  readonly recents: readonly RecentEntry[];
  /** Where the file chooser was last. */
  readonly lastFolder: string | null;
}

const NOTHING: Contents = { settings: {}, recents: [], lastFolder: null };
const MOST_RECENTS = 20;
/** More than any window keeps: what is larger is damaged, or somebody's mistake. */
const MOST_BYTES = 4 << 20;

/**
 * What Earshot remembers from one start to the next, in one JSON file that only its user may read. A file that is missing
 * or damaged counts as empty and is replaced by the next change. Several processes may share the file: each change is
 * made to what it says at that moment, and the file appears whole or not at all.
 */
export class Kept {
  private readonly path: string;
  private last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.path = join(folder, 'earshot.json');
  }

  async settings(): Promise<Settings> {
    return (await this.read()).settings;
  }

  /** Merged into what is kept; null removes a value. Rejects where they would be too large, or with the system's error. */
  keepSettings(changes: Settings): Promise<void> {
    return this.change((contents) => {
      const settings = { ...contents.settings, ...changes };
      const left = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
      return { ...contents, settings: Object.fromEntries(left) };
    });
  }

  /** The latest first. */
  async recents(): Promise<RecentCapture[]> {
    const { recents } = await this.read();
    return Promise.all(
      recents.map(async (entry) => ({
        ...entry,
        name: basename(entry.path),
        folder: dirname(entry.path),
        isMissing: !(await stat(entry.path).then(
          (status) => status.isFile(),
          () => false,
        )),
      })),
    );
  }

  /** Rejects where the entry is none. */
  addRecent(entry: unknown): Promise<void> {
    const recent = recentOf(entry);
    if (recent === null) return Promise.reject(new Error('This cannot be kept as a recent capture.'));
    return this.change((contents) => ({
      ...contents,
      recents: [recent, ...contents.recents.filter(({ path }) => path !== recent.path)].slice(0, MOST_RECENTS),
    }));
  }

  clearRecents(): Promise<void> {
    return this.change((contents) => ({ ...contents, recents: [] }));
  }

  async lastFolder(): Promise<string | null> {
    return (await this.read()).lastFolder;
  }

  async keepLastFolder(lastFolder: string): Promise<void> {
    if ((await this.lastFolder()) !== lastFolder) await this.change((contents) => ({ ...contents, lastFolder }));
  }

  /** Settles when what was asked for before is written. */
  async settled(): Promise<void> {
    await this.last.catch(() => {});
  }

  private async read(): Promise<Contents> {
    try {
      const status = await stat(this.path);
      if (!status.isFile() || status.size > MOST_BYTES) return NOTHING;
      return contentsOf(JSON.parse(await readFile(this.path, 'utf8')));
    } catch {
      return NOTHING;
    }
  }

  private change(make: (contents: Contents) => Contents): Promise<void> {
    // One after the other: two changes at once would both start from the same contents.
    const done = this.last.catch(() => {}).then(async () => this.write(make(await this.read())));
    this.last = done;
    return done;
  }

  private async write(contents: Contents): Promise<void> {
    const text = `${JSON.stringify({ version: 1, ...contents }, null, 1)}\n`;
    if (text.length > MOST_BYTES) throw new Error('The settings are too large to be kept.');
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const partial = `${this.path}.${randomBytes(6).toString('hex')}`;
    try {
      const file = await open(partial, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, this.path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }
}

/** Takes what is sound and leaves the rest: the file may be anybody's work. */
function contentsOf(value: unknown): Contents {
  if (!isRecord(value)) return NOTHING;
  const { settings, recents, lastFolder } = value;
  return {
    settings: isRecord(settings) ? settings : {},
    recents: Array.isArray(recents)
      ? recents
          .map(recentOf)
          .filter((entry) => entry !== null)
          .slice(0, MOST_RECENTS)
      : [],
    lastFolder: typeof lastFolder === 'string' && isAbsolute(lastFolder) ? lastFolder : null,
  };
}

function recentOf(value: unknown): RecentEntry | null {
  if (!isRecord(value)) return null;
  const { path, bytes, calls, errors, warnings, openedTime } = value;
  if (typeof path !== 'string' || path.length > 4096 || path.includes('\0') || !isAbsolute(path)) return null;
  const numbers = { bytes, calls, errors, warnings, openedTime };
  for (const number of Object.values(numbers)) if (typeof number !== 'number' || !Number.isFinite(number)) return null;
  return { path, ...(numbers as Record<keyof typeof numbers, number>) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
