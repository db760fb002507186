/** Figures that are judged: past its limit a value takes the colour of a severity. */
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

/** `3.1 / 0.2`: what the caller says, what the callee says. */
export function pairText(a: number | null, b: number | null, { format }: Figure): string {
  return a === null && b === null ? UNKNOWN : `${format(a)} / ${format(b)}`;
}

/** The same with each figure in its own colour. */
export function pairParts(a: number | null, b: number | null, { format, tone, isWide }: Figure): readonly CellPart[] {
  if (a === null && b === null) return [{ kind: 'text', text: UNKNOWN, className: 't3' }];
  return [
    { kind: 'text', text: format(a), className: `g-a ${toneOr(a, tone)}` },
    { kind: 'text', text: '/', className: 'g-ab' },
    { kind: 'text', text: format(b), className: `g-b ${isWide === true ? 'is-wide ' : ''}${toneOr(b, tone)}` },
  ];
}

function toneOr(value: number | null, tone: Figure['tone']): string {
  return value === null ? 't3' : tone(value);
}
