/** Whether a filter means something: every field is known and every value fits its field. */
import type { Dissector } from '../../dissectors/dissector.ts';
import type { FilterError } from '../../shared/engine-api.ts';
import type { Field, Value } from './field.ts';
import { patternOf } from './pattern.ts';
import { type FieldRegistry, registryOf } from './registry.ts';
import type { FilterNode, Literal, Operator, Place, Range, TestNode } from './syntax/ast.ts';
import { parseFilter } from './syntax/parser.ts';
import { parseOctets, type Wanted, wantedOf } from './values.ts';

/** The grids that a filter can be for. */
export type FilterTable = 'packets' | 'calls' | 'streams';

/** One condition on one field. */
export interface Leaf {
  readonly field: Field;
  /** Whether one value has to pass or every value; either way there has to be one. */
  readonly mode: 'any' | 'all';
  /** null: any value passes. */
  readonly test: ((value: Value) => boolean) | null;
  /** The text that a value has to be, where that is the condition: it can be compared octet by octet. */
  readonly equals: string | null;
  /** Octets (as Latin-1 text) that a packet has to hold for the condition to be true, '' where nothing is known. */
  readonly needle: string;
}

export type PlanNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly PlanNode[] }
  | { readonly kind: 'not'; readonly part: PlanNode }
  | { readonly kind: 'leaf'; readonly index: number };

/** A filter that makes sense, ready to run. */
export interface CheckedFilter {
  readonly table: FilterTable;
  /** null lets everything through. */
  readonly root: PlanNode | null;
  readonly leaves: readonly Leaf[];
}

export type CheckResult =
  | { readonly ok: true; readonly filter: CheckedFilter }
  | { readonly ok: false; readonly error: FilterError };

/** Reads and checks a filter for the rows of a table, given the dissectors whose fields it may name. */
export function checkFilter(text: string, table: FilterTable, dissectors: readonly Dissector[]): CheckResult {
  const registry = registryOf(dissectors);
  const parsed = parseFilter(text);
  if (!parsed.ok) {
    const { message, at, length, missingValueOf } = parsed.error;
    const field = missingValueOf === undefined ? null : registry.find(missingValueOf);
    const better = field === null ? message : message.replace(/^a value/, VALUE_NAMES[field.type] ?? 'a value');
    return { ok: false, error: { message: better, at, length } };
  }
  const checker = new Checker(table, registry);
  try {
    const root = parsed.ast === null ? null : checker.plan(parsed.ast);
    return { ok: true, filter: { table, root, leaves: checker.leaves } };
  } catch (error) {
    if (error instanceof Complaint) return { ok: false, error: error.error };
    throw error;
  }
}

const VALUE_NAMES: Readonly<Partial<Record<Field['type'], string>>> = {
  number: 'a number',
  id: 'a number',
  duration: 'a number of seconds',
  text: 'a text',
  octets: 'a text',
  ipv4: 'an address',
  ipv6: 'an address',
  address: 'an address',
  mac: 'an address',
  time: 'a time',
  boolean: '"true" or "false"',
};

class Complaint extends Error {
  readonly error: FilterError;

  constructor(message: string, { at, length }: Place) {
    super(message);
    this.error = { message, at, length };
  }
}

const ORDERED = new Set<Field['type']>([
  'number',
  'ipv4',
  'ipv6',
  'address',
  'mac',
  'time',
  'duration',
  'text',
  'octets',
  'id',
  'boolean',
]);
const TEXTUAL = new Set<Field['type']>(['text', 'octets', 'protocol']);

class Checker {
  readonly leaves: Leaf[] = [];
  private readonly table: FilterTable;
  private readonly registry: FieldRegistry;

  constructor(table: FilterTable, registry: FieldRegistry) {
    this.table = table;
    this.registry = registry;
  }

  plan(node: FilterNode): PlanNode {
    if (node.kind === 'not') return { kind: 'not', part: this.plan(node.part) };
    if (node.kind !== 'test') return { kind: node.kind, parts: node.parts.map((part) => this.plan(part)) };
    const leaf: PlanNode = { kind: 'leaf', index: this.leaves.push(this.leaf(node)) - 1 };
    return node.isNegated ? { kind: 'not', part: leaf } : leaf;
  }

  private leaf(node: TestNode): Leaf {
    const field = typed(this.fieldOf(node.field), node);
    const { operator, quantifier } = node;
    const mask = node.mask === null ? null : this.maskOf(field, node.mask);
    if (operator === null) {
      const test = mask === null ? null : (value: Value) => (Number(value) & mask) !== 0;
      return { field, mode: 'any', test, equals: null, needle: '' };
    }
    const equalsAll = operator === '===' || operator === '!=';
    const mode = quantifier ?? (equalsAll ? 'all' : 'any');
    const plain = this.testOf(field, operator, node.values);
    const test = mask === null ? plain : (value: Value) => plain(Number(value) & mask);
    const [first] = node.values;
    const isOne = mode === 'any' && mask === null && TEXTUAL.has(field.type);
    const isEqual = isOne && operator === '==' && field.type === 'text';
    return {
      field,
      mode,
      test,
      equals: isEqual ? first.from.text : null,
      needle: isEqual || (isOne && operator === 'contains') ? needleOf(field, first.from) : '',
    };
  }

  private fieldOf(name: Literal): Field {
    const { text } = name;
    const field = this.registry.find(text);
    if (field === null) {
      const near = this.registry.suggestion(text);
      throw new Complaint(`no field is called ${text}${near === null ? '' : `; did you mean ${near}?`}`, name);
    }
    if (this.table !== 'packets' && field.source.kind !== 'entry') {
      throw new Complaint(
        `${text} is a field of packets; ${this.table} have those that begin with call. and stream.`,
        name,
      );
    }
    return field;
  }

  private maskOf(field: Field, literal: Literal): number {
    const value =
      field.type === 'number' || field.type === 'boolean'
        ? wantedOf('number', literal)
        : `${field.id} is no number, so it has no bits`;
    if (typeof value === 'string') throw new Complaint(value, literal);
    return Number(value.low);
  }

  private testOf(field: Field, operator: Operator, values: readonly Range[]): (value: Value) => boolean {
    const [{ from }] = values;
    switch (operator) {
      case 'contains':
        return this.containsTest(field, from);
      case 'matches': {
        this.needsText(field, 'matches', from);
        const pattern = patternOf(from.text);
        if (!pattern.ok) throw new Complaint(`in the pattern, at ${pattern.at + 1}: ${pattern.message}`, from);
        return (value) => pattern.test(String(value));
      }
      case 'in': {
        const tests = values.map((range) => this.rangeTest(field, range));
        return (value) => tests.some((test) => test(value));
      }
      default:
        return comparison(operator, this.wanted(field, from));
    }
  }

  private containsTest(field: Field, literal: Literal): (value: Value) => boolean {
    this.needsText(field, 'contains', literal);
    const octets = field.type === 'protocol' ? octetsOf(literal) : literal.text;
    return (value) => String(value).includes(octets);
  }

  private needsText(field: Field, operator: string, place: Place): void {
    if (!TEXTUAL.has(field.type))
      throw new Complaint(`"${operator}" is for text, and ${field.id} is ${KIND_NAMES[field.type]}`, place);
  }

  private rangeTest(field: Field, { from, to }: Range): (value: Value) => boolean {
    const { low, high } = this.wanted(field, from);
    const last = to === null ? high : this.wanted(field, to).high;
    if (last < low) throw new Complaint('the range ends before it begins', from);
    return (value) => isLike(value, low) && value >= low && value <= last;
  }

  private wanted(field: Field, literal: Literal): Wanted {
    if (!ORDERED.has(field.type)) {
      const how = field.type === 'protocol' ? '; "contains" and "matches" look into it' : '';
      throw new Complaint(`${field.id} has no value to compare${how}`, literal);
    }
    const wanted = wantedOf(field.type, literal);
    if (typeof wanted === 'string') throw new Complaint(wanted, literal);
    return wanted;
  }
}

const KIND_NAMES: Readonly<Record<Field['type'], string>> = {
  protocol: 'a protocol',
  node: 'no value',
  text: 'text',
  octets: 'text',
  number: 'a number',
  boolean: 'true or false',
  ipv4: 'an address',
  ipv6: 'an address',
  address: 'an address',
  mac: 'an address',
  time: 'a time',
  duration: 'a number of seconds',
  id: 'a number',
};

function comparison(operator: Operator, { low, high }: Wanted): (value: Value) => boolean {
  switch (operator) {
    case '==':
    case '===':
      if (low === high) return (value) => value === low;
      return (value) => isLike(value, low) && value >= low && value <= high;
    case '!=':
    case '~=':
      return (value) => !(isLike(value, low) && value >= low && value <= high);
    case '>':
      return (value) => isLike(value, low) && value > high;
    case '>=':
      return (value) => isLike(value, low) && value >= low;
    case '<':
      return (value) => isLike(value, low) && value < low;
    default:
      return (value) => isLike(value, low) && value <= high;
  }
}

/** A field that nobody typed is a number where it is compared with one. */
function typed(field: Field, { operator, mask, values }: TestNode): Field {
  if (field.isUntyped !== true || operator === 'contains' || operator === 'matches') return field;
  const literals = mask === null ? values.map(({ from }) => from) : [mask];
  const isNumber =
    literals.length > 0 && literals.every((one) => one.kind === 'word' && typeof wantedOf('number', one) !== 'string');
  return isNumber ? { ...field, type: 'number' } : field;
}

/** An address of one kind is never compared with one of the other. */
function isLike(value: Value, other: Value): boolean {
  return typeof value === typeof other;
}

/** What `contains` looks for in the octets of a protocol: quoted text, or octets written `0d:0a`. */
function octetsOf({ kind, text }: Literal): string {
  const octets = kind === 'word' ? parseOctets(text) : null;
  return octets ?? latin1Of(text);
}

/** The text's UTF-8 octets, a unit each. */
function latin1Of(text: string): string {
  return Array.from(new TextEncoder().encode(text), (octet) => String.fromCharCode(octet)).join('');
}

/** White space may be a folded line in the packet, and a replacement character anything. */
function needleOf(field: Field, literal: Literal): string {
  if (field.type === 'protocol') return octetsOf(literal);
  return field.isVerbatim && !/[\s\ufffd]/.test(literal.text) ? latin1Of(literal.text) : '';
}
