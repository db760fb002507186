// Writes resources/plugins/earshot.d.ts, the types of `import … from 'earshot'` in a plugin, from the sources: what the
// module exports, and every declaration that those mention. `--check` says whether the file is what it would write.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = 'engine/plugins/guest/earshot';
const TARGET = join(root, 'resources/plugins/earshot.d.ts');
const HEAD = `/* oxlint-disable */
/**
 * What a plugin can import from 'earshot': the contract that the built-in dissectors follow, and what checks and exports
 * see of a capture. Written by scripts/plugin-types.mjs from the sources; the examples beside it show its use.
 */
`;

/**
 * Declarations of every source that the entry reaches, as the compiler writes them.
 * @param {string} folder where to
 */
function emit(folder) {
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      incremental: false,
      rootDir: root,
      outDir: folder,
      types: [],
    },
    files: [join(root, `${ENTRY}.ts`)],
  };
  const path = join(folder, 'tsconfig.json');
  writeFileSync(path, JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}

/**
 * The top-level declarations of a file, by name; a name may have two (a value and its type).
 * @param {string} text
 */
function declarationsOf(text) {
  const starts = [
    ...text.matchAll(
      /^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:export )?(?:declare )?(?:abstract )?(?:interface|type|const|class|function) (\w+)/gm,
    ),
  ];
  return starts.map((match, i) => ({
    name: match[1],
    text: text
      .slice(match.index, starts[i + 1]?.index ?? text.length)
      .replace(/^(?:import|export) (?:type )?(?:\{[^}]*\}|\*)(?: from '[^']*')?;$/gm, '')
      .trim(),
  }));
}

/** @param {string} text */
function formatted(text) {
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--stdin-file-path=resources/plugins/earshot.d.ts'],
    { cwd: root, input: text, encoding: 'utf8' },
  );
  return stdout;
}

/**
 * Names that the module itself gives away.
 * @param {string} text
 */
function exportedBy(text) {
  return [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) =>
    names
      .split(',')
      .map((name) => name.replace(/\btype\b/, '').trim())
      .filter((name) => name !== ''),
  );
}

/**
 * All declarations under names of their own: of two files that use a name, the later one's gets the file's name before it.
 * @param {readonly (readonly [string, readonly { name: string, text: string }[]])[]} files
 */
function apart(files) {
  const taken = new Set();
  return files.flatMap(([file, declarations]) => {
    const names = new Set(declarations.map(({ name }) => name));
    const prefix = basename(file, '.d.ts').replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
    const clashes = [...names].filter((name) => taken.has(name));
    for (const name of names) taken.add(name);
    return declarations.map(({ name, text }) => ({
      name: clashes.includes(name) ? prefix + name : name,
      text: clashes.reduce((so, clash) => so.replace(new RegExp(`\\b${clash}\\b`, 'g'), prefix + clash), text),
    }));
  });
}

/** @returns {string} the text of earshot.d.ts */
export function pluginTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-types-'));
  try {
    emit(folder);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.d.ts'))
      .toSorted();
    const all = apart(files.map((name) => [name, declarationsOf(readFileSync(join(folder, name), 'utf8'))]));
    const exported = exportedBy(readFileSync(join(folder, `${ENTRY}.d.ts`), 'utf8'));
    const wanted = new Set(exported);
    // A set may grow while it is walked: what is mentioned is walked in its turn.
    for (const name of wanted) {
      for (const { text } of all.filter((each) => each.name === name)) {
        const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
        for (const each of all) if (new RegExp(`\\b${each.name}\\b`).test(code)) wanted.add(each.name);
      }
    }
    const parts = all
      .filter(({ name }) => wanted.has(name))
      .map(({ name, text }) => {
        const bare = text.replace(/^((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)(?:export )?(?:declare )?/, '$1');
        return bare.replace(/^((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)/, `$1${exported.includes(name) ? 'export ' : ''}`);
      });
    // What is private is nobody's business, and would keep look-alikes out.
    const body = parts.join('\n\n').replace(/^(?: *\/\*\*.*\*\/\n)? *private .*;\n/gm, '');
    return formatted(`${HEAD}declare module 'earshot' {\n${body}\n\nexport {};\n}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = pluginTypes();
  if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
  else if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('resources/plugins/earshot.d.ts is not what the sources say: run node scripts/plugin-types.mjs');
    process.exit(1);
  }
}
