/** What runs in a plugin's sandbox before the plugin does: the module `earshot`, and the way in for the host. */
// First: base/octets.ts wants a decoder as soon as it is there.
// oxlint-disable-next-line import/no-unassigned-import
import './text-decoder.ts';
import { Octets } from '../../../base/octets.ts';
import { type ColumnSpec, Table } from '../../../base/table.ts';
import type { Dissector } from '../../../dissectors/dissector.ts';
import type { Plugin } from '../contract.ts';
import type { ContextFacts, DescribeFacts, Dissected } from '../messages.ts';
import { declare } from './declare.ts';
import { GuestContext } from './dissect-context.ts';
import * as earshot from './earshot.ts';
import { captureView } from './guest-capture.ts';
import { GuestDescribeContext, GuestTree } from './guest-tree.ts';

const { parse, stringify } = JSON;
const MOST_ROWS = 1000;

interface Scope {
  earshot?: typeof earshot;
  plugin?: { readonly default?: Plugin };
  ask?: (question: string) => string;
  enter?: (name: string, input: string, octets?: ArrayBuffer) => string | ArrayBuffer;
}
const scope = globalThis as Scope;
scope.earshot = earshot;
const capture = captureView(scope.ask ?? (() => ''));
delete scope.ask;

let plugin: Plugin = {};
const tables: (Table<ColumnSpec> | undefined)[] = [];
let bytes = new ArrayBuffer(0);
const context = new GuestContext();
const data = new Octets(new Uint8Array(0));

function dissectorAt(index: number): Dissector {
  return (plugin.dissectors ?? [])[index];
}

function aim(octets: ArrayBuffer | undefined): Octets {
  const view = new Uint8Array(octets ?? new ArrayBuffer(0));
  return data.point(view, 0, view.length);
}

function dissect(index: number, facts: ContextFacts, octets: ArrayBuffer | undefined): Dissected {
  // Not before the host has looked at the columns.
  const table = (tables[index] ??= new Table(dissectorAt(index).columns));
  table.truncate(0);
  const verdict = dissectorAt(index).dissect(aim(octets), table, context.begin(facts));
  if (table.count > MOST_ROWS) throw new RangeError(`more than ${MOST_ROWS} rows of one payload`);
  const columns = Object.values(table.columns);
  const rows: number[][] = [];
  for (let row = 0; row < table.count; row++) rows.push(columns.map((column) => column.get(row)));
  return [verdict, context.consumed, rows, context.said, context.texts];
}

/** Everything the host asks, by name. */
const ways: Readonly<Record<string, (input: unknown, octets: ArrayBuffer | undefined) => unknown>> = {
  declare: () => {
    const given = scope.plugin?.default;
    delete scope.plugin;
    if (typeof given !== 'object' || given === null) throw new TypeError('a plugin has to export default an object');
    plugin = given;
    const declared = declare(given);
    return declared;
  },
  probe: (input, octets) => {
    const [index, facts] = input as [number, ContextFacts];
    return dissectorAt(index).probe?.(aim(octets), context.begin(facts)) ?? 0;
  },
  dissect: (input, octets) => {
    const [index, facts] = input as [number, ContextFacts];
    return dissect(index, facts, octets);
  },
  summarize: (input, octets) => {
    const [index, facts] = input as [number, DescribeFacts];
    return dissectorAt(index).summarize(aim(octets), new GuestDescribeContext(facts, new GuestTree()));
  },
  describe: (input, octets) => {
    const [index, facts] = input as [number, DescribeFacts];
    const tree = new GuestTree();
    let failure: unknown = null;
    try {
      dissectorAt(index).describe(aim(octets), tree, new GuestDescribeContext(facts, tree));
    } catch (error) {
      failure = error;
    }
    // What was shown before the fault is kept; the fault goes to the host as what it is.
    if (failure !== null && tree.steps.length === 0) throw failure;
    return { steps: tree.steps, failure: failure === null ? null : stackOf(failure) };
  },
  check: (input) => {
    const found = (plugin.checks ?? [])[input as number].run(capture) as unknown;
    if (!Array.isArray(found)) throw new TypeError('the check gave no list of problems');
    return found;
  },
  export: (input) => {
    const made = (plugin.exports ?? [])[input as number].run(capture) as unknown;
    if (typeof made === 'string') return { text: made };
    if (!(made instanceof Uint8Array)) throw new TypeError('the export gave neither a text nor a Uint8Array');
    bytes = made.slice().buffer;
    return { text: null };
  },
};

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
}

scope.enter = (name, input, octets) => {
  if (name !== 'bytes') return stringify(ways[name](parse(input), octets));
  const taken = bytes;
  bytes = new ArrayBuffer(0);
  return taken;
};
