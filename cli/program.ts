import type { Script } from 'node:vm';
import type { BegunReading } from '../engine/reading/begun-reading.ts';

// Not imported: a module of Node's that a module imports has every getter of it asked, which loads streams that nobody needs.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const vm = process.getBuiltinModule('node:vm');

/**
 * What `program.cjs` is: a function of what gives it Node's modules, of what loads other modules, of its own address, and of a capture that
 * is being read already, if one is.
 */
type Program = (
  require: (name: string) => object,
  load: (name: string) => Promise<unknown>,
  url: string,
  begun: BegunReading | null,
) => void;

/**
 * Where `scripts/code-cache.mjs` keeps what V8 made of the program: in a file for each V8 and processor, as no other can use it.
 * `folder` is that of the program, an address that ends in a slash.
 */
export function codeCacheOf(folder: string): URL {
  return new URL(`program-${process.versions.v8}-${process.arch}.cache`, folder);
}

/**
 * Compiles the program in `folder`. As a script and no module, because only of a script V8 takes what it compiled before; where that is
 * missing, or V8 refuses it, everything is compiled as usual.
 */
export function compileProgram(folder: string): Script {
  return compileScript(folder, 'program.cjs', codeCache(folder) ?? undefined);
}

/** Compiles a script that the build wrote into `folder`, an address that ends in a slash; `cachedData` is what V8 made of it before. */
export function compileScript(folder: string, name: string, cachedData?: Buffer): Script {
  const file = fileURLToPath(new URL(name, folder));
  // The build writes nothing but ASCII into it, which is decoded fastest so.
  const text = readFileSync(file, 'latin1');
  return new vm.Script(text, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
}

/** Runs what `compileProgram` compiled in `folder`. A script that was compiled before cannot import anything itself. */
export function startProgram(script: Script, folder: string, begun: BegunReading | null = null): void {
  const { href } = new URL('program.cjs', folder);
  const load = (name: string): Promise<unknown> =>
    import(/* @vite-ignore */ name.startsWith('.') ? new URL(name, href).href : name);
  (script.runInThisContext() as Program)(nodeModule, load, href, begun);
}

/** Modules of Node's that take milliseconds to load, and that most commands do without. */
const SELDOM_USED = new Set(['node:crypto', 'node:zlib', 'node:os']);

/** A module of Node's; of one that is seldom used something that loads it when it is first asked for anything. */
function nodeModule(name: string): object {
  const module = (): object => process.getBuiltinModule(name) ?? {};
  return SELDOM_USED.has(name) ? new Proxy({}, { get: (_, key) => Reflect.get(module(), key) as unknown }) : module();
}

function codeCache(folder: string): Buffer | null {
  try {
    return readFileSync(codeCacheOf(folder));
  } catch {
    return null;
  }
}
