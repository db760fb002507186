import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginError } from '../../shared/plugins.ts';
import { type CompiledPlugin, compilePlugin, MOST_SOURCE_BYTES } from './compile.ts';

const MOST_PLUGINS = 50;

export interface LoadedPlugins {
  readonly compiled: readonly CompiledPlugin[];
  readonly errors: readonly PluginError[];
}

/** Whether a file of this name is taken for a plugin: no types, tests or hidden files. */
export function isPluginFile(name: string): boolean {
  return /^[^.].*\.(ts|js|mjs|mts)$/.test(name) && !/\.(d|test)\.m?ts$/.test(name);
}

/** Paths of the plugins that a path means: itself, or the files of the folder it is, by name. Rejects with the system's error. */
export async function pluginFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter(isPluginFile).toSorted();
  return names.slice(0, MOST_PLUGINS).map((name) => join(path, name));
}

/** Compiles the plugins of all paths. Never rejects: what cannot be read or compiled is an error. */
export async function loadPlugins(paths: readonly string[]): Promise<LoadedPlugins> {
  const compiled: CompiledPlugin[] = [];
  const errors: PluginError[] = [];
  for (const path of paths) {
    for (const file of await pluginFiles(path).catch((error: unknown) => [unreadable(path, error)])) {
      const result = typeof file === 'string' ? await loadPlugin(file) : { error: file };
      if ('error' in result) errors.push(result.error);
      else compiled.push(result.plugin);
    }
  }
  return { compiled, errors };
}

async function loadPlugin(file: string) {
  try {
    return await compilePlugin(file, await readSource(file));
  } catch (error) {
    return { error: unreadable(file, error) };
  }
}

/** The text of a plugin. Rejects with the system's error, or where it is too large to be one. */
export async function readSource(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MOST_SOURCE_BYTES) throw Object.assign(new Error(), { code: 'EFBIG' });
  return readFile(file, 'utf8');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder.',
  EACCES: 'It may not be read.',
  EFBIG: 'It is larger than any plugin.',
};

/** Why a file cannot be read, for a person. */
export function unreadable(file: string, error: unknown): PluginError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { message: REASONS[code] ?? 'It cannot be read.', file, line: null, column: null };
}
