// `npm run new:dissector -- my-proto`: a new dissector from dissectors/template/, entered in dissectors/index.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Copies the template under the new name and adds it to the list of built-ins.
 * @param {string} root the project's folder
 * @param {string} name kebab-case: the folder's name, the files' name and the dissector's id
 * @returns {string[]} the files written, from the project's folder
 * @throws Error, before anything is written, where the name is no good or taken
 */
export function createDissector(root, name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(
      `'${name}' is no name for a dissector: lower-case letters and digits, parts joined by '-', like my-proto`,
    );
  }
  const folder = join(root, 'dissectors', name);
  if (existsSync(folder)) throw new Error(`dissectors/${name} is there already`);

  const template = join(root, 'dissectors/template');
  const files = readdirSync(template, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name: file }) => ({
      path: `dissectors/${name}/${file.replace('template', name)}`,
      text: renameText(readFileSync(join(template, file), 'utf8'), name),
    }));
  const main = files.find(({ path }) => path.endsWith(`/${name}.ts`));
  const exported = main?.text.match(/^export const (\w+)\s*(?::|=)[^\n]*\bDissector\b/m)?.[1];
  if (!exported) throw new Error('dissectors/template/template.ts exports no constant of type Dissector');
  const indexPath = 'dissectors/index.ts';
  const index = addToIndex(readFileSync(join(root, indexPath), 'utf8'), exported, `./${name}/${name}.ts`);

  mkdirSync(folder);
  for (const { path, text } of [...files, { path: indexPath, text: index }]) writeFileSync(join(root, path), text);
  return [...files.map(({ path }) => path), indexPath];
}

/**
 * Puts the new name wherever the template's own stands: kebab-case in strings and comments (ids, paths, field names),
 * camelCase in code, PascalCase in the names of types.
 * @param {string} source TypeScript
 * @param {string} name
 */
export function renameText(source, name) {
  const pascal = name.replace(/(^|-)(.)/g, (_all, _dash, letter) => letter.toUpperCase());
  const camel = name.replace(/-(.)/g, (_all, letter) => letter.toUpperCase());
  // Comments, then strings of each kind.
  const text = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return source
    .replace(text, (part) => part.replace(/template(?!\w)/g, name))
    .replaceAll('template', camel)
    .replaceAll('Template', pascal);
}

/**
 * Adds an import below the last one, and the imported name at the end of the last list in the file.
 * @param {string} index
 * @param {string} exported
 * @param {string} path
 */
export function addToIndex(index, exported, path) {
  const lastImport = [...index.matchAll(/^import [^;]*;$/gm)].at(-1);
  const close = index.lastIndexOf(']');
  if (!lastImport || close < 0) throw new Error('dissectors/index.ts has no imports or no list to add to');
  const importEnd = lastImport.index + lastImport[0].length;
  const list = index.slice(0, close).trimEnd();
  // One name a line, or all on one line: the new one follows the others' way.
  const onOwnLine = /\n\s*$/.test(index.slice(0, close));
  const comma = /[[,]$/.test(list) ? '' : ',';
  const entry = onOwnLine ? `${comma}\n  ${exported},\n` : `${comma}${list.endsWith('[') ? '' : ' '}${exported}`;
  const imported = `\nimport { ${exported} } from '${path}';`;
  return index.slice(0, importEnd) + imported + list.slice(importEnd) + entry + index.slice(close);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const name = process.argv[2];
  if (!name || process.argv.length > 3) {
    console.error('usage: npm run new:dissector -- my-proto');
    process.exit(2);
  }
  try {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const written = createDissector(root, name);
    // A longer name makes longer lines. Where Biome is not installed yet, `npm run format` does it later.
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    spawnSync(process.execPath, [biome, 'format', '--write', ...written], { cwd: root, stdio: 'ignore' });
    console.log(`Written:\n${written.map((path) => `  ${path}`).join('\n')}

Next:
  1. Run 'npx vitest dissectors/${name}': the copied tests pass, and are yours to replace.
  2. In dissectors/${name}/${name}.ts: specs, claims and columns, then dissect, summarize, describe.
  3. Run 'npm test'.
CONTRIBUTING.md walks through it.`);
  } catch (error) {
    console.error(`new-dissector: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
