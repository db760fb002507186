/** Shows the words of a line as fields, each with its octets. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';

/**
 * Machine name, label, and what leads to the word: nothing where white space does; a letter where the word is there
 * only if that letter ends the word before it; `*` where this and all further words are of this kind.
 */
export type LinePart = readonly [name: string, label: string, before?: string];

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
  for (let index = 0; index < parts.length && at < to; index++) {
    const [name, label, before] = parts[index];
    const joined = before !== undefined && before !== '*';
    if (joined && latin1[at] !== before) continue;
    if (joined) at++;
    while (at < to && isSpace(latin1[at])) at++;
    const stop = parts[index + 1]?.[2];
    const start = at;
    while (at < to && !isSpace(latin1[at]) && latin1[at] !== stop) at++;
    if (at > start) wordField(data, latin1, start, at, name, label, tree);
    if (before === '*' && at > start) index--;
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
): void {
  const text = latin1.slice(from, to);
  const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : data.text(from, to - from);
  tree.field(name, label, from, to - from, value);
}

function isSpace(letter: string): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r' || letter === '\0';
}
