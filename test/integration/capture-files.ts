/** The captures tests run over, and how a test reads one. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { type ReadOptions, readCapture } from '../../engine/engine.ts';
import { UnreadableCaptureError } from '../../engine/readers/unreadable-capture-error.ts';
import { openSource } from '../../engine/sources/open-source.ts';

const root = process.env.EARSHOT_ROOT ?? fileURLToPath(new URL('../..', import.meta.url));

/** Recorded with test/recording; what is in them is known. */
export const OWN_CAPTURES = join(root, 'test/captures');
/** Packets in files that are no captures. */
export const CONTAINERS = join(OWN_CAPTURES, 'containers');
/** Other people's captures, kept beside the project and not part of it: tests do without where they are absent. */
export const FOREIGN_CAPTURES = process.env.EARSHOT_FOREIGN_CAPTURES ?? join(root, '../shared/captures');

/** Paths below a folder of everything that is a capture by name, in order; none where there is no such folder. */
export function capturesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .toSorted();
}

/**
 * Reads a capture whole and gives what `use` makes of it; null where the file is no capture at all. A dissector that
 * throws is let through.
 */
export async function withCapture<T>(
  path: string,
  use: (capture: Capture) => T | Promise<T>,
  options: Partial<ReadOptions> = {},
): Promise<T | null> {
  const source = await openSource(path);
  try {
    return await use(await readCapture(source, { dissectors: builtIns, fence: false, ...options }));
  } catch (error) {
    if (error instanceof UnreadableCaptureError) return null;
    throw error;
  } finally {
    await source.close();
  }
}

/** The path below the folder of captures it belongs to, with `/` between. */
export function shortName(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/');
}
