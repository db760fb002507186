/** Made-up filters: words in any order, and octets as text. */
import { builtIns } from '../../dissectors/index.ts';
import { checkFilter, completeFilter, type FilterTable, parseFilter } from '../../engine/filter/index.ts';
import { patternOf } from '../../engine/filter/pattern.ts';

const WORDS = [
  ...'sip rtp frame call stream vlan ip.addr ipv6.src eth.src udp.port tcp.flags sip.Method sip.Status-Code'.split(' '),
  ...'frame.time_epoch frame.time_relative call.id call.from stream.loss rtp.marker sip.msg_hdr nosuch.field'.split(
    ' ',
  ),
  ...'== != === !== ~= > < >= <= ~ & && || ! and or not in contains matches eq ne any all'.split(' '),
  ...'( ) { } , .. " \\ \' [ ] = ^ | r" \t'.split(' '),
  ...'1 -1 0x1f 010 1.5 c7 10.0.0.1 10.0.0.0/8 10.0.0.0/99 ::1 fe80::/10 00:11:22:33:44:55 true'.split(' '),
  '"text"',
  '"a\\x41"',
  '"(a+)+$"',
  'r"\\d+[a-z]{2,}"',
  '"2026-01-31 12:00:00"',
  '""',
  '1e999',
  '\u{1f600}',
];
const PATTERN_PARTS =
  'a b . ^ $ * + ? {2} {0,3} {900} ( ) (?: [a-c] [^x] [ ] | \\d \\b \\1 (?= \\ (?-i) [[:alpha:]]'.split(' ');
const TABLES: readonly FilterTable[] = ['packets', 'calls', 'streams'];

/**
 * Gives `inputs` texts to the parser, the checker, completion and the patterns; `random` gives 0 ≤ x < 1. Throws where
 * one of them throws, points outside the text, or takes longer than a second.
 */
export function fuzzFilter(random: () => number, inputs: number): void {
  for (let i = 0; i < inputs; i++) {
    const text = made(random);
    const start = performance.now();
    check(text, random);
    checkPattern(random);
    if (performance.now() - start > 1000) throw new Error(`takes for ever: ${JSON.stringify(text)}`);
  }
}

function check(text: string, random: () => number): void {
  const fail = (what: string): never => {
    throw new Error(`${what}: ${JSON.stringify(text)}`);
  };
  const table = pick(TABLES, random);
  const parsed = parseFilter(text);
  const checked = checkFilter(text, table, builtIns);
  if (checked.ok && !parsed.ok) fail('makes sense and cannot be read');
  const error = checked.ok ? null : checked.error;
  if (error !== null) {
    if (error.at < 0 || error.length < 0 || error.at + error.length > text.length) fail('a place outside');
    if (error.message === '') fail('no message');
  } else if (checked.ok) {
    for (const { test } of checked.filter.leaves) test?.('value');
  }
  const cursor = Math.floor(random() * (text.length + 1));
  const { from, to, items } = completeFilter(text, cursor, table, builtIns, null);
  if (from < 0 || from > cursor || to < cursor || to > text.length || items.length > 50)
    fail(`completion at ${cursor}`);
}

function checkPattern(random: () => number): void {
  const pattern = Array.from({ length: Math.floor(random() * 10) }, () => pick(PATTERN_PARTS, random)).join('');
  const result = patternOf(pattern);
  if (result.ok) result.test('ab'.repeat(Math.floor(random() * 40)));
  else if (result.at < 0 || result.at > pattern.length) throw new Error(`a place outside the pattern ${pattern}`);
}

function made(random: () => number): string {
  const length = Math.floor(random() ** 2 * 30);
  if (random() < 0.15) return String.fromCharCode(...Array.from({ length }, () => Math.floor(random() * 256)));
  if (random() < 0.02) return pick(['(', '!', 'sip and ', 'sip or !', '{'], random).repeat(Math.floor(random() * 5000));
  return Array.from({ length }, () => pick(WORDS, random)).join(random() < 0.9 ? ' ' : '');
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
