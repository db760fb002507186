import { useSyncExternalStore } from 'react';
import type { OpenResult, ReadProgress, TableCounts } from '../../shared/engine-api.ts';
import type { Settings, ShellInfo } from '../../shared/shell-api.ts';
import type { CompareState } from './compare-state.ts';
import type { Place } from './place.ts';
import { START_PLACE } from './place.ts';
import type { RuleStart } from './rule-start.ts';

export type CaptureState =
  | { status: 'none' }
  | { status: 'reading'; name: string; path: string | null; progress: ReadProgress | null }
  | { status: 'open'; name: string; path: string | null; result: OpenResult }
  | { status: 'failed'; name: string; path: string | null; message: string; before: string | null };

export type Theme = 'system' | 'light' | 'dark';
export type TimeFormat = 'absolute' | 'since-start' | 'since-previous';
export type TimeZoneChoice = 'utc' | 'local';

/** Everything the window shows that is not the engine's. Changed by `update` alone; never mutated. */
export interface AppState {
  /** null until the shell answered. */
  shell: ShellInfo | null;
  /** The engine or the shell is gone, or never came: one sentence. */
  disconnected: string | null;
  capture: CaptureState;
  counts: TableCounts | null;
  /** Grows whenever rows may have changed: questions are asked again. */
  revision: number;
  /** The open capture is being read again with something else (`the keys`); what was read before is shown meanwhile. */
  rereading: { progress: ReadProgress | null; why: string } | null;
  /** The search for streams at two capture points, and what it found. */
  compare: CompareState;
  place: Place;
  /** Places before and after this one, nearest last. */
  back: readonly Place[];
  forward: readonly Place[];
  theme: Theme;
  timeFormat: TimeFormat;
  timeZone: TimeZoneChoice;
  settings: Settings;
  /** Packets, calls or streams that the view at hand shows of all; null while unknown. */
  shown: { shown: number; of: number; what: string } | null;
  /** The player's cursor, seconds since the epoch; null without audio. */
  cursorTime: number | null;
  /** What lies over the workspace. */
  overlay:
    | 'palette'
    | 'shortcuts'
    | 'chooser'
    | 'compare-chooser'
    | 'compare-stream'
    | 'srtp-key'
    | 'esp-sa'
    | 'decode-as'
    | 'codecs'
    | null;
  /** Whose key the key dialog begins with: an SSRC, an address, a call's id; '' for anybody's. */
  srtpKeyScope: string;
  /** What a new rule of Decode As begins with; null to look at those there are. */
  decodeAsStart: RuleStart | null;
  /** The stream and the payload type that the codec dialog begins with; null for any. */
  codecStart: { stream: string; payloadType: number | null } | null;
  /** A short line for the status bar and for screen readers (copied, exported to). */
  notice: string;
}

let state: AppState = {
  shell: null,
  disconnected: null,
  capture: { status: 'none' },
  counts: null,
  revision: 0,
  rereading: null,
  compare: { status: 'none' },
  place: START_PLACE,
  back: [],
  forward: [],
  theme: 'system',
  timeFormat: 'absolute',
  timeZone: 'utc',
  settings: {},
  shown: null,
  cursorTime: null,
  overlay: null,
  srtpKeyScope: '',
  decodeAsStart: null,
  codecStart: null,
  notice: '',
};
const listeners = new Set<() => void>();

export function getState(): AppState {
  return state;
}

export function update(change: Partial<AppState> | ((state: AppState) => Partial<AppState>)): void {
  state = { ...state, ...(typeof change === 'function' ? change(state) : change) };
  for (const listener of listeners) listener();
}

/** Called after every change; gives the unsubscribe function. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A part of the state; the component is drawn again when that part is another object or value. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}
