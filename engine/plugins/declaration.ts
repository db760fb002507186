import type { FilterType } from '../../base/filter-field.ts';
import type { Claim } from '../../dissectors/dissector.ts';
import type { Declared, DeclaredDissector, DeclaredField } from './messages.ts';

const MOST_PARTS = 16;
const MOST_CLAIMS = 64;
const MOST_COLUMNS = 32;
const MOST_FIELDS = 200;
const MOST_NAME = 80;
const ID = /^[a-z][a-z0-9-]{0,31}$/;
const COLUMN = /^[A-Za-z][A-Za-z0-9]{0,31}$/;
const FIELD = /^[A-Za-z][\w.-]{0,79}$/;
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;
const COLUMN_KINDS = ['u8', 'u16', 'u32', 'f64', 'text'] as const;
const FIELD_TYPES: readonly string[] = [
  'protocol',
  'node',
  'text',
  'octets',
  'number',
  'boolean',
  'ipv4',
  'ipv6',
  'address',
  'mac',
  'time',
  'duration',
  'id',
] satisfies readonly FilterType[];

/** What a plugin declares is not what it may be: a sentence that says so. */
export class DeclarationError extends Error {}

/**
 * Takes what a sandbox says its plugin is, and gives it where every part is what it should be. `taken` are dissectors
 * that are there already. Throws a DeclarationError.
 */
export function checkDeclaration(text: string, taken: readonly string[]): Declared {
  const given = record(JSON.parse(text), 'the default export');
  const ids = new Set(taken);
  const dissectors = list(given['dissectors'], 'dissectors', MOST_PARTS).map((part, i) => {
    const dissector = dissectorOf(record(part, `dissectors[${i}]`), `dissectors[${i}]`);
    if (ids.has(dissector.id)) wrong(`there is another dissector "${dissector.id}"`);
    ids.add(dissector.id);
    return dissector;
  });
  const checks = list(given['checks'], 'checks', MOST_PARTS).map((part, i) => named(part, `checks[${i}]`));
  const exports = list(given['exports'], 'exports', MOST_PARTS).map((part, i) => {
    const where = `exports[${i}]`;
    const extension = textOf(record(part, where)['extension'], `${where}.extension`);
    if (!/^[a-z0-9][a-z0-9.]{0,15}$/.test(extension)) wrong(`${where}.extension is not like "csv"`);
    return { ...named(part, where), extension };
  });
  for (const parts of [checks, exports]) {
    const twice = parts.find(({ id }, i) => parts.findIndex((other) => other.id === id) < i);
    if (twice !== undefined) wrong(`"${twice.id}" is there twice`);
  }
  if (dissectors.length + checks.length + exports.length === 0) {
    wrong('the default export has neither dissectors nor checks nor exports');
  }
  return { dissectors, checks, exports };
}

function dissectorOf(given: Record<string, unknown>, where: string): DeclaredDissector {
  const { id, label } = named(given, where);
  const claims = list(given['claims'], `${where}.claims`, MOST_CLAIMS).map((claim, i) =>
    claimOf(record(claim, `${where}.claims[${i}]`), `${where}.claims[${i}]`),
  );
  const hasProbe = given['hasProbe'] === true;
  if (!hasProbe && claims.some(({ kind }) => kind === 'heuristic')) {
    wrong(`${where} (${id}) has a heuristic claim and no function probe`);
  }
  const columns = Object.entries(record(given['columns'], `${where}.columns`));
  if (columns.length > MOST_COLUMNS) wrong(`${where} has more than ${MOST_COLUMNS} columns`);
  const columnSpec = columns.map(([name, kind]) => {
    if (!COLUMN.test(name)) wrong(`${where}.columns has "${name}", which is no name of letters and digits`);
    const known = COLUMN_KINDS.find((each) => each === kind);
    if (known === undefined) return wrong(`${where}.columns.${name} is none of ${COLUMN_KINDS.join(', ')}`);
    return [name, known] as const;
  });
  const fields = given['fields'];
  return {
    id,
    label,
    specs: list(given['specs'], `${where}.specs`, MOST_PARTS).map((spec) => textOf(spec, `${where}.specs`)),
    claims,
    columns: Object.fromEntries(columnSpec),
    fields:
      fields === null
        ? null
        : list(fields, `${where}.fields`, MOST_FIELDS).map((field, i) =>
            fieldOf(record(field, `${where}.fields[${i}]`), id, `${where}.fields[${i}]`),
          ),
    hasProbe,
  };
}

function claimOf(given: Record<string, unknown>, where: string): Claim {
  const transport = (value: unknown): 'udp' | 'tcp' =>
    value === 'udp' || value === 'tcp' ? value : wrong(`${where} is neither over "udp" nor over "tcp"`);
  switch (given['kind']) {
    case 'port': {
      const port = whole(given['port'], 1, 65_535);
      if (port === null) return wrong(`${where}.port is not between 1 and 65535`);
      return { kind: 'port', transport: transport(given['transport']), port };
    }
    case 'media-type': {
      const type = textOf(given['type'], `${where}.type`).toLowerCase();
      return MEDIA_TYPE.test(type) ? { kind: 'media-type', type } : wrong(`${where}.type is not like "text/plain"`);
    }
    case 'heuristic': {
      const claim = { kind: 'heuristic', over: transport(given['over']) } as const;
      const range = given['firstOctet'];
      if (range === undefined) return claim;
      const [low, high] = Array.isArray(range) ? range.map((octet) => whole(octet, 0, 255)) : [];
      if (low == null || high == null || low > high) return wrong(`${where}.firstOctet is not like [0, 255]`);
      return { ...claim, firstOctet: [low, high] };
    }
    default:
      return wrong(`${where}.kind is none of port, media-type, heuristic`);
  }
}

function fieldOf(given: Record<string, unknown>, dissector: string, where: string): DeclaredField {
  const id = textOf(given['id'], `${where}.id`);
  // A field of another name could take the place of a built-in one in every filter.
  if (!FIELD.test(id) || !(id === dissector || id.startsWith(`${dissector}.`))) {
    wrong(`${where}.id does not begin with "${dissector}."`);
  }
  const type = textOf(given['type'], `${where}.type`);
  if (!FIELD_TYPES.includes(type)) wrong(`${where}.type is none of ${FIELD_TYPES.join(', ')}`);
  const { names } = given;
  return {
    id,
    label: textOf(given['label'], `${where}.label`),
    type: type as FilterType,
    names:
      names === null
        ? null
        : list(names, `${where}.names`, MOST_FIELDS).map((name) => (name === '' ? '' : textOf(name, where))),
    isVerbatim: given['isVerbatim'] === true,
    column: typeof given['column'] === 'string' ? given['column'] : '',
  };
}

function named(part: unknown, where: string): { id: string; label: string } {
  const { id, label } = record(part, where);
  const name = textOf(id, `${where}.id`);
  if (!ID.test(name)) wrong(`${where}.id is not like "my-proto"`);
  return { id: name, label: textOf(label, `${where}.label`) };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return wrong(`${where} is no object`);
}

function list(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) return wrong(`${where} is no list`);
  if (value.length > most) wrong(`${where} has more than ${most} entries`);
  return value;
}

function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MOST_NAME) {
    return wrong(`${where} is no text of up to ${MOST_NAME} characters`);
  }
  return value;
}

/** The whole number within bounds that a value is; null where it is none. */
export function whole(value: unknown, least: number, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

function wrong(sentence: string): never {
  throw new DeclarationError(`${sentence}.`);
}
