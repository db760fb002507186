import type * as Begun from '../engine/reading/begun-reading.ts';
import { AHEAD_FROM_BYTES } from '../engine/reading/messages.ts';

// Not imported: see program.ts.
const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const vm = process.getBuiltinModule('node:vm');

/**
 * Has a thread begin to read the first of the words of a command line that names a large file: most likely the capture. Null where none does,
 * or nothing is read here. `folder` is that of the program, an address that ends in a slash.
 */
export function beginReading(folder: string, words: readonly string[]): Begun.BegunReading | null {
  // What `open` opens is read by the window's process.
  if (words.includes('open')) return null;
  const path = words.find((word) => !word.startsWith('-') && isLarge(word));
  try {
    return path === undefined ? null : load(folder).beginReading(path);
  } catch {
    // The command says what is wrong with it.
    return null;
  }
}

function isLarge(word: string): boolean {
  try {
    const stats = statSync(word, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size >= AHEAD_FROM_BYTES;
  } catch {
    // Most words are no paths, and some cannot be one: a filter is longer than a name may be.
    return false;
  }
}

/** A script and no module, as modules are loaded later. */
function load(folder: string): typeof Begun {
  const file = fileURLToPath(new URL('begin-reading.cjs', folder));
  const script = new vm.Script(readFileSync(file, 'latin1'), { filename: file });
  const module = { exports: {} };
  const run = script.runInThisContext() as (require: (name: string) => unknown, into: typeof module) => void;
  run((name) => process.getBuiltinModule(name), module);
  return module.exports as typeof Begun;
}
