import { access } from 'node:fs/promises';
import { builtIns } from '../dissectors/index.ts';
import type { ReadOptions } from '../engine/engine.ts';
import { loadPlugins } from '../engine/plugins/find-plugins.ts';
import { RunningPlugins } from '../engine/plugins/running-plugins.ts';
import { codeOf, Exit, Failure, reasonOf } from './failure.ts';
import type { Options } from './options.ts';

/**
 * Starts what `--plugin` names; null where it names nothing. A plugin that does not work is a warning of the capture;
 * throws a `Failure` where a path leads nowhere.
 */
export async function startPlugins({ plugins }: Pick<Options, 'plugins'>): Promise<RunningPlugins | null> {
  if (plugins.length === 0) return null;
  for (const path of plugins) {
    await access(path).catch((error: unknown) => {
      if (codeOf(error) === '') throw error;
      throw new Failure(Exit.Usage, `--plugin: cannot read ${path}: ${reasonOf(error)}.`);
    });
  }
  return RunningPlugins.start(await loadPlugins(plugins), builtIns);
}

/** Who may dissect: the built-in ones and the plugins'. */
export function dissectorsWith(plugins: RunningPlugins | null): ReadOptions['dissectors'] {
  return [...builtIns, ...(plugins?.dissectors ?? [])];
}
