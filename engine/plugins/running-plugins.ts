import type { Dissector } from '../../dissectors/dissector.ts';
import type { Warning } from '../../shared/api.ts';
import type { PluginError } from '../../shared/plugins.ts';
import type { Capture } from '../capture.ts';
import { callId } from '../query/call-rows.ts';
import type { Finding } from '../query/problems/finding.ts';
import { streamId } from '../query/stream-rows.ts';
import { CaptureAnswers } from './capture-answers.ts';
import type { LoadedPlugins } from './find-plugins.ts';
import { type KnownRows, findingsOf } from './plugin-findings.ts';
import { pluginDissector } from './plugin-dissector.ts';
import { PluginFailure, RunningPlugin } from './running-plugin.ts';

/** Protocol numbers are octets, and the built-in dissectors have some. */
const MOST_DISSECTORS = 64;

/** Names that mean something else in filters and rules. */
const RESERVED = ['none', 'payload', 'frame', 'eth', 'ip', 'ipv6', 'udp', 'tcp', 'call', 'stream', 'ice', 'turn'];

/** What an export made. */
export interface Exported {
  readonly octets: Uint8Array;
}

/** The plugins that take part in reading one capture, and what they said of it. */
export class RunningPlugins {
  readonly plugins: readonly RunningPlugin[];
  readonly dissectors: readonly Dissector[];
  /** Of those that did not start. */
  readonly failures: readonly PluginError[];
  /** What checks found. */
  findings: readonly Finding[] = [];

  /** Starts each in a sandbox of its own; `builtIns` are dissectors whose names are taken. Never rejects for a plugin. */
  static async start({ compiled, errors }: LoadedPlugins, builtIns: readonly Dissector[]): Promise<RunningPlugins> {
    const taken = [...RESERVED, ...builtIns.map(({ id }) => id)];
    const plugins: RunningPlugin[] = [];
    const failures = [...errors];
    for (const each of compiled) {
      try {
        const plugin = await RunningPlugin.start(each, taken);
        plugins.push(plugin);
        taken.push(...plugin.declared.dissectors.map(({ id }) => id));
      } catch (error) {
        if (!(error instanceof PluginFailure)) throw error;
        failures.push(error.error);
      }
    }
    return new RunningPlugins(plugins, failures);
  }

  private constructor(plugins: readonly RunningPlugin[], failures: readonly PluginError[]) {
    this.plugins = plugins;
    this.failures = failures;
    this.dissectors = plugins
      .flatMap((plugin) => plugin.declared.dissectors.map((declared, i) => pluginDissector(plugin, declared, i)))
      .slice(0, MOST_DISSECTORS);
  }

  /** Runs all checks on a capture that was read. Rejects with an AbortError only. */
  async check(capture: Capture, signal: AbortSignal): Promise<void> {
    const findings: Finding[] = [];
    for (const plugin of this.plugins) {
      for (const [i, { id }] of plugin.declared.checks.entries()) {
        const result = await checkOnce(plugin, i, id, capture, signal);
        findings.push(...result.findings);
        signal.throwIfAborted();
      }
    }
    this.findings = findings;
  }

  /** Every export, as a person names it. */
  get exports(): readonly { readonly id: string; readonly label: string; readonly extension: string }[] {
    return this.plugins.flatMap((plugin) => plugin.declared.exports);
  }

  /** What an export makes of a capture; null where there is none of that name. Rejects with a PluginFailure. */
  async export(id: string, capture: Capture, signal: AbortSignal): Promise<Exported | null> {
    for (const plugin of this.plugins) {
      const index = plugin.declared.exports.findIndex((each) => each.id === id);
      if (index >= 0) return exportOnce(plugin, index, capture, signal);
    }
    return null;
  }

  /** What went wrong with plugins, a line for each. */
  get warnings(): Warning[] {
    const failed = this.plugins.flatMap(({ fault, faults, isOff }) => {
      if (fault === null) return [];
      const times = faults > 1 ? `, ${faults} times` : '';
      return [{ code: 'plugin-failed', message: `${placed(fault)}${times}${isOff ? '; it was switched off' : ''}.` }];
    });
    return [...this.failures.map((error) => ({ code: 'plugin-failed', message: `${placed(error)}.` })), ...failed];
  }

  /** Ends all sandboxes. */
  close(): void {
    for (const plugin of this.plugins) plugin.close();
  }
}

/** Runs one check. What fails is the plugin's fault, and no findings. */
export async function checkOnce(
  plugin: RunningPlugin,
  index: number,
  id: string,
  capture: Capture,
  signal: AbortSignal,
): Promise<{ readonly findings: Finding[]; readonly error: PluginError | null }> {
  const answers = new CaptureAnswers(capture, signal, plugin.declared.dissectors);
  try {
    const { value } = await plugin.whole('check', index, (question) => answers.answer(question));
    const { findings, unsound } = findingsOf(id, value, knownRows(capture));
    if (unsound === 0) return { findings, error: null };
    const { error } = plugin.failure(`check: ${unsound} of what ${id} found are no problems, or too many`);
    plugin.blame(error);
    return { findings, error };
  } catch (error) {
    if (!(error instanceof PluginFailure)) throw error;
    return { findings: [], error: error.error };
  }
}

/** Runs one export. Rejects with a PluginFailure. */
export async function exportOnce(
  plugin: RunningPlugin,
  index: number,
  capture: Capture,
  signal: AbortSignal,
): Promise<Exported> {
  const answers = new CaptureAnswers(capture, signal, plugin.declared.dissectors);
  const { value, octets } = await plugin.whole('export', index, (question) => answers.answer(question));
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : null;
  if (typeof text === 'string') return { octets: new TextEncoder().encode(text) };
  return { octets: octets ?? new Uint8Array(0) };
}

/** `The plugin vendor-log.ts failed at line 12: dissect: TypeError: …`: where and what, without a full stop. */
export function placed({ message, file, line, column }: PluginError): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const where = line === null ? '' : ` at line ${line}${column === null ? '' : `, column ${column}`}`;
  return `The plugin ${name} failed${where}: ${message.replace(/\.$/, '')}`;
}

function knownRows({ calls, streams, store }: Capture): KnownRows {
  const callIds = new Set(calls.entries.map(callId));
  const streamIds = new Set(streams.streams.map(streamId));
  return { packets: store.frames.count, isCall: (id) => callIds.has(id), isStream: (id) => streamIds.has(id) };
}
