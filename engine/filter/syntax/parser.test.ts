import { describe, expect, it, test } from 'vitest';
import type { FilterNode } from './ast.ts';
import { tokensOf } from './lexer.ts';
import { parseFilter } from './parser.ts';

/** The tree in brackets: `(or a (and b c))`. */
function shown(text: string): string {
  const result = parseFilter(text);
  if (!result.ok) return `${result.error.at}+${result.error.length}: ${result.error.message}`;
  return result.ast === null ? '' : nodeText(result.ast);
}

function nodeText(node: FilterNode): string {
  if (node.kind === 'not') return `(not ${nodeText(node.part)})`;
  if (node.kind !== 'test') return `(${node.kind} ${node.parts.map(nodeText).join(' ')})`;
  const values = node.values.map(({ from, to }) => (to === null ? from.text : `${from.text}..${to.text}`)).join(',');
  const mask = node.mask === null ? '' : `&${node.mask.text}`;
  const words = [node.quantifier, node.field.text + mask, node.isNegated ? 'not' : null, node.operator, values];
  const text = words.filter((word) => word !== null && word !== '').join(' ');
  return node.operator === null ? text : `[${text}]`;
}

test('tells words, signs and text', () => {
  expect(tokensOf('ip.addr==10.0.0.0/8 && a in{1..3,x-y}').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'word ip.addr',
    'operator ==',
    'word 10.0.0.0/8',
    'and &&',
    'word a',
    'operator in',
    '{ {',
    'word 1',
    '.. ..',
    'word 3',
    ', ,',
    'word x-y',
    '} }',
    'end ',
  ]);
  expect(tokensOf(String.raw`"a\"\\\x41\101\n" r"\d\"" "`).map(({ text, at }) => [text, at])).toEqual([
    ['a"\\AA\n', 0],
    ['\\d"', 18],
    ['the text has no closing quote', 26],
    ['', 27],
  ]);
});

describe('what stands together', () => {
  it.each([
    ['', ''],
    ['  ', ''],
    ['sip', 'sip'],
    ['a or b and c', '(or a (and b c))'],
    ['a && b || c && d', '(or (and a b) (and c d))'],
    ['not a and b', '(and (not a) b)'],
    ['!(a or b) and !!c', '(and (not (or a b)) (not (not c)))'],
    ['! a == 1', '(not [a == 1])'],
    ['a eq 1 and b ne 2 and c ~= 3 and d === 4', '(and [a == 1] [b != 2] [c ~= 3] [d === 4])'],
    ['a any_ne 1 or b all_eq 2 or c !== 3', '(or [a ~= 1] [b === 2] [c != 3])'],
    ['a gt 1 or a lt 2 or a ge 3 or a le 4', '(or [a > 1] [a < 2] [a >= 3] [a <= 4])'],
    ['a contains "x y" and b ~ "z"', '(and [a contains x y] [b matches z])'],
    ['a in {1, 2..3} and b not in {"x"}', '(and [a in 1,2..3] [b not in x])'],
    ['all a > 1 and any b < 2 and all', '(and [all a > 1] [any b < 2] all)'],
    ['a & 2 and a & 0x3 == 1', '(and a&2 [a&0x3 == 1])'],
    ['a == 00:11:22:33:44:55 or a == fe80::1/64', '(or [a == 00:11:22:33:44:55] [a == fe80::1/64])'],
  ])('%s', (text, tree) => {
    expect(shown(text)).toBe(tree);
  });
});

describe('what is wrong, and where', () => {
  it.each([
    ['sip and', '7+0: a condition is missing after "and"'],
    ['sip and and', '8+3: a field is missing before "and"'],
    ['(sip', '0+1: this "(" is never closed'],
    ['sip)', '3+1: this ")" closes nothing'],
    ['sip rtp', '4+3: "and" or "or" is missing before "rtp"'],
    ['a >', '2+1: a value is missing after >'],
    ['a > and b', '4+3: a value is missing after >'],
    ['a == 1 == 2', '7+2: "and" or "or" is missing before "=="'],
    ['a = 1', '2+1: "=" alone is no comparison: write "=="'],
    ['"a" == b', '0+3: a field has to stand before a value'],
    ['a == "x', '5+2: the text has no closing quote'],
    [
      String.raw`a matches "\d"`,
      String.raw`11+3: "\d" means nothing inside quotes: write "\\d", or r"…" for text with backslashes`,
    ],
    ['a in 5', '5+1: "in" needs a set, as in {1, 2, 5..9}'],
    ['a in {1 2}', '8+1: "," is missing before "2"'],
    ['a in {1, 2', '5+1: this "{" is never closed'],
    ["a == 'x'", '5+1: text stands in double quotes'],
    ['all a', '5+0: a comparison is missing after "a"'],
    [`${'('.repeat(300)}a`, '200+1: the filter is nested too deep'],
    ['a'.repeat(30_000), '0+30000: the filter is too long'],
  ])('%s', (text, fault) => {
    expect(shown(text)).toBe(fault);
  });
});
