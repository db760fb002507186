/** How it was played the last time, from one start of the window to the next. */
import { keep, setting } from '../model/settings.ts';
import { MOST_SHOWN_DEPTH_MS, NOTHING, PLAYOUT_MODES, type Playout } from './player-state.ts';

const PLAYOUT = 'player.playout';
const SPECTROGRAM = 'player.spectrogram';

export function keepPlayout({ mode, depthMs }: Playout): void {
  keep({ [PLAYOUT]: `${mode} ${depthMs}` });
}

export function keptPlayout(): Playout {
  const kept = setting(PLAYOUT);
  const [name, depth] = typeof kept === 'string' ? kept.split(' ') : [];
  const mode = PLAYOUT_MODES.find((known) => known === name);
  const depthMs = Number(depth);
  return mode !== undefined && depthMs >= 0 && depthMs <= MOST_SHOWN_DEPTH_MS ? { mode, depthMs } : NOTHING.playout;
}

export function keepSpectrogram(isKept: boolean): void {
  keep({ [SPECTROGRAM]: isKept });
}

export function isSpectrogramKept(): boolean {
  return setting(SPECTROGRAM) === true;
}
