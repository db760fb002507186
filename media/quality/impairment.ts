/**
 * What a codec does to speech, from published tables alone: ITU-T G.113 (09/2024), appendix I for narrowband (Ie, Bpl) and
 * appendix IV for wideband (Ie,wb) in listening with a handset. A codec that is not in them has no values here: none are
 * borrowed from a codec that resembles it, and none come from elsewhere.
 */
import type { RatingModel } from './e-model.ts';

export interface Impairment {
  readonly model: RatingModel;
  readonly ie: number;
  /** null where the tables have none: such a stream can be rated only while nothing is lost. */
  readonly bpl: number | null;
  /** Which entry of which table. */
  readonly source: string;
}

/** What is to be known of a codec to find its entry. */
export interface CodecUse {
  /** Encoding name, any case. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  /** The mode that most frames of speech have, kbit/s; of AMR-WB and G.723.1, whose name does not tell it. null where unknown. */
  readonly kbps: number | null;
}

/** An impairment, or why there is none: a sentence without its full stop. */
export type ImpairmentResult =
  | { readonly impairment: Impairment; readonly reason: null }
  | { readonly impairment: null; readonly reason: string };

function narrowband(ie: number, bpl: number | null, source: string): Impairment {
  return { model: 'G.107', ie, bpl, source: `ITU-T G.113 ${source}` };
}

function wideband(ie: number, source: string): Impairment {
  return { model: 'G.107.1', ie, bpl: null, source: `ITU-T G.113 ${source}` };
}

const G711 = narrowband(0, 25.1, 'table I.4, G.711 with packet loss concealment');

/** By encoding name in upper case, as registered for RTP. */
const BY_NAME: ReadonlyMap<string, Impairment> = new Map([
  ['PCMU', G711],
  ['PCMA', G711],
  ['G729', narrowband(11, 19, 'table I.4, G.729A with VAD')],
  ['GSM-EFR', narrowband(5, 10, 'table I.4, GSM-EFR')],
  ['GSM', narrowband(20, null, 'table I.1, GSM-FR')],
  ['GSM-HR-08', narrowband(23, null, 'table I.1, GSM-HR')],
  ['G728', narrowband(7, null, 'table I.1, G.728 at 16 kbit/s')],
  ['G721', narrowband(7, null, 'table I.1, G.726 at 32 kbit/s')],
  ...[
    [16, 50],
    [24, 25],
    [32, 7],
    [40, 2],
  ].flatMap(([kbps, ie]): [string, Impairment][] => {
    const entry = narrowband(ie, null, `table I.1, G.726 at ${kbps} kbit/s`);
    return [
      [`G726-${kbps}`, entry],
      [`AAL2-G726-${kbps}`, entry],
    ];
  }),
  ['G722', wideband(13, 'table IV.1, G.722 at 64 kbit/s')],
]);

/** Ie,wb of AMR-WB's modes. The mode of 23.85 is rated below that of 23.05: so it is published. */
const AMR_WB: ReadonlyMap<number, number> = new Map([
  [6.6, 41],
  [8.85, 26],
  [12.65, 13],
  [14.25, 10],
  [15.85, 7],
  [18.25, 5],
  [19.85, 3],
  [23.05, 1],
  [23.85, 8],
]);

const G723: ReadonlyMap<number, Impairment> = new Map([
  [6.3, narrowband(15, 16.1, 'table I.4, G.723.1 at 6.3 kbit/s with VAD')],
  [5.3, narrowband(19, null, 'table I.1, G.723.1 at 5.3 kbit/s')],
]);

/** The published values of a codec as it is used, or why there are none. */
export function impairmentOf({ encoding, clockRate, channels, kbps }: CodecUse): ImpairmentResult {
  const name = encoding.trim().slice(0, 40);
  const key = name.toUpperCase();
  const entry = entryOf(key, kbps);
  if (entry === undefined) {
    const lacksMode = (key === 'AMR-WB' || key === 'G723') && kbps === null;
    const reason = lacksMode
      ? `the mode of ${name} cannot be told from its packets, and without it there is no value`
      : `ITU-T G.113 publishes no impairment factor for ${name}`;
    return { impairment: null, reason };
  }
  const usual = key === 'AMR-WB' ? 16_000 : 8000;
  if (clockRate !== usual || channels !== 1) {
    const reason = `ITU-T G.113 publishes no impairment factor for ${name} with this clock rate or number of channels`;
    return { impairment: null, reason };
  }
  return { impairment: entry, reason: null };
}

function entryOf(key: string, kbps: number | null): Impairment | undefined {
  if (key === 'G723') return kbps === null ? undefined : G723.get(kbps);
  if (key !== 'AMR-WB') return BY_NAME.get(key);
  const ie = kbps === null ? undefined : AMR_WB.get(kbps);
  return ie === undefined ? undefined : wideband(ie, `table IV.1, G.722.2 at ${kbps} kbit/s`);
}
