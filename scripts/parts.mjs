// The parts that are built, what each is built from and where it goes. Uses Node alone: bootstrap.mjs needs it before anything is installed.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const engine = ['base', 'dissectors', 'media', 'shared', 'engine'];
const always = ['scripts/build.mjs', 'scripts/parts.mjs', 'package.json'];

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} entry where this is not there yet, there is nothing to build
 * @property {string} output written last: its time is the time of the build
 * @property {readonly string[]} sources
 */

/** @type {readonly Part[]} */
export const parts = [
  {
    name: 'codecs',
    entry: 'engine/codecs/decode-worker.ts',
    output: 'dist/codecs/decode-worker.cjs',
    sources: ['engine/codecs', 'media/codecs'],
  },
  {
    name: 'cli',
    entry: 'cli/main.ts',
    output: 'dist/cli/earshot.mjs',
    sources: [...engine, 'cli', 'scripts/code-cache.mjs'],
  },
  { name: 'host', entry: 'host/main.ts', output: 'dist/host/main.mjs', sources: [...engine, 'desktop', 'host'] },
  {
    name: 'electron',
    entry: 'electron/main.ts',
    output: 'dist/electron/main.cjs',
    sources: [...engine, 'desktop', 'electron'],
  },
  {
    name: 'renderer',
    entry: 'renderer/index.html',
    output: 'dist/renderer/index.html',
    sources: ['base', 'shared', 'renderer', 'resources', 'vite.config.ts'],
  },
];

/**
 * Names of the parts that are not built, or older than something they are built from.
 * @param {string} folder the project's
 */
export function staleParts(folder) {
  return parts.filter((part) => isStale(folder, part)).map(({ name }) => name);
}

/**
 * @param {string} folder
 * @param {Part} part
 */
function isStale(folder, { entry, output, sources }) {
  if (modified(join(folder, entry)) === 0) return false;
  const built = modified(join(folder, output));
  return built === 0 || [...sources, ...always].some((source) => newest(join(folder, source)) > built);
}

/**
 * Time of the newest file in a folder, tests left out; a file's own time; 0 where there is nothing.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return 0;
  if (!status.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : status.mtimeMs;
  // The folder's own time is not looked at: it changes with every temporary file of an editor.
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * A file's time in milliseconds; 0 where there is none.
 * @param {string} path
 */
export function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
