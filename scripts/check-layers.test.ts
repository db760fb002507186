import { describe, expect, it } from 'vitest';
import { checkFile, importsOf } from './check-layers.mjs';

/** `file:line message` of each breach, as the command prints it. */
function breaches(file: string, ...lines: string[]): string[] {
  return checkFile(file, lines.join('\n')).map((breach) => `${breach.file}:${breach.line}  ${breach.message}`);
}

describe('the import rules', () => {
  it.each([
    ['base/octets.ts', '../engine/engine.ts', 'base may not import engine'],
    ['base/octets.ts', 'node:fs', 'base may not import node'],
    ['dissectors/sip/sip.ts', '../sdp/sdp.ts', 'dissectors/sip may not import dissectors/sdp'],
    ['dissectors/sip/sip.ts', '../index.ts', 'dissectors/sip may not import dissectors/index.ts'],
    ['dissectors/sip/deep/er.ts', '../../rtp/rtp.ts', 'dissectors/sip may not import dissectors/rtp'],
    ['dissectors/dissector.ts', './sip/sip.ts', 'dissectors/dissector.ts may not import dissectors/sip'],
    ['dissectors/rtp/rtp.ts', 'fs', 'dissectors/rtp may not import node'],
    ['media/codecs/g711.ts', '../../shared/api.ts', 'media may not import shared'],
    ['shared/api.ts', '../media/wav.ts', 'shared may not import media'],
    ['engine/trackers/calls.ts', 'node:crypto', 'engine/trackers may not import node'],
    ['engine/pass/pass.ts', '../../dissectors/sip/columns.ts', 'engine may not import dissectors/sip'],
    ['engine/pass/pass.ts', '../../dissectors/index.ts', 'engine may not import dissectors/index.ts'],
    ['engine/engine.ts', '../cli/main.ts', 'engine may not import cli'],
    ['engine/sources/file.ts', 'electron', 'engine/sources may not import electron'],
    ['cli/main.ts', '../dissectors/sip/sip.ts', 'cli may not import dissectors/sip'],
    ['electron/main.ts', '../engine/engine.ts', 'electron may not import engine'],
    ['renderer/app.ts', '../engine/engine.ts', 'renderer may not import engine'],
    ['renderer/app.ts', 'node:path', 'renderer may not import node'],
    ['cli/main.ts', '@scope/name/part', 'cli may not import @scope/name'],
  ])('%s may not import %s', (file, specifier, rule) => {
    const source = `import { something } from '${specifier}';`;
    expect(breaches(file, '', source)).toEqual([`${file}:2  imports ${specifier}: folder ${rule}`]);
  });

  it.each([
    ['base/table.ts', './columns.ts'],
    ['dissectors/sip/sip.ts', './methods.ts'],
    ['dissectors/sip/sip.ts', '../dissector.ts'],
    ['dissectors/sip/sip.ts', '../../base/octets.ts'],
    ['dissectors/index.ts', './sip/sip.ts'],
    ['engine/engine.ts', './sources/file.ts'],
    ['engine/sources/file.ts', 'node:fs'],
    ['engine/sources/file.ts', '../store/frames.ts'],
    ['engine/export/wav.ts', 'node:fs/promises'],
    ['cli/main.ts', '../dissectors/index.ts'],
    ['electron/engine-process.ts', '../engine/engine.ts'],
    ['dissectors/sip/sip.test.ts', '../sdp/sdp.ts'],
    ['test/fuzz/fuzz.ts', '../../engine/engine.ts'],
    ['vitest.config.ts', 'vitest/config'],
  ])('%s may import %s', (file, specifier) => {
    expect(breaches(file, `import { something } from '${specifier}';`)).toEqual([]);
  });

  it('asks for a rule where a folder has none', () => {
    expect(breaches('extras/new.ts', '')).toEqual([
      'extras/new.ts:1  folder extras has no rule in scripts/check-layers.mjs',
    ]);
  });
});

describe('importsOf', () => {
  it('finds every way to import, at the line that names the module', () => {
    const source = [
      "import './a.ts';",
      'import {',
      '  one,',
      '  two,',
      "} from './b.ts';",
      "import type { T } from './c.ts';",
      "export * from './d.ts';",
      "export type { U } from './e.ts';",
      "const lazy = await import('./f.ts');",
      "let shape: import('./g.ts').Shape;",
      'import $dollar from "./h.ts";',
    ].join('\n');
    expect(importsOf(source)).toEqual([
      { line: 1, specifier: './a.ts' },
      { line: 5, specifier: './b.ts' },
      { line: 6, specifier: './c.ts' },
      { line: 7, specifier: './d.ts' },
      { line: 8, specifier: './e.ts' },
      { line: 9, specifier: './f.ts' },
      { line: 10, specifier: './g.ts' },
      { line: 11, specifier: './h.ts' },
    ]);
  });

  it('takes no word of a comment or of text for an import', () => {
    const source = [
      "// import { x } from './a.ts';",
      " * import { x } from './b.ts';",
      "const text = 'taken from';",
      "export const place = 'c';",
      'export function from(a: string) { return a; }',
      "const other = Array.from('d');",
    ].join('\n');
    expect(importsOf(source)).toEqual([]);
  });
});
