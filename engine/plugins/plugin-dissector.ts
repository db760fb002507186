import type { FilterField } from '../../base/filter-field.ts';
import type { Octets } from '../../base/octets.ts';
import {
  type ColumnSpec,
  Confidence,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Rows,
  type TreeBuilder,
  Verdict,
} from '../../dissectors/dissector.ts';
import { whole } from './declaration.ts';
import type { ContextFacts, DeclaredDissector, DeclaredField, DescribeFacts } from './messages.ts';
import { buildTree } from './plugin-tree.ts';
import { PluginFailure, type RunningPlugin } from './running-plugin.ts';

const MOST_ROWS = 1000;
const MOST_SUMMARY = 1000;
/** Different findings of one dissector: the table of them must not grow with the capture. */
const MOST_CODES = 64;
const PAYLOAD_TYPES = 128;

/** A dissector of a plugin as the engine knows dissectors: what it is asked is asked of the sandbox. */
export function pluginDissector(plugin: RunningPlugin, declared: DeclaredDissector, index: number): Dissector {
  const { id, label, specs, claims, columns, fields, hasProbe } = declared;
  const writer = new RowWriter(plugin, declared);
  return {
    id,
    label,
    specs,
    claims,
    columns,
    ...(fields === null ? {} : { fields: fields.map(fieldOf) }),
    ...(hasProbe
      ? {
          probe: (data: Octets, ctx: DissectContext) =>
            confidenceOf(plugin.ofPacket('probe', [index, factsOf(ctx)], octetsOf(data))),
        }
      : {}),
    dissect: (data, out, ctx) =>
      writer.take(plugin.ofPacket('dissect', [index, factsOf(ctx)], octetsOf(data)), out, ctx),
    summarize: (data, ctx) => {
      const text = plugin.enter('summarize', [index, describeFacts(ctx)], octetsOf(data));
      return typeof text === 'string' ? text.slice(0, MOST_SUMMARY) : '';
    },
    describe: (data, tree, ctx) => describe(plugin, index, data, tree, ctx),
  };
}

function describe(plugin: RunningPlugin, index: number, data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  try {
    const result = plugin.enter('describe', [index, describeFacts(ctx)], octetsOf(data)) as {
      steps?: unknown;
      failure?: unknown;
    } | null;
    buildTree(result?.steps, tree, ctx, data.length);
    const failure = result?.failure;
    if (typeof failure !== 'string') return;
    const error = plugin.compiled.place(`describe: ${failure.split('\n', 1)[0].slice(0, 500)}`, failure);
    plugin.blame(error);
    throw new PluginFailure(error);
  } catch (error) {
    if (!(error instanceof PluginFailure)) throw error;
    const { line, message } = error.error;
    const place = line === null ? plugin.compiled.name : `${plugin.compiled.name}, line ${line}`;
    tree.fault('plugin-failed', `${place}: ${message}`, 0, data.length);
  }
}

/** Writes what a sandbox gives of a payload into the tables, and repeats what it said. */
class RowWriter {
  private readonly plugin: RunningPlugin;
  private readonly kinds: readonly (readonly [string, string])[];
  private readonly codes = new Set<string>();
  private readonly id: string;

  constructor(plugin: RunningPlugin, { id, columns }: DeclaredDissector) {
    this.plugin = plugin;
    this.id = id;
    this.kinds = Object.entries(columns);
  }

  /** Anything that is not what it should be counts as a rejection. */
  take(result: unknown, out: Rows<ColumnSpec>, ctx: DissectContext): Verdict {
    if (!Array.isArray(result)) return Verdict.Reject;
    const [given, consumed, rows, said, texts] = result as unknown[];
    const verdict = whole(given, Verdict.Ok, Verdict.Malformed) as Verdict | null;
    if (verdict === null) {
      this.plugin.blame(this.plugin.failure('dissect: gave no verdict').error);
      return Verdict.Reject;
    }
    if (verdict === Verdict.Reject || verdict === Verdict.NeedMore) return verdict;
    // JSON has no Infinity.
    ctx.consumed = consumed === null ? Infinity : (whole(consumed, 0, 0xffff_ffff) ?? 0);
    const first = this.addRows(rows, Array.isArray(texts) ? texts : [], out, ctx);
    if (Array.isArray(said)) this.repeat(said, first, out, ctx);
    return verdict;
  }

  private addRows(rows: unknown, texts: readonly unknown[], out: Rows<ColumnSpec>, ctx: DissectContext): number {
    const first = out.count;
    for (const values of Array.isArray(rows) ? rows.slice(0, MOST_ROWS) : []) {
      const row = out.add();
      this.kinds.forEach(([name, kind], i) => {
        const value: unknown = Array.isArray(values) ? values[i] : 0;
        if (typeof value !== 'number' || !Number.isFinite(value)) return;
        out.columns[name].set(row, kind === 'text' ? interned(texts[value - 1], ctx) : value);
      });
    }
    return first;
  }

  private repeat(said: readonly unknown[], first: number, out: Rows<ColumnSpec>, ctx: DissectContext): void {
    for (const each of said) {
      if (!Array.isArray(each)) continue;
      const [what, a, b, c, d] = each as unknown[];
      const at = whole(b, 0, 0xffff_ffff);
      if (at === null) continue;
      if (what === 'issue') this.issue(a, at, ctx);
      const length = whole(c, 0, 0xffff_ffff);
      if (length === null) continue;
      if (what === 'packet' && (a === 'ip' || a === 'udp' || a === 'payload')) ctx.packet(a, at, length);
      const row = whole(d, 0, out.count - first - 1);
      if (what === 'child' && typeof a === 'string' && row !== null)
        ctx.child(a.slice(0, 200), at, length, first + row);
    }
  }

  private issue(code: unknown, at: number, ctx: DissectContext): void {
    if (typeof code !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(code)) return;
    if (!this.codes.has(code) && this.codes.size >= MOST_CODES) return;
    this.codes.add(code);
    // Codes of others mean what they say.
    ctx.issue(code.startsWith(`${this.id}-`) ? code : `${this.id}-${code}`, at);
  }
}

/** `text` has an octet in each character. */
function interned(text: unknown, { strings }: DissectContext): number {
  if (typeof text !== 'string') return 0;
  const octets = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  return strings.intern(octets, 0, octets.length);
}

function fieldOf({ id, label, type, names, isVerbatim, column }: DeclaredField): FilterField {
  const about = { id, label, type, ...(names === null ? {} : { names }), ...(isVerbatim ? { isVerbatim } : {}) };
  if (column === '') return about;
  return { ...about, column: (columns, row) => columns[column].get(row) };
}

function confidenceOf(value: unknown): Confidence {
  return (whole(value, Confidence.None, Confidence.Certain) ?? Confidence.None) as Confidence;
}

function factsOf({ truncated, transport, sourcePort, destinationPort }: DissectContext): ContextFacts {
  return [truncated, transport, sourcePort, destinationPort];
}

function describeFacts(ctx: DescribeContext): DescribeFacts {
  const encodings: Record<number, string> = {};
  for (let payloadType = 0; payloadType < PAYLOAD_TYPES; payloadType++) {
    const encoding = ctx.encodingOf(payloadType);
    if (encoding !== '') encodings[payloadType] = encoding;
  }
  const { truncated, transport, sourcePort, destinationPort, mediaType, srtp } = ctx;
  return { context: [truncated, transport, sourcePort, destinationPort], mediaType, srtp, encodings };
}

function octetsOf({ bytes, start, length }: Octets): Uint8Array {
  return bytes.slice(start, start + length);
}
