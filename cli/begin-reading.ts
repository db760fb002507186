import type * as Begun from '../engine/reading/begun-reading.ts';
import { AHEAD_FROM_BYTES } from '../engine/reading/messages.ts';
import { compileScript } from './program.ts';

// Not imported: see program.ts.
const { statSync } = process.getBuiltinModule('node:fs');

/** What `begin-reading.cjs` is: a function of what gives it Node's modules, and of where it puts what it has. */
type BeginScript = (require: (name: string) => unknown, module: { exports: object }) => void;

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
  const module = { exports: {} };
  const run = compileScript(folder, 'begin-reading.cjs').runInThisContext() as BeginScript;
  run((name) => process.getBuiltinModule(name), module);
  return module.exports as typeof Begun;
}
