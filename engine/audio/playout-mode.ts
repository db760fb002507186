import type { Playout } from '../../media/audio/playout.ts';
import { Fate } from '../../media/jitter/fate.ts';
import {
  type AudioSelection,
  DEFAULT_DEPTH_MS,
  type JitterCountsRow,
  MOST_DEPTH_MS,
  type PlayoutMode,
} from '../../shared/engine-api.ts';
import { streamId } from '../query/stream-rows.ts';
import type { HeardStream } from './heard-audio.ts';

/** The playout that a selection asks for. Its depth is one that was checked. */
export function playoutOf({ mode = 'timestamp', depthMs = DEFAULT_DEPTH_MS }: AudioSelection): Playout {
  switch (mode) {
    case 'jitter-buffer':
      return { kind: 'jitter-buffer', depthMs };
    case 'adaptive':
      return { kind: 'jitter-buffer', depthMs: null };
    default:
      return { kind: mode };
  }
}

/** The mode and depth of a playout, as a window knows them. */
export function modeOf(playout: Playout): { mode: PlayoutMode; depthMs: number | null } {
  if (playout.kind !== 'jitter-buffer') return { mode: playout.kind, depthMs: null };
  return { mode: playout.depthMs === null ? 'adaptive' : 'jitter-buffer', depthMs: playout.depthMs };
}

/**
 * Reads `file`, `timestamp`, `jitter-buffer`, `jitter-buffer=80` (milliseconds, 0 to 2000) and `jitter-buffer=adaptive`; null for
 * anything else.
 */
export function parsePlayout(text: string): Playout | null {
  if (text === 'file' || text === 'timestamp') return { kind: text };
  if (text === 'jitter-buffer') return { kind: 'jitter-buffer', depthMs: DEFAULT_DEPTH_MS };
  const depth = /^jitter-buffer=(.+)$/.exec(text)?.[1];
  if (depth === 'adaptive') return { kind: 'jitter-buffer', depthMs: null };
  if (depth === undefined || !/^\d{1,4}(\.\d{1,3})?$/.test(depth) || Number(depth) > MOST_DEPTH_MS) return null;
  return { kind: 'jitter-buffer', depthMs: Number(depth) };
}

export function isPlayoutMode(value: unknown): value is PlayoutMode {
  return value === 'timestamp' || value === 'file' || value === 'jitter-buffer' || value === 'adaptive';
}

/** What the simulated buffer made of a stream; null where none was. */
export function jitterCounts({ stream, audio: { timeline } }: HeardStream): JitterCountsRow | null {
  const { counts, fate } = timeline;
  if (counts === null) return null;
  let duplicates = 0;
  for (const one of fate) if (one === Fate.Duplicate) duplicates++;
  return {
    stream: streamId(stream),
    ...counts,
    duplicates,
    meanDelayMs: toMicroseconds(counts.meanDelayMs),
    maxDelayMs: toMicroseconds(counts.maxDelayMs),
  };
}

/** What is beyond is rounding of the arithmetic. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
