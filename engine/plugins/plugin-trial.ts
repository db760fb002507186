import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { Table } from '../../base/table.ts';
import {
  type Claim,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  Verdict,
} from '../../dissectors/dissector.ts';
import type { DissectorTrial, PluginError, PluginTrial } from '../../shared/plugins.ts';
import type { Capture } from '../capture.ts';
import { DetailTree } from '../query/detail-tree.ts';
import { plainNode } from '../query/packet-view.ts';
import { compilePlugin } from './compile.ts';
import type { PacketPayload } from './packet-payload.ts';
import { claimText } from './plugin-folder.ts';
import { PluginFailure, type RunningPlugin } from './running-plugin.ts';
import { checkOnce, exportOnce, RunningPlugins } from './running-plugins.ts';

const SHOWN_CHARACTERS = 4000;
const MOST_PROBLEMS = 100;
const VERDICTS = ['ok', 'reject', 'need-more', 'malformed'] as const;
const { Reject } = Verdict;

/** What a trial may look at. */
export interface TrialContext {
  /** Shown to dissectors; null for none. */
  readonly payload: PacketPayload | null;
  /** For checks and exports; null where none is open. */
  readonly capture: Capture | null;
  /** Dissectors whose names are taken. */
  readonly builtIns: readonly Dissector[];
  readonly signal: AbortSignal;
}

/** Compiles a text and runs it, for its author to see; nothing is kept. Rejects with an AbortError only. */
export async function tryPlugin(file: string, text: string, context: TrialContext): Promise<PluginTrial> {
  const startMs = performance.now();
  const { payload, capture, builtIns, signal } = context;
  const compilation = await compilePlugin(file, text);
  const running = await RunningPlugins.start(
    'plugin' in compilation
      ? { compiled: [compilation.plugin], errors: [] }
      : { compiled: [], errors: [compilation.error] },
    builtIns,
  );
  try {
    const [plugin] = running.plugins;
    const result: PluginTrial = {
      error: running.failures[0] ?? null,
      payload: payload?.octets ?? null,
      dissectors: [],
      checks: [],
      exports: [],
      elapsedMs: 0,
    };
    if (plugin !== undefined) {
      if (payload !== null) result.dissectors = running.dissectors.map((each) => tryDissector(plugin, each, payload));
      if (capture !== null) {
        result.checks = await tryChecks(plugin, capture, signal);
        result.exports = await tryExports(plugin, capture, signal);
      }
    }
    return { ...result, elapsedMs: performance.now() - startMs };
  } finally {
    running.close();
  }
}

function tryDissector(plugin: RunningPlugin, dissector: Dissector, payload: PacketPayload): DissectorTrial {
  const { octets, transport, sourcePort, destinationPort, truncated } = payload;
  const data = new Octets(octets);
  const strings = new StringTable();
  const table = new Table(dissector.columns);
  const issues: { code: string; at: number }[] = [];
  const about = { transport, sourcePort, destinationPort, truncated };
  const context: DissectContext = {
    ...about,
    strings,
    consumed: 0,
    child: () => {},
    packet: () => {},
    issue: (code, at) => void issues.push({ code, at }),
  };
  const confidence = dissector.probe?.(data, context) ?? null;
  const verdict = plugin.fault === null ? dissector.dissect(data, table, context) : Reject;
  const tree = new DetailTree();
  const showing: DescribeContext = {
    ...about,
    mediaType: '',
    srtp: null,
    encodingOf: () => '',
    child: (type, at, length) => tree.field('data', 'Data', at, length, `${length} octets`, type),
  };
  let summary = '';
  try {
    summary = dissector.summarize(data, showing);
  } catch (error) {
    if (!(error instanceof PluginFailure)) throw error;
  }
  dissector.describe(data, tree, showing);
  const rows = Array.from({ length: table.count }, (_, row) =>
    Object.fromEntries(
      Object.entries(dissector.columns).map(([name, kind]) => {
        const value = table.columns[name].get(row);
        return [name, kind === 'text' ? strings.text(value) : value];
      }),
    ),
  );
  const error: PluginError | null = plugin.fault;
  return {
    dissector: dissector.id,
    claimedBy: claimOf(dissector.claims, payload),
    confidence,
    verdict: error === null ? VERDICTS[verdict] : null,
    rows,
    issues,
    summary,
    nodes: tree.nodes.map(plainNode),
    error,
  };
}

/** The claim because of which a dissector would be asked; null where it has none that fits. */
function claimOf(claims: readonly Claim[], payload: PacketPayload): string | null {
  const { transport, sourcePort, destinationPort, octets } = payload;
  const fits = (claim: Claim): boolean => {
    if (claim.kind === 'port') {
      return claim.transport === transport && (claim.port === sourcePort || claim.port === destinationPort);
    }
    if (claim.kind === 'media-type' || claim.over !== transport) return false;
    const [low, high] = claim.firstOctet ?? [0, 255];
    return octets[0] >= low && octets[0] <= high;
  };
  const claim = claims.find(fits);
  return claim === undefined ? null : claimText(claim);
}

async function tryChecks(plugin: RunningPlugin, capture: Capture, signal: AbortSignal): Promise<PluginTrial['checks']> {
  const results: PluginTrial['checks'] = [];
  for (const [i, { id }] of plugin.declared.checks.entries()) {
    const { findings, error } = await checkOnce(plugin, i, id, capture, signal);
    const problems = findings
      .slice(0, MOST_PROBLEMS)
      .map(({ code, severity, title, message, call, stream, packets }) => ({
        code,
        severity,
        title,
        message,
        call,
        stream,
        packets,
      }));
    results.push({ check: id, problems, error });
  }
  return results;
}

async function tryExports(
  plugin: RunningPlugin,
  capture: Capture,
  signal: AbortSignal,
): Promise<PluginTrial['exports']> {
  const results: PluginTrial['exports'] = [];
  for (const [i, { id }] of plugin.declared.exports.entries()) {
    try {
      const { octets } = await exportOnce(plugin, i, capture, signal);
      const text = new TextDecoder().decode(octets.subarray(0, SHOWN_CHARACTERS));
      results.push({ export: id, text, bytes: octets.length, error: null });
    } catch (error) {
      if (!(error instanceof PluginFailure)) throw error;
      results.push({ export: id, text: '', bytes: 0, error: error.error });
    }
  }
  return results;
}
