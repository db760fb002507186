/** What could come next in a filter: fields, operators, values that the capture holds. */
import type { Dissector } from '../../dissectors/dissector.ts';
import type { Completion, CompletionItem } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import type { FilterTable } from './check.ts';
import { valuesIn } from './complete-values.ts';
import type { Field } from './field.ts';
import { registryOf } from './registry.ts';
import { type Token, tokensOf } from './syntax/lexer.ts';

const MOST_ITEMS = 50;

const OPERATORS: readonly (readonly [string, string])[] = [
  ['==', 'is'],
  ['!=', 'is not'],
  ['>', 'is more than'],
  ['<', 'is less than'],
  ['>=', 'is at least'],
  ['<=', 'is at most'],
  ['in', 'is one of {…}'],
];
const TEXT_OPERATORS: readonly (readonly [string, string])[] = [
  ['contains', 'holds the text'],
  ['matches', 'holds what the pattern says'],
];
const JOINTS: readonly (readonly [string, string])[] = [
  ['and', 'both'],
  ['or', 'either'],
];

/**
 * What could stand at the cursor (a place in UTF-16 units), and what it would replace. Values are those of the capture,
 * where there is one.
 */
export function completeFilter(
  text: string,
  cursor: number,
  table: FilterTable,
  dissectors: readonly Dissector[],
  capture: Capture | null,
): Completion {
  const tokens = tokensOf(text.slice(0, cursor)).filter(({ kind }) => kind !== 'end');
  const last = tokens.at(-1);
  // A word that the cursor touches is still being written, and so is text without its closing quote.
  const isOpen = last !== undefined && last.at + last.length === cursor && isWritten(last, text);
  const written = isOpen ? text.slice(last.at, cursor) : '';
  const before = isOpen ? tokens.slice(0, -1) : tokens;
  const from = isOpen ? last.at : cursor;
  const to = isOpen ? from + (/^[\w.:/%$+-]*/.exec(text.slice(from))?.[0].length ?? 0) : cursor;
  const registry = registryOf(dissectors);
  const items = itemsAfter(before, table, (id) => registry.find(id), registry.list(), capture);
  return { from, to: Math.max(to, cursor), items: matching(items, written) };
}

function isWritten({ kind, text }: Token, whole: string): boolean {
  // Operators that are words can be the beginning of another word.
  if (kind === 'word' || kind === 'string') return true;
  return kind === 'bad' ? whole.includes('"') : /^[a-z]/.test(text) && kind !== '(';
}

function itemsAfter(
  tokens: readonly Token[],
  table: FilterTable,
  find: (id: string) => Field | null,
  fields: readonly Field[],
  capture: Capture | null,
): CompletionItem[] {
  const last = tokens.at(-1);
  switch (last?.kind) {
    case 'word': {
      const field = find(last.text);
      const isOperand = tokens.at(-2)?.kind === 'operator';
      return isOperand || field === null ? joints() : [...operatorsOf(field), ...joints()];
    }
    case 'string':
    case ')':
    case '}':
      return joints();
    case 'operator':
    case '{':
    case ',':
    case '..': {
      if (last.kind === 'operator' && last.text === 'in')
        return [{ text: '{', kind: 'operator', detail: 'a set, as in {1, 2, 5..9}' }];
      const name = tokens.findLast(({ kind, text }) => kind === 'word' && find(text) !== null);
      const field = name === undefined ? null : find(name.text);
      return field === null || capture === null ? [] : valuesIn(field, capture);
    }
    default:
      return fields
        .filter(({ source }) => table === 'packets' || source.kind === 'entry')
        .map(({ id, label }) => ({ text: id, kind: 'field', detail: label }));
  }
}

function joints(): CompletionItem[] {
  return JOINTS.map(([text, detail]) => ({ text, kind: 'operator', detail }));
}

function operatorsOf({ type }: Field): CompletionItem[] {
  const isText = type === 'text' || type === 'octets';
  const some =
    type === 'node'
      ? []
      : type === 'protocol'
        ? TEXT_OPERATORS
        : isText
          ? [...OPERATORS, ...TEXT_OPERATORS]
          : OPERATORS;
  return some.map(([text, detail]) => ({ text, kind: 'operator', detail }));
}

function bare({ text }: CompletionItem): string {
  return text.toLowerCase().replace(/^"/, '');
}

/** Those that begin with what is written, then those that have it further on. */
function matching(items: readonly CompletionItem[], written: string): CompletionItem[] {
  const wanted = written.toLowerCase().replace(/^"/, '');
  const first = items.filter((item) => bare(item).startsWith(wanted));
  const rest = items.filter((item) => !bare(item).startsWith(wanted) && bare(item).includes(wanted));
  return [...first, ...rest].slice(0, MOST_ITEMS);
}
