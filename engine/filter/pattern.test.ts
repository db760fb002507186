import { expect, test } from 'vitest';
import { patternOf } from './pattern.ts';

function matches(pattern: string, text: string): boolean {
  const result = patternOf(pattern);
  if (!result.ok) throw new Error(result.message);
  return result.test(text);
}

const PATTERNS = [
  'ab',
  'a.c',
  '^a',
  'c$',
  '^abc$',
  'a*b+c?',
  '(ab|cd)+$',
  'a{2}',
  'a{2,}b',
  'a{1,3}$',
  '^(a|b)*c',
  '[a-c]+d',
  '[^a-c]',
  '\\d+',
  '\\bab\\b',
  'a|',
  '(?:a|bc){2}',
  '[\\d-]+x',
  'x*?y',
  '\\x41',
  '(a*)*b',
  '[]a]',
  'A[B-D]e',
  '\\W',
  '^$',
];
const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'aab',
  'AAB',
  'cdab',
  'xy',
  'a1-2x',
  'abcd',
  'b c',
  ']',
  'aXc',
  'acde',
  'ABCE',
  'y\n',
];

test('finds what the built-in engine finds', () => {
  for (const pattern of PATTERNS) {
    // JavaScript reads `[]a]` as an empty set and then text.
    const built = new RegExp(pattern.replace('[]', '[\\]'), 'i');
    for (const text of TEXTS)
      expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, built.test(text)]);
  }
});

test('tells upper and lower case only where it is asked to', () => {
  expect(matches('(?-i)inv[I]te', 'invIte')).toBe(true);
  expect(matches('(?-i)inv.te', 'INVITE')).toBe(false);
  expect(matches('(?i)inv.te', 'INVITE')).toBe(true);
  expect(matches('É.', 'xéy')).toBe(true);
});

test('takes time in proportion to the text for patterns that take others for ever', () => {
  const text = 'a'.repeat(20_000);
  const start = performance.now();
  for (const pattern of ['(a+)+$x', '(a|a)*b', '(.*)*x', '(a?){50}a{50}c']) expect(matches(pattern, text)).toBe(false);
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('says what is wrong with a pattern', () => {
  const faults = ['(a', 'a)', '[a', '*a', '(?=a)', '(a)\\1', 'a{3,1}', '\\q', 'a\\', '(a{900}){900}', '[z-a]'].map(
    (text) => {
      const result = patternOf(text);
      return result.ok ? null : `${result.at}: ${result.message}`;
    },
  );
  expect(faults).toEqual([
    '0: this "(" is never closed',
    '1: this ")" closes nothing',
    '0: this "[" is never closed',
    '0: "*" repeats nothing',
    '0: look-around and options are not supported here',
    '3: back references are not supported',
    '1: {3,1} has its numbers the wrong way round',
    '0: "\\q" means nothing here',
    '1: a letter is missing after "\\"',
    '0: the pattern repeats too much',
    '1: a range goes from the lower letter to the higher',
  ]);
});
