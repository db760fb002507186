/** What crosses to the window about plugins. */
import type { FieldNode, OpenResult, Severity } from './engine-api.ts';

/** Why a plugin does not work, and where in its source. Lines and columns count from 1; null where it cannot be told. */
export interface PluginError {
  /** A sentence, or the words of what was thrown. */
  message: string;
  /** Path of the source. */
  file: string;
  line: number | null;
  column: number | null;
}

export interface PluginRow {
  /** Name of the file in its folder: what the other methods take. */
  file: string;
  path: string;
  /** The file's name without its ending. */
  name: string;
  /** `off`: switched off by a person. */
  state: 'ok' | 'failed' | 'off';
  /** What is wrong with it, or went wrong with it in the open capture. */
  error: PluginError | null;
  dissectors: { id: string; label: string; specs: string[]; claims: string[] }[];
  checks: { id: string; label: string }[];
  exports: { id: string; label: string; extension: string }[];
}

export interface PluginList {
  /** Where plugins lie; null where the shell gave no folder: then none can be made. */
  folder: string | null;
  plugins: PluginRow[];
}

/** What a new plugin begins with. */
export type PluginTemplate = 'dissector' | 'check' | 'export';

/** A plugin that is not written yet. */
export interface PluginDraft {
  /** A file name that is free. */
  file: string;
  text: string;
}

/** What a dissector makes of one payload. */
export interface DissectorTrial {
  dissector: string;
  /** Which claim fits the packet (`udp port 4790`, `heuristic`), or null: then it would not have been asked. */
  claimedBy: string | null;
  /** 0 to 4, null without a probe. */
  confidence: number | null;
  verdict: 'ok' | 'reject' | 'need-more' | 'malformed' | null;
  /** Columns of each row. */
  rows: Record<string, number | string>[];
  issues: { code: string; at: number }[];
  summary: string;
  /** Offsets count in `payload`. */
  nodes: FieldNode[];
  error: PluginError | null;
}

/** A finding of a check, before it has its place among the others. */
export interface TriedProblem {
  code: string;
  severity: Severity;
  title: string;
  message: string;
  call: string | null;
  stream: string | null;
  packets: number[];
}

/** What a text would do, were it saved. */
export interface PluginTrial {
  /** Compiling, evaluating or declaring went wrong. */
  error: PluginError | null;
  /** The octets that dissectors were shown; null where no packet was named or it has none. */
  payload: Uint8Array | null;
  dissectors: DissectorTrial[];
  checks: { check: string; problems: TriedProblem[]; error: PluginError | null }[];
  /** The first characters of what each export writes. */
  exports: { export: string; text: string; bytes: number; error: PluginError | null }[];
  elapsedMs: number;
}

/** A plugin was changed, and the open capture was read again; null where none was open. */
export interface PluginChange {
  plugins: PluginList;
  reread: OpenResult | null;
}
