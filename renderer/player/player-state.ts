import type { AudioMark, AudioPlan } from '../../shared/engine-api.ts';
import type { LaneSound } from './audio-graph.ts';
import type { LanePeaks } from './paint-lane.ts';
import type { Span } from './span.ts';

export type MarkKind = AudioMark['kind'];

export interface PlayerState {
  status: 'none' | 'loading' | 'ready' | 'silent' | 'failed';
  /** What went wrong, where it failed. */
  message: string;
  plan: AudioPlan | null;
  /** What is on the screen. */
  window: Span;
  /** The selected stretch; null where none is. */
  range: Span | null;
  isPlaying: boolean;
  isLooping: boolean;
  rate: number;
  sounds: readonly LaneSound[];
  /** Peaks of the window, and of the whole. */
  peaks: readonly LanePeaks[];
  overview: readonly LanePeaks[];
  /** By lane; silences are found later than the rest. */
  silences: readonly (readonly AudioMark[])[];
  /** Kinds of marks that are not shown. */
  hidden: ReadonlySet<MarkKind>;
}

/** Nothing loaded. */
export const NOTHING: PlayerState = {
  status: 'none',
  message: '',
  plan: null,
  window: { from: 0, to: 1 },
  range: null,
  isPlaying: false,
  isLooping: false,
  rate: 1,
  sounds: [],
  peaks: [],
  overview: [],
  silences: [],
  hidden: new Set(),
};
