import type { FilterField } from '../../../base/filter-field.ts';
import type { ColumnSpec, Dissector } from '../../../dissectors/dissector.ts';
import type { Plugin } from '../contract.ts';
import type { Declared, DeclaredDissector, DeclaredField } from '../messages.ts';

/** What a plugin's default export declares, for the host to check. */
export function declare({ dissectors = [], checks = [], exports = [] }: Plugin): Declared {
  return {
    dissectors: dissectors.map(declareDissector),
    checks: checks.map(({ id, label }) => ({ id, label })),
    exports: exports.map(({ id, label, extension }) => ({ id, label, extension })),
  };
}

function declareDissector(dissector: Dissector): DeclaredDissector {
  const { id, label, specs, claims, columns, fields } = dissector;
  for (const name of ['dissect', 'summarize', 'describe'] as const) {
    if (typeof dissector[name] !== 'function') throw new TypeError(`dissector ${id} has no function ${name}`);
  }
  return {
    id,
    label,
    specs: specs ?? [],
    claims: claims ?? [],
    columns: columns ?? {},
    fields: fields === undefined ? null : fields.map((field) => declareField(field, columns ?? {})),
    hasProbe: typeof dissector.probe === 'function',
  };
}

function declareField(field: FilterField, columns: ColumnSpec): DeclaredField {
  const { id, label, type, names, isVerbatim } = field;
  return { id, label, type, names: names ?? null, isVerbatim: isVerbatim === true, column: columnOf(field, columns) };
}

const NO_COLUMN = { set: () => {}, copyFrom: () => {}, read: () => {}, gather: () => {}, lengthBytes: 0 };

/**
 * The column that a field hands out as it is, found by asking it for rows whose values are known. Filters ask for every
 * row, which must not lead into the sandbox; a field that computes something is read from the tree.
 */
function columnOf(field: FilterField, columns: ColumnSpec): string {
  if (typeof field.column !== 'function') return '';
  const names = Object.keys(columns);
  const valueOf = (name: string, row: number): number => (names.indexOf(name) + 1) * 1000 + row;
  const known = Object.fromEntries(
    names.map((name) => [name, { ...NO_COLUMN, get: (row: number) => valueOf(name, row) }]),
  );
  const [first, second] = [1, 7].map((row) => {
    try {
      return field.column?.(known, row);
    } catch {
      return undefined;
    }
  });
  return names.find((name) => valueOf(name, 1) === first && valueOf(name, 7) === second) ?? '';
}
