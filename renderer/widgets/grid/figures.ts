/** Figures that are judged: past its limit a value takes the colour of a severity. */
import type { StreamMos } from '../../../shared/api.ts';
import { formatNumber, formatPercent, UNKNOWN } from '../../model/format/numbers.ts';
import type { CellPart } from './column.ts';

/** Per cent lost: audible above 1, hard to follow above 5. */
export function lossTone(percent: number | null): string {
  if (percent === null) return '';
  return percent > 5 ? 'err' : percent > 1 ? 'warn' : '';
}

/** Jitter that a usual jitter buffer does not level. */
export function jitterTone(jitterMs: number | null): string {
  return jitterMs !== null && jitterMs > 30 ? 'warn' : '';
}

/** ITU-T G.107 annex B: below 3.6 some, below 3.1 many listeners are dissatisfied. */
export function mosTone(mos: number | null): string {
  if (mos === null) return '';
  return mos < 3.1 ? 'err' : mos < 3.6 ? 'warn' : '';
}

interface Figure {
  readonly format: (value: number | null) => string;
  readonly tone: (value: number | null) => string;
  /** Four characters are usual, not three: those below each other stand in line. */
  readonly isWide?: boolean;
}

export const LOSS: Figure = { format: formatPercent, tone: lossTone };
export const JITTER: Figure = { format: (value) => formatNumber(value, 1), tone: jitterTone, isWide: true };
export const MOS: Figure = { format: (value) => formatNumber(value, 1), tone: mosTone };
/** The E-model's R; the MOS beside it has the colour. */
export const RATING: Figure = { format: (value) => formatNumber(value, 1), tone: () => '', isWide: true };

/** What a MOS comes from, or why there is none: the tip of its cell. */
export function mosTip(mos: StreamMos | null, notRatedBecause: string | null): string {
  if (mos === null) return notRatedBecause === null ? 'Not rated.' : `Not rated: ${notRatedBecause}.`;
  const scale = mos.model === 'G.107' ? 'narrowband' : 'wideband, a scale of its own';
  return `R ${formatNumber(mos.r, 1)}, by the E-model of ITU-T ${mos.model} (${scale})`;
}

/** `3.1 / 0.2`: what the caller says, what the callee says. */
export function pairText(a: number | null, b: number | null, { format }: Figure): string {
  return a === null && b === null ? UNKNOWN : `${format(a)} / ${format(b)}`;
}

/** The same with each figure in its own colour; `tips` tell more of each. */
export function pairParts(
  a: number | null,
  b: number | null,
  { format, tone, isWide }: Figure,
  tips?: readonly [a: string, b: string],
): readonly CellPart[] {
  const tip = (at: 0 | 1) => (tips === undefined ? {} : { title: tips[at] });
  const both = tips === undefined || tips[0] === tips[1] ? tip(0) : { title: `A: ${tips[0]}\nB: ${tips[1]}` };
  if (a === null && b === null) return [{ kind: 'text', text: UNKNOWN, className: 't3', ...both }];
  return [
    { kind: 'text', text: format(a), className: `g-a ${toneOr(a, tone)}`, ...tip(0) },
    { kind: 'text', text: '/', className: 'g-ab' },
    {
      kind: 'text',
      text: format(b),
      className: `g-b ${isWide === true ? 'is-wide ' : ''}${toneOr(b, tone)}`,
      ...tip(1),
    },
  ];
}

function toneOr(value: number | null, tone: Figure['tone']): string {
  return value === null ? 't3' : tone(value);
}
