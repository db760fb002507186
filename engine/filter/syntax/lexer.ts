/** The words of a display filter, by Wireshark's rules. */
import type { Place } from './ast.ts';

export type TokenKind =
  | 'word'
  | 'string'
  | 'operator'
  | 'and'
  | 'or'
  | 'not'
  | '('
  | ')'
  | '{'
  | '}'
  | ','
  | '..'
  | 'end'
  | 'bad';

export interface Token extends Place {
  readonly kind: TokenKind;
  /** A word as written; a string without quotes and escapes; an operator by its sign; of a bad token what is wrong. */
  readonly text: string;
}

const SIGNS: readonly (readonly [string, TokenKind, string])[] = [
  ['===', 'operator', '==='],
  ['!==', 'operator', '!='],
  ['==', 'operator', '=='],
  ['!=', 'operator', '!='],
  ['~=', 'operator', '~='],
  ['>=', 'operator', '>='],
  ['<=', 'operator', '<='],
  ['&&', 'and', '&&'],
  ['||', 'or', '||'],
  ['..', '..', '..'],
  ['>', 'operator', '>'],
  ['<', 'operator', '<'],
  ['~', 'operator', 'matches'],
  ['&', 'operator', '&'],
  ['!', 'not', '!'],
  ['(', '(', '('],
  [')', ')', ')'],
  ['{', '{', '{'],
  ['}', '}', '}'],
  [',', ',', ','],
];

const WORDS: Readonly<Record<string, readonly [TokenKind, string]>> = {
  and: ['and', 'and'],
  or: ['or', 'or'],
  not: ['not', 'not'],
  eq: ['operator', '=='],
  any_eq: ['operator', '=='],
  all_eq: ['operator', '==='],
  ne: ['operator', '!='],
  all_ne: ['operator', '!='],
  any_ne: ['operator', '~='],
  gt: ['operator', '>'],
  lt: ['operator', '<'],
  ge: ['operator', '>='],
  le: ['operator', '<='],
  contains: ['operator', 'contains'],
  matches: ['operator', 'matches'],
  in: ['operator', 'in'],
  bitand: ['operator', '&'],
  bitwise_and: ['operator', '&'],
};

const WORD = /[\w.:/%$+-]/;

/** The tokens of a text, the last one `end`. Never throws: what is no token is `bad`, and reading goes on after it. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    while (at < text.length && /\s/.test(text[at])) at++;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, length: 0 });
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  if (text[at] === '"') return quoted(text, at, at + 1, false);
  if (/[rR]/.test(text[at]) && text[at + 1] === '"') return quoted(text, at, at + 2, true);
  for (const [sign, kind, meaning] of SIGNS) {
    if (text.startsWith(sign, at)) return { kind, text: meaning, at, length: sign.length };
  }
  let end = at;
  // Two dots are those of a range.
  while (end < text.length && WORD.test(text[end]) && !text.startsWith('..', end)) end++;
  if (end > at) {
    const word = text.slice(at, end);
    const [kind, meaning] = Object.hasOwn(WORDS, word) ? WORDS[word] : (['word', word] as const);
    return { kind, text: meaning, at, length: end - at };
  }
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const hint: Readonly<Record<string, string>> = {
    '=': '"=" alone is no comparison: write "=="',
    '|': '"|" alone means nothing: write "||" or "or"',
    "'": 'text stands in double quotes',
    '^': 'there is no "^": write the condition with "and", "or" and "not"',
    '[': 'parts of a field ("[…]") cannot be compared',
  };
  return { kind: 'bad', text: hint[letter] ?? `"${letter}" means nothing here`, at, length: letter.length };
}

/** Text in double quotes from `from` on; in raw text (`r"…"`) a backslash is one, except that it keeps a quote inside. */
function quoted(text: string, at: number, from: number, isRaw: boolean): Token {
  let value = '';
  for (let i = from; i < text.length; ) {
    if (text[i] === '"') return { kind: 'string', text: value, at, length: i + 1 - at };
    if (text[i] !== '\\') {
      value += text[i++];
    } else if (isRaw) {
      value += text[i + 1] === '"' ? '"' : text.slice(i, i + 2);
      i += 2;
    } else {
      const escape = escapeAt(text, i);
      if (escape === null) {
        const shown = text.slice(i, i + 2);
        const wrong = `"${shown}" means nothing inside quotes: write "\\${shown}", or r"…" for text with backslashes`;
        return { kind: 'bad', text: wrong, at: i, length: Math.max(1, closingQuote(text, i) - i) };
      }
      value += escape.value;
      i += escape.length;
    }
  }
  return { kind: 'bad', text: 'the text has no closing quote', at, length: text.length - at };
}

/** After the quote that ends the text `at` lies in. */
function closingQuote(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function escapeAt(text: string, at: number): { value: string; length: number } | null {
  const simple = SIMPLE[text[at + 1] ?? ''];
  if (simple !== undefined) return { value: simple, length: 2 };
  const code = /^\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|u([0-9a-f]{4}))/i.exec(text.slice(at, at + 6));
  if (code === null) return null;
  const [whole, hex, octal, unit] = code;
  const value = octal === undefined ? Number.parseInt(hex ?? unit, 16) : Number.parseInt(octal, 8);
  return { value: String.fromCharCode(value), length: whole.length };
}
