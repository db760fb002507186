import type { FieldNode } from '../../shared/engine-api.ts';
import { valueFilter } from '../widgets/grid/filter-text.ts';

/** No octet holds the field: Earshot worked it out. What is said of the frame itself is not marked. */
export function isGenerated(node: FieldNode): boolean {
  return node.length === 0 && node.fault === undefined && node.value !== '' && !node.name.startsWith('frame');
}

export function labelOf(node: FieldNode): string {
  return isGenerated(node) ? `[${node.label}]` : node.label;
}

/** What stands after the label: a group's own line, or the value and what it means. */
export function lineOf(node: FieldNode): string {
  const line = node.text ?? withMeaning(valueText(node), node.meaning);
  return isGenerated(node) && line !== '' ? `[${line}]` : line;
}

function withMeaning(value: string, meaning: string | undefined): string {
  if (meaning === undefined) return value;
  return value === '' ? meaning : `${value} (${meaning})`;
}

/** The value as it is copied. */
export function valueText({ value }: FieldNode): string {
  return value === null ? '' : String(value);
}

/** Control characters as their pictures, so that a line stays one; cut where nobody would read on. */
export function shownText(text: string): string {
  const cut = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return cut.replace(/[\u0000-\u001f\u007f]/g, (control) =>
    control === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
}

/** A node and all below it as indented text. */
export function subtreeText(node: FieldNode, depth = 0): string {
  const line = lineOf(node);
  const own = `${'  '.repeat(depth)}${labelOf(node)}${line === '' ? '' : `: ${line}`}`;
  return [own, ...(node.children ?? []).map((child) => subtreeText(child, depth + 1))].join('\n');
}

const BARE = /^(?:0x[\da-f]+|-?\d+(?:\.\d+)?|\d+(?:\.\d+){3}|[\da-f]{2}(?::[\da-f]{2}){5}|[\da-f:]*:[\da-f:.]*)$/i;

/**
 * Display filters that find packets with this field and value, the likeliest first: whether a value is compared as text
 * or as a number only the engine knows. A group, or a value too long to be typed, is asked for by its name.
 */
export function filterTexts(node: FieldNode): string[] {
  const { name, value } = node;
  if (node.fault !== undefined) return [];
  if (value === null || value === '' || String(value).length > 500) return [name];
  const field = name;
  const bare = valueFilter({ field, value, isBare: true });
  if (typeof value === 'boolean') return [bare, name];
  const quoted = valueFilter({ field, value: String(value) });
  return typeof value === 'number' || BARE.test(value) ? [bare, quoted, name] : [quoted, name];
}
