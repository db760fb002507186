import { expect, test } from 'vitest';
import { type Dissector, Verdict } from '../dissector.ts';
import { describeToText, describeToTree, dissectOnce, nodesOutside, uncoveredOctets } from './fake-context.ts';

const COLUMNS = { first: 'u8', word: 'text' } as const;

const toy: Dissector<typeof COLUMNS> = {
  id: 'toy',
  label: 'Toy',
  specs: [],
  claims: [],
  columns: COLUMNS,
  dissect(data, out, ctx) {
    const row = out.add();
    out.columns.first.set(row, data.u8(0));
    out.columns.word.set(row, ctx.strings.intern(data.bytes, data.start + 1, data.length - 1));
    ctx.consumed = data.length;
    if (data.u8(0) === 0x58) return Verdict.Reject;
    ctx.issue('toy-odd', 1);
    ctx.child('text/plain', 1, data.length - 1, row);
    return Verdict.Ok;
  },
  summarize: (data) => data.text(),
  describe(data, tree, ctx) {
    tree.field('toy.first', 'First', 0, 1, data.u8(0));
    tree.group('toy.rest', 'Rest', 1, data.length, data.text(1), () => ctx.child('text/plain', 1, data.length - 1));
  },
};

test('collects rows, issues and children', () => {
  const result = dissectOnce(toy, 'Abc');
  expect(result).toEqual({
    verdict: Verdict.Ok,
    confidence: 0,
    consumed: 3,
    rows: [{ first: 0x41, word: 'bc' }],
    issues: [{ code: 'toy-odd', at: 1 }],
    children: [{ mediaType: 'text/plain', at: 1, length: 2, row: 0 }],
    packets: [],
  });
});

test('a Reject leaves no rows', () => {
  expect(dissectOnce(toy, 'Xbc').rows).toEqual([]);
});

test('prints the tree and finds what lies outside or uncovered', () => {
  expect(describeToText(toy, 'Abc')).toBe(
    ['First: 65 [toy.first 0+1]', 'Rest: bc [toy.rest 1+3]', '  text/plain: bc [data 1+2]'].join('\n'),
  );
  const tree = describeToTree(toy, 'Abc');
  expect(nodesOutside(tree, 3).map((node) => node.name)).toEqual(['toy.rest']);
  expect(uncoveredOctets(tree.slice(0, 1), 3)).toEqual([1, 2]);
});
