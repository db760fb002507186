/**
 * Runs one dissector on its own, for tests: a context that writes down what the dissector said, and a tree that
 * can be printed. No engine is involved, so a failing test points at the dissector.
 */
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { type ColumnSpec, Table } from '../../base/table.ts';
import type {
  Confidence,
  DescribeContext,
  DissectContext,
  Dissector,
  FieldValue,
  Transport,
  TreeBuilder,
} from '../dissector.ts';
import { Verdict } from '../dissector.ts';

/** What surrounds the payload; everything has a default (UDP, ports 5060, nothing cut). */
export interface FakeOptions {
  readonly transport?: Transport;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly truncated?: boolean;
  readonly mediaType?: string;
  readonly strings?: StringTable;
  /** Payload type → encoding, as signalling would have said. */
  readonly encodings?: Readonly<Record<number, string>>;
  /** Who shows a body in `describe`, by lower-case media type. Others are shown as one field `data`. */
  readonly children?: Readonly<Record<string, Describer>>;
}

/** The cold half of a dissector, whatever its columns are. */
export type Describer = Pick<Dissector, 'describe' | 'summarize'>;

export interface FakeIssue {
  readonly code: string;
  readonly at: number;
}

export interface FakePacket {
  readonly as: 'ip' | 'udp' | 'payload';
  readonly at: number;
  readonly length: number;
}

export interface FakeChild {
  readonly mediaType: string;
  readonly at: number;
  readonly length: number;
  readonly row: number;
}

/** A context that collects. `reset` makes it ready for the next payload without a new object. */
export class FakeContext implements DissectContext {
  readonly strings: StringTable;
  truncated: boolean;
  transport: Transport;
  sourcePort: number;
  destinationPort: number;
  consumed = 0;
  readonly issues: FakeIssue[] = [];
  readonly children: FakeChild[] = [];
  readonly packets: FakePacket[] = [];

  constructor(options: FakeOptions = {}) {
    this.strings = options.strings ?? new StringTable();
    this.truncated = options.truncated ?? false;
    this.transport = options.transport ?? 'udp';
    this.sourcePort = options.sourcePort ?? 5060;
    this.destinationPort = options.destinationPort ?? 5060;
  }

  reset(): this {
    this.consumed = 0;
    this.issues.length = 0;
    this.children.length = 0;
    this.packets.length = 0;
    return this;
  }

  child(mediaType: string, at: number, length: number, row: number): void {
    this.children.push({ mediaType, at, length, row });
  }

  packet(as: FakePacket['as'], at: number, length: number): void {
    this.packets.push({ as, at, length });
  }

  issue(code: string, at: number): void {
    this.issues.push({ code, at });
  }
}

export interface Dissected {
  readonly verdict: Verdict;
  /** 0 where the dissector has no `probe`. */
  readonly confidence: Confidence;
  readonly consumed: number;
  /** Each row with its columns: numbers, and text where the column holds text. Empty after a Reject. */
  readonly rows: readonly Readonly<Record<string, number | string>>[];
  readonly issues: readonly FakeIssue[];
  readonly children: readonly FakeChild[];
  readonly packets: readonly FakePacket[];
}

/** Gives `bytes` to the dissector once and collects all it said. A string is taken as UTF-8. */
export function dissectOnce<C extends ColumnSpec>(
  dissector: Dissector<C>,
  bytes: Uint8Array | string,
  options: FakeOptions = {},
): Dissected {
  const data = new Octets(toBytes(bytes));
  const ctx = new FakeContext(options);
  const table = new Table(dissector.columns);
  const confidence = dissector.probe?.(data, ctx) ?? 0;
  const verdict = dissector.dissect(data, table, ctx);
  if (verdict === Verdict.Reject) table.truncate(0);
  const rows: Record<string, number | string>[] = [];
  for (let row = 0; row < table.count; row++) rows.push(rowValues(dissector.columns, table, row, ctx.strings));
  return {
    verdict,
    confidence,
    consumed: ctx.consumed,
    rows,
    issues: ctx.issues,
    children: ctx.children,
    packets: ctx.packets,
  };
}

/** The packet list's line for `bytes`. */
export function summarizeOnce(dissector: Describer, bytes: Uint8Array | string, options: FakeOptions = {}) {
  return dissector.summarize(new Octets(toBytes(bytes)), describeContext(options, noChild));
}

/** A node of the detail tree; `at` counts from the start of the outermost payload. */
export interface FakeNode {
  readonly kind: 'field' | 'group' | 'fault';
  readonly name: string;
  readonly label: string;
  readonly at: number;
  readonly length: number;
  readonly value: FieldValue;
  readonly meaning: string;
  readonly children: readonly FakeNode[];
}

/** The detail tree of `bytes`. Bodies handed on appear below where they were handed on. */
export function describeToTree(
  dissector: Describer,
  bytes: Uint8Array | string,
  options: FakeOptions = {},
): readonly FakeNode[] {
  const nodes: FakeNode[] = [];
  describeInto(dissector, new Octets(toBytes(bytes)), 0, nodes, options);
  return nodes;
}

/** The detail tree as indented lines `label: value (meaning) [name at+length]`. */
export function describeToText(dissector: Describer, bytes: Uint8Array | string, options: FakeOptions = {}): string {
  const lines: string[] = [];
  const walk = (nodes: readonly FakeNode[], indent: string): void => {
    for (const node of nodes) {
      const value = node.kind === 'fault' ? `! ${node.value}` : `${node.value}`;
      const meaning = node.meaning === '' ? '' : ` (${node.meaning})`;
      lines.push(`${indent}${node.label}: ${value}${meaning} [${node.name} ${node.at}+${node.length}]`);
      walk(node.children, `${indent}  `);
    }
  };
  walk(describeToTree(dissector, bytes, options), '');
  return lines.join('\n');
}

/** All values of the fields called `name`, in order of the tree. */
export function fieldValues(nodes: readonly FakeNode[], name: string): FieldValue[] {
  return nodes.flatMap((node) => [...(node.name === name ? [node.value] : []), ...fieldValues(node.children, name)]);
}

/** The octets of `lengthBytes` that no node covers. A sound packet has none. */
export function uncoveredOctets(nodes: readonly FakeNode[], lengthBytes: number): number[] {
  const covered = new Uint8Array(lengthBytes);
  for (const node of nodes) covered.fill(1, Math.max(0, node.at), Math.max(0, node.at + node.length));
  return Array.from(covered.keys()).filter((at) => covered[at] === 0);
}

/** The nodes that reach outside the payload. There must never be one. */
export function nodesOutside(nodes: readonly FakeNode[], lengthBytes: number): FakeNode[] {
  return nodes.flatMap((node) => [
    ...(node.at < 0 || node.length < 0 || node.at + node.length > lengthBytes ? [node] : []),
    ...nodesOutside(node.children, lengthBytes),
  ]);
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** Octets of a text (UTF-8), or the octets themselves. */
export function toBytes(bytes: Uint8Array | string): Uint8Array {
  return typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
}

function rowValues(
  spec: ColumnSpec,
  table: Table<ColumnSpec>,
  row: number,
  strings: StringTable,
): Record<string, number | string> {
  const values: Record<string, number | string> = {};
  for (const [name, kind] of Object.entries(spec)) {
    const value = table.columns[name].get(row);
    values[name] = kind === 'text' ? strings.text(value) : value;
  }
  return values;
}

type ShowChild = DescribeContext['child'];
const noChild: ShowChild = () => {};

function describeContext(options: FakeOptions, child: ShowChild): DescribeContext {
  return {
    truncated: options.truncated ?? false,
    transport: options.transport ?? 'udp',
    sourcePort: options.sourcePort ?? 5060,
    destinationPort: options.destinationPort ?? 5060,
    mediaType: options.mediaType ?? '',
    srtp: null,
    encodingOf: (payloadType) => options.encodings?.[payloadType] ?? '',
    child,
  };
}

function describeInto(dissector: Describer, data: Octets, base: number, top: FakeNode[], options: FakeOptions): void {
  let into = top;
  const add = (
    kind: FakeNode['kind'],
    name: string,
    label: string,
    at: number,
    length: number,
    value: FieldValue,
    meaning = '',
  ): FakeNode[] => {
    const children: FakeNode[] = [];
    into.push({ kind, name, label, at: base + at, length, value, meaning, children });
    return children;
  };
  const tree: TreeBuilder = {
    field: (name, label, at, length, value, meaning) => {
      add('field', name, label, at, length, value, meaning);
    },
    group: (name, label, at, length, text, build) => {
      const outer = into;
      into = add('group', name, label, at, length, text);
      build();
      into = outer;
    },
    fault: (code, message, at, length) => {
      add('fault', code, 'fault', at, length, message);
    },
  };
  const child: ShowChild = (mediaType, at, length) => {
    const owner = options.children?.[mediaType.toLowerCase()];
    if (owner === undefined) add('field', 'data', mediaType, at, length, data.text(at, length));
    else describeInto(owner, data.sub(at, length), base + at, into, { ...options, mediaType });
  };
  dissector.describe(data, tree, describeContext(options, child));
}
