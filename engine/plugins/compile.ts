import { existsSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';
import type { PluginError } from '../../shared/plugins.ts';
import { SCRIPT } from './thread/protocol.ts';

/** A plugin as a script that a sandbox can evaluate, and where its lines came from. */
export interface CompiledPlugin {
  /** Path of the source. */
  readonly file: string;
  readonly name: string;
  readonly code: string;
  /** Puts a fault of the sandbox at a place of the source. */
  readonly place: (message: string, stack: string) => PluginError;
}

export type Compilation = { readonly plugin: CompiledPlugin } | { readonly error: PluginError };

/** A source larger than this is no plugin. */
export const MOST_SOURCE_BYTES = 1 << 20;

/** Compiles the text of a plugin, which may import nothing but `earshot`. Never rejects for what the text is. */
export async function compilePlugin(file: string, text: string): Promise<Compilation> {
  const name = basename(file);
  let esbuild: typeof import('esbuild');
  try {
    esbuild = await loadEsbuild();
  } catch {
    return failed(file, 'Plugins are compiled with esbuild, which is not installed here.');
  }
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: text, sourcefile: name, loader: /\.[cm]?ts$/.test(name) ? 'ts' : 'js' },
      bundle: true,
      write: false,
      outfile: 'plugin.js',
      sourcemap: 'external',
      sourcesContent: false,
      format: 'iife',
      globalName: 'plugin',
      platform: 'neutral',
      target: 'es2023',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: {},
      plugins: [onlyEarshot],
    });
    const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
    const map = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '{}';
    return { plugin: { file, name, code: exposed(code), place: placeIn(file, name, map) } };
  } catch (error) {
    return { error: errorOf(file, error) };
  }
}

/** A declaration of a script is no property of the global object, which is where the runtime looks. */
function exposed(code: string): string {
  return `${code}\nglobalThis.plugin = plugin;\n`;
}

/** `earshot` is what the sandbox has already; nothing else is there to be imported. */
const onlyEarshot: import('esbuild').Plugin = {
  name: 'only-earshot',
  setup(step) {
    step.onResolve({ filter: /.*/ }, ({ path }) =>
      path === 'earshot'
        ? { path, namespace: 'earshot' }
        : { errors: [{ text: `A plugin can import "earshot" only, not "${path}".` }] },
    );
    step.onLoad({ filter: /.*/, namespace: 'earshot' }, () => ({ contents: 'module.exports = globalThis.earshot;' }));
  },
};

let loading: Promise<typeof import('esbuild')> | null = null;

function loadEsbuild(): Promise<typeof import('esbuild')> {
  loading ??= importEsbuild();
  return loading;
}

async function importEsbuild(): Promise<typeof import('esbuild')> {
  // Its program cannot be started from inside the packaged app's archive; there it lies beside it.
  const { resourcesPath } = process as { readonly resourcesPath?: string };
  if (resourcesPath !== undefined) {
    const program = process.platform === 'win32' ? 'esbuild.exe' : 'bin/esbuild';
    const path = join(
      resourcesPath,
      `app.asar.unpacked/node_modules/@esbuild/${process.platform}-${process.arch}`,
      program,
    );
    if (existsSync(path)) process.env['ESBUILD_BINARY_PATH'] ??= path;
  }
  return import('esbuild');
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly line: number; readonly column: number } | null;
}

function errorOf(file: string, error: unknown): PluginError {
  const errors = error instanceof Error && 'errors' in error ? (error.errors as readonly BuildMessage[]) : [];
  if (errors.length === 0) return failed(file, error instanceof Error ? error.message : String(error)).error;
  const [{ text, location }] = errors;
  const message = /[.?!]$/.test(text) ? text : `${text}.`;
  if (location === null) return failed(file, message).error;
  return { message, file, line: location.line, column: location.column + 1 };
}

function failed(file: string, message: string): { error: PluginError } {
  return { error: { message, file, line: null, column: null } };
}

/** Stacks name places of the compiled script; the first of them that came from the source is where it happened. */
function placeIn(file: string, name: string, mapText: string): CompiledPlugin['place'] {
  const map = new SourceMap(JSON.parse(mapText) as ConstructorParameters<typeof SourceMap>[0]);
  return (message, stack) => {
    for (const [, line, column] of stack.matchAll(new RegExp(`\\b${SCRIPT}:(\\d+)(?::(\\d+))?`, 'g'))) {
      const entry = map.findEntry(Number(line) - 1, Number(column ?? 1) - 1);
      if (!('originalLine' in entry) || entry.originalSource.split('/').at(-1) !== name) continue;
      return { message, file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    }
    return { message, file, line: null, column: null };
  };
}
