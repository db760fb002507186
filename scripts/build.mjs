// Builds what runs: node scripts/build.mjs [cli] [host] [electron] [renderer]; without a name everything.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { bundledText } from './bundled-text.mjs';
import { parts } from './parts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @satisfies {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  // Writes constants in where they are used: left as variables they cost a load at every compare of the hot path.
  minifySyntax: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  // The decoder of AMR asks where it lies only in a browser.
  logOverride: { 'empty-import-meta': 'silent' },
  logLevel: 'warning',
  plugins: [bundledText],
  // Compiles plugins; it starts a program of its own, which cannot be bundled.
  external: ['esbuild'],
};

/**
 * Builds modules into `dist/<folder>`, with what is loaded only where it is needed in files beside them, and takes away those of builds
 * before.
 * @param {string} folder
 * @param {import('esbuild').BuildOptions} options
 * @returns what was written, by path
 */
async function buildChunks(folder, options) {
  const { metafile } = await build({
    ...options,
    format: 'esm',
    splitting: true,
    chunkNames: `${folder}/[name]-[hash]`,
    metafile: true,
  });
  const written = new Set(Object.keys(metafile.outputs));
  for (const name of readdirSync(join(root, 'dist', folder))) {
    if (!written.has(`dist/${folder}/${name}`)) rmSync(join(root, 'dist', folder, name), { recursive: true });
  }
  return metafile.outputs;
}

const LOADING = /\bimport\("/g;

/**
 * Makes a module the script that cli/program.ts runs: in ASCII, and a function of what gives it Node's modules, of what loads other
 * modules and of its own address.
 * @param {string} source
 * @param {import('esbuild').Metafile['outputs'][string]['imports']} imports
 */
async function asScript(source, imports) {
  const { code } = await transform(source, {
    platform: 'node',
    target: common.target,
    format: 'cjs',
    // Comments and blanks are a quarter of it; names stay, for whoever reads where it failed.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    define: { 'import.meta.url': '__url' },
  });
  const asked = imports.filter(({ kind }) => kind === 'dynamic-import');
  const shared = imports.some(({ kind, external }) => kind === 'import-statement' && external !== true);
  if (shared || code.match(LOADING)?.length !== asked.length)
    throw new Error('what the command loads only where it is needed shares code with it, or has no fixed name');
  // esbuild leaves regular expressions as they are.
  const ascii = code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // As strict as the module was.
  return `(function(require,__load,__url,begunReading){"use strict";${ascii.replace(LOADING, '__load("')}})`;
}

/** Copied as they are. CommonJS by name, because the folder they come to has no package.json of their own. */
const decoders = [
  ['@ffmpeg/core/dist/umd/ffmpeg-core.js', 'ffmpeg-core.cjs'],
  ['@ffmpeg/core/dist/umd/ffmpeg-core.wasm', 'ffmpeg-core.wasm'],
  ['silk-wasm/lib/index.cjs', 'silk.cjs'],
  ['silk-wasm/lib/silk.wasm', 'silk.wasm'],
];

/** @type {Readonly<Record<string, () => Promise<unknown>>>} */
const builders = {
  /** The command: a file that plain Node starts, and beside it the program, and what that loads only where it is needed. */
  async cli() {
    const module = join(root, 'dist/cli/program.mjs');
    const outputs = await buildChunks('cli', {
      ...common,
      entryPoints: { 'cli/program': 'cli/main.ts' },
      outExtension: { '.js': '.mjs' },
    });
    const { imports } = outputs['dist/cli/program.mjs'];
    writeFileSync(join(root, 'dist/cli/program.cjs'), await asScript(readFileSync(module, 'utf8'), imports));
    rmSync(module);
    await build({
      ...common,
      entryPoints: { 'cli/earshot': 'cli/start.ts' },
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      banner: { js: '#!/usr/bin/env node' },
    });
    await build({
      ...common,
      entryPoints: { 'cli/begin-reading': 'engine/reading/begun-reading.ts' },
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      minifyWhitespace: true,
      // A script like the program.
      banner: { js: '(function(require,module){"use strict";' },
      footer: { js: '})' },
    });
    chmodSync(join(root, 'dist/cli/earshot.mjs'), 0o755);
    const made = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'scripts/code-cache.mjs'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (made.status !== 0) console.warn('earshot: the command has to be compiled at every start');
  },

  /** The loopback host, and the engine's thread beside it. */
  async host() {
    await buildChunks('host', {
      ...common,
      entryPoints: { 'host/main': 'host/main.ts', 'host/engine-worker': 'host/engine-worker.ts' },
      outExtension: { '.js': '.mjs' },
      // ws is CommonJS, and asks for Node's modules by require. The two it would like are not needed.
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
      external: [...common.external, 'bufferutil', 'utf-8-validate'],
    });
  },

  /** CommonJS, because a sandboxed preload script cannot be anything else. */
  electron: () =>
    build({
      ...common,
      entryPoints: {
        'electron/main': 'electron/main.ts',
        'electron/preload': 'electron/preload.ts',
        'electron/engine-process': 'electron/engine-process.ts',
      },
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      // The decoder of Opus asks where it lies, which CommonJS says otherwise.
      define: { 'import.meta.url': '__filename' },
      external: [...common.external, 'electron'],
    }),

  /** The thread that decodes what needs FFmpeg or SILK, and those beside it: loaded only where a stream needs them. */
  async codecs() {
    await build({
      ...common,
      entryPoints: { 'codecs/decode-worker': 'engine/codecs/decode-worker.ts' },
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
    });
    for (const [from, to] of decoders) copyFileSync(join(root, 'node_modules', from), join(root, 'dist/codecs', to));
  },

  /** The window itself. */
  async renderer() {
    const vite = await import('vite');
    await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!parts.some((part) => part.name === name)) {
    console.error(
      `earshot: there is no part "${name}" to build; there are ${parts.map((part) => part.name).join(', ')}`,
    );
    process.exit(2);
  }
}
for (const { name, entry, output } of parts) {
  if (!existsSync(join(root, entry)) || (wanted.length > 0 && !wanted.includes(name))) continue;
  const started = new Date();
  await builders[name]().catch((error) => {
    console.error(`earshot: ${name} cannot be built: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  });
  // What was changed while it was built is built again.
  utimesSync(join(root, output), started, started);
}
