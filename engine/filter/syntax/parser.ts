/** Tokens to a tree: `not` before `and` before `or`, as in Wireshark. */
import type { FilterNode, Literal, Operator, Place, Range, SyntaxFault, TestNode } from './ast.ts';
import { type Token, tokensOf } from './lexer.ts';

/** Longer texts and deeper nesting than anybody means. */
const MAX_TEXT = 20_000;
const MAX_DEPTH = 200;

export type ParseResult =
  | { readonly ok: true /** null: an empty filter, which lets everything through. */; readonly ast: FilterNode | null }
  | { readonly ok: false; readonly error: SyntaxFault };

/** Reads a display filter. Any text gives a result; nothing is known of fields and their types yet. */
export function parseFilter(text: string): ParseResult {
  try {
    if (text.length > MAX_TEXT) throw new Fault('the filter is too long', { at: 0, length: text.length });
    const parser = new Parser(tokensOf(text));
    return { ok: true, ast: parser.whole() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, error: error.fault };
    throw error;
  }
}

class Fault extends Error {
  readonly fault: SyntaxFault;

  constructor(message: string, { at, length }: Place, missingValueOf?: string) {
    super(message);
    this.fault = { message, at, length, ...(missingValueOf === undefined ? {} : { missingValueOf }) };
  }
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): FilterNode | null {
    if (this.peek().kind === 'end') return null;
    const node = this.either();
    if (this.peek().kind === 'end') return node;
    if (this.peek().kind === ')') throw new Fault('this ")" closes nothing', this.peek());
    throw this.unexpected('"and" or "or" is missing before');
  }

  private peek(): Token {
    return this.tokens[this.next];
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind === 'bad') throw new Fault(token.text, token);
    if (token.kind !== 'end') this.next++;
    return token;
  }

  private either(): FilterNode {
    return this.list('or', () => this.list('and', () => this.one()));
  }

  private list(kind: 'and' | 'or', part: () => FilterNode): FilterNode {
    const parts = [part()];
    while (this.peek().kind === kind) {
      this.take();
      parts.push(part());
    }
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  private one(): FilterNode {
    if (++this.depth > MAX_DEPTH) throw new Fault('the filter is nested too deep', this.peek());
    try {
      const token = this.take();
      if (token.kind === 'not') return { kind: 'not', part: this.one() };
      if (token.kind === 'word') return this.test(token);
      if (token.kind !== '(') throw this.noTest(token);
      const inside = this.either();
      if (this.peek().kind !== ')') {
        if (this.peek().kind === 'end') throw new Fault('this "(" is never closed', token);
        throw this.unexpected('")" is missing before');
      }
      this.take();
      return inside;
    } finally {
      this.depth--;
    }
  }

  private noTest(token: Token): Fault {
    const before = this.tokens[this.tokens.indexOf(token) - 1];
    const after = before === undefined ? '' : ` after "${before.text}"`;
    if (token.kind === 'end') return new Fault(`a condition is missing${after}`, token);
    if (token.kind === 'string') return new Fault('a field has to stand before a value', token);
    return new Fault(`a field is missing before "${token.text}"`, token);
  }

  private test(first: Token): TestNode {
    const isQuantified = (first.text === 'any' || first.text === 'all') && this.peek().kind === 'word';
    const field = literal(isQuantified ? this.take() : first);
    const mask = this.peek().kind === 'operator' && this.peek().text === '&' ? this.mask(field) : null;
    const isNegated = this.peek().kind === 'not' && this.tokens[this.next + 1].text === 'in';
    if (isNegated) this.take();
    const about = {
      kind: 'test' as const,
      field,
      mask,
      isNegated,
      quantifier: isQuantified ? quantifierOf(first) : null,
    };
    if (this.peek().kind !== 'operator') {
      if (isQuantified) throw new Fault(`a comparison is missing after "${field.text}"`, this.peek());
      return { ...about, operator: null, values: [], ...span(first, this.last) };
    }
    const sign = this.take();
    const operator = operatorOf(sign);
    if (operator === null) throw new Fault(`a number is missing before "${sign.text}"`, sign);
    const values = operator === 'in' ? this.set(field) : [{ from: this.value(field, sign), to: null }];
    return { ...about, operator, values, ...span(first, this.last) };
  }

  private mask(field: Literal): Literal {
    return this.value(field, this.take());
  }

  /** `{80, 443, 5060..5080}` */
  private set(field: Literal): Range[] {
    const brace = this.take();
    if (brace.kind !== '{') throw new Fault('"in" needs a set, as in {1, 2, 5..9}', brace);
    const items: Range[] = [];
    for (let token: Token = brace; ; ) {
      const from = this.value(field, token);
      let to: Literal | null = null;
      if (this.peek().kind === '..') to = this.value(field, this.take());
      items.push({ from, to });
      if (this.peek().kind === 'end') throw new Fault('this "{" is never closed', brace);
      token = this.take();
      if (token.kind === '}') return items;
      if (token.kind !== ',') throw new Fault(`"," is missing before "${token.text}"`, token);
    }
  }

  private value(field: Literal, after: Token): Literal {
    const token = this.peek();
    if (token.kind === 'word' || token.kind === 'string') return literal(this.take());
    if (token.kind === 'bad') throw new Fault(token.text, token);
    const place = token.kind === 'end' ? { at: after.at, length: after.length } : token;
    throw new Fault(`a value is missing after ${after.text}`, place, field.text);
  }

  private get last(): Token {
    return this.tokens[this.next - 1];
  }

  private unexpected(what: string): Fault {
    const token = this.peek();
    if (token.kind === 'bad') return new Fault(token.text, token);
    return new Fault(`${what} "${token.text}"`, token);
  }
}

function literal({ kind, text, at, length }: Token): Literal {
  return { kind: kind === 'string' ? 'string' : 'word', text, at, length };
}

function quantifierOf(token: Token): 'any' | 'all' {
  return token.text === 'all' ? 'all' : 'any';
}

const OPERATORS: readonly Operator[] = ['==', '!=', '===', '~=', '>', '<', '>=', '<=', 'contains', 'matches', 'in'];

function operatorOf(token: Token): Operator | null {
  return OPERATORS.find((operator) => operator === token.text) ?? null;
}

function span(first: Token, last: Token): Place {
  return { at: first.at, length: last.at + last.length - first.at };
}
