import type { DescribeContext, FieldValue, TreeBuilder } from '../../dissectors/dissector.ts';

const MOST_NODES = 20_000;
const MOST_DEPTH = 64;
const MOST_TEXT = 20_000;

/** Builds the tree that a sandbox wrote down, as far as it is one. Octets stay within the payload's `length`. */
export function buildTree(steps: unknown, tree: TreeBuilder, ctx: DescribeContext, length: number): void {
  let left = MOST_NODES;
  const build = (list: unknown, depth: number): void => {
    if (!Array.isArray(list) || depth > MOST_DEPTH) return;
    for (const step of list) {
      if (!Array.isArray(step) || left-- <= 0) continue;
      const [kind, ...rest] = step as unknown[];
      if (kind === 'child') {
        const { at, octets } = span(rest[1], rest[2], length);
        ctx.child(words(rest[0]), at, octets);
        continue;
      }
      const [name, label] = rest.map(words);
      const { at, octets } = span(rest[2], rest[3], length);
      if (kind === 'field') tree.field(name, label, at, octets, valueOf(rest[4]), words(rest[5]));
      else if (kind === 'group') tree.group(name, label, at, octets, words(rest[4]), () => build(rest[5], depth + 1));
      else if (kind === 'fault') tree.fault(name, label, at, octets);
    }
  };
  build(steps, 0);
}

function span(at: unknown, octets: unknown, length: number): { at: number; octets: number } {
  const from = Math.min(natural(at), length);
  return { at: from, octets: Math.min(natural(octets), length - from) };
}

function natural(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.floor(Math.min(value, 0xffff_ffff)) : 0;
}

function words(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, MOST_TEXT) : '';
}

function valueOf(value: unknown): FieldValue {
  if (typeof value === 'string') return value.slice(0, MOST_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || !('big' in value)) return null;
  const { big } = value;
  return typeof big === 'string' && /^-?\d{1,100}$/.test(big) ? BigInt(big) : null;
}
