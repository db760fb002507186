import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToIndex, createDissector, renameText } from './new-dissector.mjs';

describe('renameText', () => {
  it.each([
    ["import { template } from './template.ts';", "import { myProto } from './my-proto.ts';"],
    [
      "export const template: Dissector<TemplateColumns> = { id: 'template',",
      "export const myProto: Dissector<MyProtoColumns> = { id: 'my-proto',",
    ],
    ['const templateColumns = template.columns;', 'const myProtoColumns = myProto.columns;'],
    ["it('template-version', isTemplate)", "it('my-proto-version', isMyProto)"],
    ['// see dissectors/template/ and `template`', '// see dissectors/my-proto/ and `my-proto`'],
    ["'Magic: AB [template.magic 0+2]'", "'Magic: AB [my-proto.magic 0+2]'"],
    ['[template.id, template.specs]', '[myProto.id, myProto.specs]'],
    ["tree.field('template.version')", "tree.field('my-proto.version')"],
  ])('%s', (before, after) => {
    expect(renameText(before, 'my-proto')).toBe(after);
  });
});

describe('addToIndex', () => {
  it('follows a list of one name a line', () => {
    const index = "import { sip } from './sip/sip.ts';\n\nexport const dissectors = [\n  sip,\n] as const;\n";
    expect(addToIndex(index, 'myProto', './my-proto/my-proto.ts')).toBe(
      "import { sip } from './sip/sip.ts';\nimport { myProto } from './my-proto/my-proto.ts';\n\n" +
        'export const dissectors = [\n  sip,\n  myProto,\n] as const;\n',
    );
  });

  it('follows a list on one line', () => {
    const index = "import { a } from './a/a.ts';\nexport const list = [a];\n";
    expect(addToIndex(index, 'b', './b/b.ts')).toBe(
      "import { a } from './a/a.ts';\nimport { b } from './b/b.ts';\nexport const list = [a, b];\n",
    );
  });

  it('says so where there is no list', () => {
    expect(() => addToIndex("import { a } from './a.ts';\n", 'b', './b.ts')).toThrow('no list');
  });
});

describe('createDissector', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'earshot-new-dissector-'));
    mkdirSync(join(root, 'dissectors/template'), { recursive: true });
    const put = (path: string, text: string) => writeFileSync(join(root, 'dissectors', path), text);
    put('index.ts', "import { sip } from './sip/sip.ts';\nexport const all = [\n  sip,\n];\n");
    put('template/template.ts', "export const template: Dissector<TemplateColumns> = { id: 'template' };\n");
    put('template/template.test.ts', "import { template } from './template.ts';\n");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const read = (path: string) => readFileSync(join(root, 'dissectors', path), 'utf8');

  it('copies, renames and enters it in the list', () => {
    const written = createDissector(root, 'my-proto');
    expect(written.toSorted()).toEqual([
      'dissectors/index.ts',
      'dissectors/my-proto/my-proto.test.ts',
      'dissectors/my-proto/my-proto.ts',
    ]);
    expect(read('my-proto/my-proto.ts')).toBe(
      "export const myProto: Dissector<MyProtoColumns> = { id: 'my-proto' };\n",
    );
    expect(read('my-proto/my-proto.test.ts')).toBe("import { myProto } from './my-proto.ts';\n");
    expect(read('index.ts')).toContain('  myProto,\n];');
  });

  it.each(['My-Proto', '../escape', 'a--b', '4g', ''])('refuses the name "%s"', (name) => {
    expect(() => createDissector(root, name)).toThrow('no name for a dissector');
  });

  it('refuses a name that is taken and writes nothing', () => {
    createDissector(root, 'taken');
    const index = read('index.ts');
    expect(() => createDissector(root, 'taken')).toThrow('there already');
    expect(read('index.ts')).toBe(index);
    expect(existsSync(join(root, 'dissectors/taken/taken.ts'))).toBe(true);
  });
});
