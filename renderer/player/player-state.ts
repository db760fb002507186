import { type AudioPlan, DEFAULT_DEPTH_MS, type PlayoutMode } from '../../shared/engine-api.ts';
import type { LaneSound } from './audio-graph.ts';
import type { ShownMark } from './marks.ts';
import type { LanePeaks } from './paint-lane.ts';
import type { Span } from './span.ts';

export type MarkKind = ShownMark['kind'];

export const PLAYOUT_MODES: readonly PlayoutMode[] = ['file', 'timestamp', 'jitter-buffer', 'adaptive'];
/** Deeper buffers than telephones have. */
export const MOST_SHOWN_DEPTH_MS = 500;

export interface Playout {
  readonly mode: PlayoutMode;
  /** Of `jitter-buffer`; kept for when that is chosen again. */
  readonly depthMs: number;
}

/** The spectrogram of a stretch. */
export interface Spectra {
  readonly span: Span;
  readonly rows: number;
  readonly lanes: readonly Uint8Array[];
}

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
  /** By kind, then by lane: marks that are found later than those of the plan. */
  found: Readonly<Partial<Record<MarkKind, readonly (readonly ShownMark[])[]>>>;
  playout: Playout;
  hasSpectrogram: boolean;
  /** null where none is shown, or it is on its way. */
  spectra: Spectra | null;
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
  found: {},
  playout: { mode: 'timestamp', depthMs: DEFAULT_DEPTH_MS },
  hasSpectrogram: false,
  spectra: null,
  hidden: new Set(),
};
