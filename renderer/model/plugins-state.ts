import { useSyncExternalStore } from 'react';
import type { PluginList, PluginTrial } from '../../shared/plugins.ts';

/** The plugin in the editor. */
export interface PluginDocument {
  /** Name of the file in the folder of plugins. */
  readonly file: string;
  readonly text: string;
  /** As the folder has it; null for one that was never saved. */
  readonly saved: string | null;
  /** The packet it began from and which of its octets; another packet is shown whole. */
  readonly origin: { readonly packet: number; readonly range: { readonly at: number; readonly length: number } } | null;
  /** Another program wrote the file while it was edited here. */
  readonly isStale: boolean;
}

/** What is asked before something that cannot be undone. */
export type PluginQuestion =
  | { readonly kind: 'unsaved'; readonly file: string; readonly proceed: () => void }
  | { readonly kind: 'remove'; readonly file: string };

export interface PluginsState {
  /** null until the engine answered. */
  readonly list: PluginList | null;
  /** The engine has no plugins, or could not list them: a sentence. */
  readonly failure: string | null;
  readonly document: PluginDocument | null;
  /** Grows when the editor has to take its text from the document. */
  readonly opened: number;
  readonly trial: PluginTrial | null;
  /** A trial is under way, or typing goes on. */
  readonly isTrying: boolean;
  /** It could not be tried: a sentence. */
  readonly trialFailure: string | null;
  readonly isSaving: boolean;
  readonly question: PluginQuestion | null;
  /** Where the editor is asked to go. */
  readonly target: { readonly line: number; readonly column: number; readonly asked: number } | null;
}

let state: PluginsState = {
  list: null,
  failure: null,
  document: null,
  opened: 0,
  trial: null,
  isTrying: false,
  trialFailure: null,
  isSaving: false,
  question: null,
  target: null,
};
const listeners = new Set<() => void>();

export function pluginsState(): PluginsState {
  return state;
}

export function updatePlugins(change: Partial<PluginsState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** A part of what is known of plugins; the component is drawn again when that part is another object or value. */
export function usePlugins<T>(select: (state: PluginsState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}

export function isUnsaved(document: PluginDocument | null): boolean {
  return document !== null && document.text !== document.saved;
}

/** Whether a name can be a plugin's; the engine has the last word. */
export function isPluginName(name: string): boolean {
  return /^\w[\w. -]{0,90}\.(ts|js)$/.test(name);
}
