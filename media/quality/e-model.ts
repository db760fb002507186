/**
 * The E-model of ITU-T G.107 (06/2015), narrowband, and of G.107.1 (06/2019), wideband: the transmission rating R from
 * codec, loss and delay, everything else at its default (G.107 table 3). The two scales are kept apart: R of the one ends at
 * 93.2, R of the other at 129.
 */

export type RatingModel = 'G.107' | 'G.107.1';

export interface RatingInput {
  readonly model: RatingModel;
  /** Equipment impairment factor of the codec without loss (G.113), of the model's scale. */
  readonly ie: number;
  /** Packet-loss robustness factor (G.113). Asked for where there is loss; null leaves it out. */
  readonly bpl: number | null;
  /** Packets that were not played, of those expected, 0 to 100. */
  readonly lossPercent: number;
  /** 1 for random loss; see `burstRatioToUse`. */
  readonly burstRatio: number;
  /** Mouth to ear, one way, ms (Ta); null leaves the delay out, as 0 does. */
  readonly delayMs: number | null;
}

export interface Rating {
  /** 0 where the impairments exceed the scale. */
  readonly r: number;
  /** MOS-CQE (G.107 annex B) of the model's own scale. */
  readonly mos: number;
  readonly delayImpairment: number;
  /** Ie,eff. */
  readonly equipmentImpairment: number;
}

/** Highest one-way delay that is told apart, ms: beyond the curves of the Recommendation. */
const LONGEST_DELAY_MS = 5000;
/** The wideband model's R with everything at its default (G.107.1 section 7.7). */
const WIDEBAND_DEFAULT_R = 129;
/** R of the wideband scale that the conversion to MOS brings to 100 (G.107.1 equation A-1). */
const WIDEBAND_SCALE = 1.29;

/** The rating of a connection. */
export function rate({ model, ie, bpl, lossPercent, burstRatio, delayMs }: RatingInput): Rating {
  const delay = Math.min(LONGEST_DELAY_MS, Math.max(0, delayMs ?? 0));
  const equipmentImpairment = effectiveImpairment(ie, bpl, lossPercent, burstRatio);
  if (model === 'G.107.1') {
    const delayImpairment = pureDelayImpairment(delay);
    const r = Math.max(0, WIDEBAND_DEFAULT_R - delayImpairment - equipmentImpairment);
    return { r, mos: mosOfRating(r, model), delayImpairment, equipmentImpairment };
  }
  const { ro, is, id } = narrowbandDefaults(delay);
  const r = Math.max(0, ro - is - id - equipmentImpairment);
  return { r, mos: mosOfRating(r, model), delayImpairment: id, equipmentImpairment };
}

/** MOS-CQE from R: G.107 equation B-4; of the wideband scale G.107.1 equations. */
export function mosOfRating(r: number, model: RatingModel): number {
  const scaled = model === 'G.107.1' ? r / WIDEBAND_SCALE : r;
  if (scaled <= 0) return 1;
  if (scaled >= 100) return 4.5;
  // Below 6.5 the polynomial dips under 1, the lowest opinion there is.
  return Math.max(1, 1 + 0.035 * scaled + scaled * (scaled - 60) * (100 - scaled) * 7e-6);
}

/** Ie,eff: what the codec and the loss do together (G.107 equation 7-29, G.107.1 equation 7-15). */
export function effectiveImpairment(ie: number, bpl: number | null, lossPercent: number, burstRatio: number): number {
  const loss = Math.min(100, Math.max(0, lossPercent));
  if (loss === 0 || bpl === null) return ie;
  return ie + ((95 - ie) * loss) / (loss / burstRatio + bpl);
}

/** The robustness from which on a codec's concealment is one whose loss in bursts was looked at. */
const LEAST_BURST_ROBUSTNESS = 16;

/**
 * The burst ratio that the model takes for a measured one: 1 for codecs with a Bpl below 16, for which it is not defined
 * (G.113 appendix I), and no more than 2 where 2 % and more are lost, as far as it was checked (G.107 annex A).
 */
export function burstRatioToUse(measured: number, bpl: number | null, lossPercent: number): number {
  if (bpl === null || bpl < LEAST_BURST_ROBUSTNESS || !(measured > 1)) return 1;
  return lossPercent >= 2 ? Math.min(2, measured) : measured;
}

/** Idd: delay alone (G.107 equations 7-27 and 7-28), of the default class of delay sensitivity. */
export function pureDelayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

// Defaults of G.107 table 3.
const SLR = 8;
const RLR = 2;
const OLR = SLR + RLR;
const STMR = 15;
const LSTR = 18;
const DS = 3;
const TELR = 65;
const WEPL = 110;
const QDU = 1;
const NC = -70;
const NFOR = -64;
const PS = 35;
const PR = 35;

/**
 * Ro, Is and Id of G.107 sections 7.2 to 7.4 with every parameter but the delay at its default: T = Ta and Tr = 2 Ta. Id
 * includes the talker's echo of a good telephone (TELR 65 dB).
 */
export function narrowbandDefaults(delayMs: number): { ro: number; is: number; id: number } {
  const pre = PR + 10 * Math.log10(1 + 10 ** ((10 - LSTR) / 10));
  const nos = PS - SLR - DS - 100 + 0.004 * (PS - OLR - DS - 14) ** 2;
  const nor = RLR - 121 + pre + 0.008 * (pre - 35) ** 2;
  const nfo = NFOR + RLR;
  const no = 10 * Math.log10(10 ** (NC / 10) + 10 ** (nos / 10) + 10 ** (nor / 10) + 10 ** (nfo / 10));
  const ro = 15 - 1.5 * (SLR + no);
  const is = loudnessImpairment(no) + sidetoneImpairment(delayMs) + quantizingImpairment(ro);
  const id = talkerEcho(delayMs, no) + listenerEcho(delayMs, ro) + pureDelayImpairment(delayMs);
  return { ro, is, id };
}

/** Iolr, equation 7-8. */
function loudnessImpairment(no: number): number {
  const x = OLR + 0.2 * (64 + no - RLR);
  return 20 * ((1 + (x / 8) ** 8) ** (1 / 8) - x / 8);
}

/** Ist, equation 7-10. */
function sidetoneImpairment(delayMs: number): number {
  const stmro = -10 * Math.log10(10 ** (-STMR / 10) + Math.exp(-delayMs / 4) * 10 ** (-TELR / 10));
  return (
    12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13) +
    29
  );
}

/** Iq, equations 7-12 to 7-16. */
function quantizingImpairment(ro: number): number {
  const q = 37 - 15 * Math.log10(QDU);
  const g = 1.07 + 0.258 * q + 0.0602 * q * q;
  const y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const z = 46 / 30 - g / 40;
  return 15 * Math.log10(1 + 10 ** y + 10 ** z);
}

/** Idte, equations 7-18 to 7-22. */
function talkerEcho(delayMs: number, no: number): number {
  const terv =
    TELR - 40 * Math.log10((1 + delayMs / 10) / (1 + delayMs / 150)) + 6 * Math.exp(-0.3 * delayMs * delayMs);
  const roe = -1.5 * (no - RLR);
  const re = 80 + 2.5 * (terv - 14);
  return ((roe - re) / 2 + Math.sqrt((roe - re) ** 2 / 4 + 100) - 1) * (1 - Math.exp(-delayMs));
}

/** Idle, equations 7-25 and 7-26. */
function listenerEcho(delayMs: number, ro: number): number {
  const rle = 10.5 * (WEPL + 7) * (2 * delayMs + 1) ** -0.25;
  return (ro - rle) / 2 + Math.sqrt((ro - rle) ** 2 / 4 + 169);
}
