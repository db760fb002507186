import { Spectrum, SPECTRUM_FLOOR_DB } from '../../media/audio/spectrum.ts';
import type { Spectrogram } from '../../shared/engine-api.ts';
import { Turns } from '../filter/turns.ts';
import type { DecodedAudio } from './decoded-audio.ts';

/** Windows that a wide column is made of: the loudest of each frequency is shown. */
const WINDOWS_A_COLUMN = 4;

/** `columns` columns over sample frames `from … to` of every lane. Rejects with an AbortError when cancelled. */
export async function spectrogramOf(
  decoded: DecodedAudio,
  from: number,
  to: number,
  columns: number,
  signal?: AbortSignal,
): Promise<Spectrogram> {
  const { sampleRate, frames, channels } = decoded.heard;
  const spectrum = new Spectrum(sampleRate);
  const { rows, size } = spectrum;
  const lanes = channels.map(() => new Uint8Array(columns * rows));
  const turns = new Turns(signal);
  const wide = (to - from) / columns;
  const windows = Math.max(1, Math.min(WINDOWS_A_COLUMN, Math.floor(wide / size)));
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < windows; i++) {
      const middle = from + wide * (column + (i + 0.5) / windows);
      const at = Math.round(middle - size / 2);
      if (at + size <= 0 || at >= frames) continue;
      const samples = await decoded.samples(Math.max(0, at), at + size, signal);
      for (let lane = 0; lane < lanes.length; lane++)
        spectrum.raise(samples, lane, lanes.length, lanes[lane], column * rows);
      await turns.wait();
    }
  }
  return { rows, floorDb: SPECTRUM_FLOOR_DB, lanes };
}
