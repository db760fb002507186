// Who may import whom. Runs with lint; prints each breach and exits 1 where there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The table of ARCHITECTURE.md. The first row whose folder holds a file decides. A `*` stands for one folder name,
 * 'node' for Node's modules; anything else is a folder, a file, or a package. A folder may always import from itself.
 * Test files may import anything.
 * @type {readonly { folder: string, mayImport: readonly string[] | 'anything' }[]}
 */
export const layers = [
  { folder: 'base', mayImport: [] },
  { folder: 'dissectors/dissector.ts', mayImport: ['base'] },
  { folder: 'dissectors/index.ts', mayImport: ['base', 'dissectors'] },
  { folder: 'dissectors/*', mayImport: ['base', 'dissectors/dissector.ts'] },
  { folder: 'media/codecs/opus.ts', mayImport: ['media', 'base', 'node_modules/libopus-wasm'] },
  { folder: 'media/codecs/amr.ts', mayImport: ['media', 'base', 'node_modules/@audio/decode-amr'] },
  { folder: 'media', mayImport: ['base'] },
  { folder: 'shared', mayImport: ['base'] },
  // Reading and writing files is the only thing the engine wants of Node.
  { folder: 'engine/sources', mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'media', 'node'] },
  { folder: 'engine/export', mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'media', 'node'] },
  // Who makes calls of SIP rows must know the columns of SIP. The pass and everything below it must not.
  { folder: 'engine/audio', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media'] },
  { folder: 'engine/digits', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media'] },
  { folder: 'engine/trackers', mayImport: ['engine', 'base', 'shared', 'dissectors/*'] },
  { folder: 'engine/quality', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media'] },
  { folder: 'engine/compare', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media'] },
  {
    folder: 'engine/query',
    mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'dissectors/*', 'media'],
  },
  // Ciphers are Node's; what is opened with them is known by the columns.
  {
    folder: 'engine/srtp',
    mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'dissectors/*', 'media', 'node'],
  },
  { folder: 'engine/tls', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media', 'node'] },
  { folder: 'engine/esp', mayImport: ['engine', 'base', 'node'] },
  { folder: 'engine/stun-integrity', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'node'] },
  { folder: 'engine/turn', mayImport: ['engine', 'base', 'shared', 'dissectors/*'] },
  // Inflating is Node's.
  { folder: 'engine/websocket', mayImport: ['engine', 'base', 'dissectors/*', 'node'] },
  { folder: 'engine/hep', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'node'] },
  // Sandboxes are threads of Node's, each with an engine of its own; a plugin's source is compiled.
  {
    folder: 'engine/plugins/thread',
    mayImport: ['node', 'quickjs-emscripten-core', '@jitl/quickjs-singlefile-mjs-release-sync'],
  },
  {
    folder: 'engine/plugins',
    mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'node', 'esbuild', 'bundled:.'],
  },
  { folder: 'engine/reading', mayImport: ['engine', 'base', 'dissectors/*', 'node', 'bundled:.'] },
  // A thread is Node's.
  { folder: 'engine/codecs', mayImport: ['engine', 'media', 'node'] },
  { folder: 'engine/keys', mayImport: ['engine', 'base', 'shared', 'dissectors/*', 'media'] },
  // What a display filter's fields mean is known by who laid the columns.
  {
    folder: 'engine/filter',
    mayImport: ['engine', 'base', 'shared', 'dissectors/dissector.ts', 'dissectors/*', 'media'],
  },
  // Answers a window: holds the open capture, its audio and its exports.
  {
    folder: 'engine/service',
    mayImport: [
      'engine',
      'base',
      'shared',
      'dissectors/dissector.ts',
      'dissectors/index.ts',
      'dissectors/*',
      'media',
      'node',
    ],
  },
  { folder: 'engine', mayImport: ['base', 'shared', 'dissectors/dissector.ts', 'media'] },
  { folder: 'cli', mayImport: ['engine', 'media', 'shared', 'dissectors/index.ts', 'node'] },
  // What both shells share.
  { folder: 'desktop', mayImport: ['shared', 'node'] },
  { folder: 'host/engine-worker.ts', mayImport: ['desktop', 'host', 'engine', 'shared', 'node'] },
  { folder: 'host', mayImport: ['shared', 'desktop', 'node', 'ws'] },
  {
    folder: 'electron/engine-process.ts',
    mayImport: ['desktop', 'engine', 'media', 'shared', 'dissectors/index.ts', 'node'],
  },
  { folder: 'electron', mayImport: ['shared', 'desktop', 'electron', 'node'] },
  {
    folder: 'renderer',
    mayImport: [
      'base',
      'shared',
      // As texts: the examples, and the types that the editor knows.
      'resources/plugins',
      'react',
      'react-dom',
      'dockview-react',
      'monaco-editor',
      'wavesurfer.js',
      'uplot',
      '@fontsource/inter',
      '@fontsource/jetbrains-mono',
    ],
  },
  { folder: 'resources/plugins', mayImport: ['earshot'] },
  { folder: 'test', mayImport: 'anything' },
  { folder: 'scripts', mayImport: 'anything' },
];

const skipped = new Set(['node_modules', 'dist', 'coverage', 'out']);

/** @typedef {{ line: number, specifier: string }} Import */
/** @typedef {{ file: string, line: number, message: string }} Breach */

/**
 * What a file imports: static imports, re-exports, dynamic imports and imported types.
 * @param {string} source
 * @returns {Import[]}
 */
export function importsOf(source) {
  const forms = [
    /^[ \t]*(?:import|export)\s+(?:type\s+)?[\w*{$][^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^[ \t]*import\s*['"]([^'"]+)['"]/gm,
    /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  /** @type {Import[]} */
  const found = [];
  for (const form of forms) {
    for (const match of source.matchAll(form)) {
      const end = match.index + match[0].length;
      found.push({ line: source.slice(0, end).split('\n').length, specifier: match[1] });
    }
  }
  return found.toSorted((a, b) => a.line - b.line);
}

/**
 * The breaches of one file.
 * @param {string} file path from the project's folder, with '/'
 * @param {string} source the file's text
 * @returns {Breach[]}
 */
export function checkFile(file, source) {
  if (file.endsWith('.test.ts') || !file.includes('/')) return [];
  const layer = layers.find(({ folder }) => holds(folder, file));
  if (!layer) {
    return [{ file, line: 1, message: `folder ${folderOf(file)} has no rule in scripts/check-layers.mjs` }];
  }
  if (layer.mayImport === 'anything') return [];
  const own = ownFolder(layer.folder, file);
  const allowed = [own, ...layer.mayImport];
  /** @type {Breach[]} */
  const breaches = [];
  for (const { line, specifier } of importsOf(source)) {
    const target = targetOf(file, specifier);
    if (allowed.some((entry) => holds(entry, target))) continue;
    const message = `imports ${specifier}: folder ${own} may not import ${folderOf(target)}`;
    breaches.push({ file, line, message });
  }
  return breaches;
}

/**
 * Is `path` the file or package `entry`, or below the folder `entry`?
 * @param {string} entry
 * @param {string} path
 */
function holds(entry, path) {
  const wanted = entry.split('/');
  const parts = path.split('/');
  // 'dissectors/*' means the folders in dissectors/, not the files beside them.
  if (wanted.at(-1) === '*' && parts.length === wanted.length) return false;
  return parts.length >= wanted.length && wanted.every((part, at) => part === '*' || part === parts[at]);
}

/**
 * 'dissectors/*' and 'dissectors/sip/sip.ts' → 'dissectors/sip'.
 * @param {string} folder
 * @param {string} file
 */
function ownFolder(folder, file) {
  return file.split('/').slice(0, folder.split('/').length).join('/');
}

/**
 * What an import means: a path from the project's folder, 'node', or a package's name.
 * @param {string} file
 * @param {string} specifier
 */
function targetOf(file, specifier) {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node';
  return specifier;
}

/**
 * The folder as a person names it: 'dissectors/sip' for its files, 'engine' for everything below it.
 * @param {string} path
 */
function folderOf(path) {
  const parts = path.split('/');
  if (parts[0] === 'dissectors') return parts.slice(0, 2).join('/');
  return path.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/**
 * The breaches of every source file in and below a folder.
 * @param {string} root
 * @returns {{ files: number, breaches: Breach[] }}
 */
export function checkTree(root) {
  /** @type {Breach[]} */
  const breaches = [];
  let files = 0;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (skipped.has(entry.name) || entry.name.startsWith('.')) continue;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (/\.(ts|tsx|mts|mjs|js)$/.test(entry.name)) {
        files++;
        breaches.push(...checkFile(path, readFileSync(join(root, path), 'utf8')));
      }
    }
  }
  return { files, breaches };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { files, breaches } = checkTree(fileURLToPath(new URL('..', import.meta.url)));
  for (const { file, line, message } of breaches) console.error(`${file}:${line}  ${message}`);
  if (breaches.length > 0) process.exit(1);
  console.log(`Imports of ${files} files keep to their layers.`);
}
