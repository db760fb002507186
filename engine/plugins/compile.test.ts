import { afterEach, describe, expect, it } from 'vitest';
import { checkDeclaration } from './declaration.ts';
import { compilePlugin } from './compile.ts';
import { RunningPlugin } from './running-plugin.ts';

const started: RunningPlugin[] = [];
afterEach(() => {
  for (const plugin of started.splice(0)) plugin.close();
});

async function start(file: string, text: string): Promise<RunningPlugin> {
  const result = await compilePlugin(file, text);
  if (!('plugin' in result)) return expect.unreachable(JSON.stringify(result));
  const plugin = await RunningPlugin.start(result.plugin, []);
  started.push(plugin);
  return plugin;
}

describe('compilePlugin', () => {
  it.each([
    ['a.ts', 'const a: number = ;\n', { line: 1, column: 19 }],
    ['a.ts', "import x from 'left-pad';\nexport default x;\n", { line: 1, column: 15 }],
    ['a.js', 'let a: number = 1;\n', { line: 1, column: 6 }],
    ['a.ts', '\n\nexport default {', { line: 3, column: 17 }],
  ])('%s: %j is wrong at its place', async (file, text, place) => {
    expect(await compilePlugin(`/plugins/${file}`, text)).toMatchObject({
      error: { file: `/plugins/${file}`, ...place },
    });
  });

  it('JavaScript and TypeScript are both plugins', async () => {
    const check = "{ checks: [{ id: 'c', label: 'C', run: () => [] }] }";
    for (const [file, text] of [
      ['a.js', `export default ${check}`],
      ['a.mjs', `export default ${check}`],
      ['a.ts', `import type { Plugin } from 'earshot';\nexport default ${check} satisfies Plugin`],
    ]) {
      const { declared } = await start(file, text);
      expect(declared.checks).toEqual([{ id: 'c', label: 'C' }]);
    }
  });

  it('a fault is at its line and column, whatever types and comments stand before it', async () => {
    const text = [
      '/* a comment',
      '   of two lines */',
      'interface Long { readonly a: number; readonly b: string }',
      'const given: Long = { a: 1, b: "" };',
      'function inner(): never {',
      '  // told here',
      '  throw new RangeError(`no ${given.b}`);',
      '}',
      'export default { checks: [{ id: "c", label: "C", run: () => inner() }] };',
    ].join('\n');
    const plugin = await start('/plugins/a.ts', text);
    await expect(plugin.whole('check', 0, async () => '{}')).rejects.toMatchObject({
      error: {
        message: 'check: RangeError: no ',
        file: '/plugins/a.ts',
        line: 7,
        column: expect.any(Number) as number,
      },
    });
  });
});

describe('fields', () => {
  it('a column that is handed out as it is is known by its name, one that is computed is not', async () => {
    const { declared } = await start(
      'a.ts',
      `export default { dissectors: [{
        id: 'x', label: 'X', specs: [], claims: [], columns: { a: 'u8', b: 'u16' },
        fields: [
          { id: 'x.a', label: 'A', type: 'number', column: (c, row) => c.a.get(row) },
          { id: 'x.b', label: 'B', type: 'number', column: (c, row) => c.b.get(row) },
          { id: 'x.sum', label: 'Sum', type: 'number', column: (c, row) => c.a.get(row) + c.b.get(row) },
          { id: 'x.other', label: 'Other', type: 'number', column: (c, row) => c.a.get(row + 1) },
          { id: 'x.none', label: 'None', type: 'text' },
          { id: 'x.bad', label: 'Bad', type: 'number', column: (c, row) => c.nothing.get(row) },
        ],
        dissect: () => 1, summarize: () => '', describe: () => {},
      }] }`,
    );
    expect(declared.dissectors[0].fields?.map(({ id, column }) => [id, column])).toEqual([
      ['x.a', 'a'],
      ['x.b', 'b'],
      ['x.sum', ''],
      ['x.other', ''],
      ['x.none', ''],
      ['x.bad', ''],
    ]);
  });
});

describe('checkDeclaration', () => {
  it.each(['null', '[]', '1', '{}', '{"dissectors":[],"checks":[{"id":"c"}],"exports":[]}'])(
    '%s is refused',
    (text) => {
      expect(() => checkDeclaration(text, [])).toThrow(/\.$/);
    },
  );
});
