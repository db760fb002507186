/**
 * Header values that name somebody: From, To, Contact, Route, P-Asserted-Identity … (RFC 3261 section 20.10 and
 * 25.1, name-addr and addr-spec with parameters). For the cold path; everything here works on text.
 */

/** A place in the text. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

export interface ParamSpan {
  readonly name: Span;
  /** The value, quotes left off; length 0 where the parameter has none. */
  readonly value: Span;
}

/** Where the parts of one value are. */
export interface NameAddrSpans {
  /** The display name, quotes left off; length 0 for none. */
  readonly display: Span;
  readonly uri: Span;
  readonly params: readonly ParamSpan[];
}

export interface NameAddr {
  /** The display name with escapes undone, '' for none. */
  readonly display: string;
  readonly uri: string;
  /** Header parameters by lower-case name; '' for a parameter without value. The first of a name counts. */
  readonly params: ReadonlyMap<string, string>;
}

/** Reads one value. Never fails: what cannot be told apart is in `uri`. */
export function parseNameAddr(text: string): NameAddr {
  const spans = locateNameAddr(text, 0, text.length);
  const params = new Map<string, string>();
  for (const param of spans.params) {
    const name = cut(text, param.name).toLowerCase();
    if (!params.has(name)) params.set(name, unescape(text, param.value));
  }
  return { display: unescape(text, spans.display), uri: cut(text, spans.uri), params };
}

/** Reads a header with several values, as Contact and Route may have. */
export function parseNameAddrList(text: string): NameAddr[] {
  return splitValues(text, 0, text.length).map((span) => parseNameAddr(cut(text, span)));
}

/** Finds the parts of the value between `from` and `to`. */
export function locateNameAddr(text: string, from: number, to: number): NameAddrSpans {
  const start = skipSpace(text, from, to);
  const open = findOutsideQuotes(text, start, to, '<');
  if (open < 0) {
    const semicolon = findOutsideQuotes(text, start, to, ';');
    const end = semicolon < 0 ? to : semicolon;
    return {
      display: { at: start, length: 0 },
      uri: trimmed(text, start, end),
      params: locateParams(text, end, to),
    };
  }
  const close = text.indexOf('>', open);
  const end = close < 0 || close >= to ? to : close;
  let display = trimmed(text, start, open);
  const last = display.at + display.length - 1;
  if (display.length >= 2 && text[display.at] === '"' && text[last] === '"') {
    display = { at: display.at + 1, length: display.length - 2 };
  }
  return { display, uri: trimmed(text, open + 1, end), params: locateParams(text, end, to) };
}

/** Finds `;name=value` parameters between `from` and `to`; what is before the first semicolon is passed over. */
export function locateParams(text: string, from: number, to: number, separator = ';'): ParamSpan[] {
  const params: ParamSpan[] = [];
  let at = findOutsideQuotes(text, from, to, separator);
  while (at >= 0 && at < to) {
    const next = findOutsideQuotes(text, at + 1, to, separator);
    const end = next < 0 ? to : next;
    const param = locateParam(text, at + 1, end);
    if (param.name.length > 0) params.push(param);
    at = next;
  }
  return params;
}

/** One `name=value` between `from` and `to`. */
export function locateParam(text: string, from: number, to: number): ParamSpan {
  const equals = findOutsideQuotes(text, from, to, '=');
  if (equals < 0) return { name: trimmed(text, from, to), value: { at: to, length: 0 } };
  const name = trimmed(text, from, equals);
  const value = trimmed(text, equals + 1, to);
  if (value.length >= 2 && text[value.at] === '"' && text[value.at + value.length - 1] === '"') {
    return { name, value: { at: value.at + 1, length: value.length - 2 } };
  }
  return { name, value };
}

/** The comma-separated values between `from` and `to`; commas in quotes and angle brackets do not separate. */
export function splitValues(text: string, from: number, to: number): Span[] {
  const values: Span[] = [];
  let begin = from;
  for (let at = from; at <= to; at++) {
    if (at < to) {
      if (text[at] === '"') at = closingQuote(text, at, to);
      else if (text[at] === '<') {
        const close = text.indexOf('>', at);
        if (close >= 0 && close < to) at = close;
      }
      if (at < to && text[at] !== ',') continue;
    }
    const value = trimmed(text, begin, Math.min(at, to));
    if (value.length > 0) values.push(value);
    begin = at + 1;
  }
  return values;
}

/** A part of the text. */
export function cut(text: string, span: Span): string {
  return text.slice(span.at, span.at + span.length);
}

/** The place between `from` and `to` without white space around it. */
export function trimmed(text: string, from: number, to: number): Span {
  const at = skipSpace(text, from, to);
  let end = to;
  while (end > at && isSpace(text[end - 1])) end--;
  return { at, length: end - at };
}

function unescape(text: string, span: Span): string {
  return cut(text, span).replaceAll(/\\([\s\S])/g, '$1');
}

function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text[at])) at++;
  return at;
}

function isSpace(letter: string): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r' || letter === '\n';
}

function findOutsideQuotes(text: string, from: number, to: number, wanted: string): number {
  for (let at = from; at < to; at++) {
    if (text[at] === wanted) return at;
    if (text[at] === '"') at = closingQuote(text, at, to);
  }
  return -1;
}

/** The closing quote of the quoted string at `at`; `to` where there is none. */
function closingQuote(text: string, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    if (text[i] === '"') return i;
    if (text[i] === '\\') i++;
  }
  return to;
}
