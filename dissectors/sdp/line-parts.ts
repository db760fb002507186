/** Shows the words of a line as fields, each with its octets. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';

/**
 * Machine name, label, and the letter that ends the word: white space always does; `*` means that all words that
 * follow are of this kind.
 */
export type LinePart = readonly [name: string, label: string, separator?: string];

/** Reads words between `from` and `to` in order of `parts`; words without a part are left to the line itself. */
export function fieldsOf(
  data: Octets,
  latin1: string,
  from: number,
  to: number,
  parts: readonly LinePart[],
  tree: TreeBuilder,
): void {
  let at = from;
  for (let index = 0; index < parts.length && at < to; ) {
    const [name, label, separator] = parts[index];
    while (at < to && isSpace(latin1[at])) at++;
    let end = at;
    while (end < to && !isSpace(latin1[end]) && latin1[end] !== separator) end++;
    if (end > at) wordField(data, latin1, at, end, name, label, tree);
    const separated = end < to && latin1[end] === separator;
    at = separated ? end + 1 : end;
    if (separator !== '*') index++;
    else if (end === at && at >= to) return;
    // A word that was not ended by its separator has none of the words that the separator leads to.
    while (!separated && separator !== undefined && separator !== '*' && parts[index]?.[2] === separator) index++;
  }
}

/** A field that is a number where its text is one. */
export function wordField(
  data: Octets,
  latin1: string,
  from: number,
  to: number,
  name: string,
  label: string,
  tree: TreeBuilder,
  meaning?: string,
): void {
  const text = latin1.slice(from, to);
  const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : data.text(from, to - from);
  tree.field(name, label, from, to - from, value, meaning);
}

function isSpace(letter: string): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r' || letter === '\0';
}
