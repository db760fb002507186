/** What a ladder is drawn with. A row's shapes are drawn in order, later ones over earlier; painter and SVG writer share them. */

/** Colours by their name among the design tokens. `row` is the ground of the row at hand. */
export type ColourName =
  | 'row'
  | 'surface-panel'
  | 'surface-raised'
  | 'border'
  | 'border-strong'
  | 'text-1'
  | 'text-2'
  | 'text-3'
  | 'error'
  | 'error-fill'
  | 'error-soft'
  | 'on-error-fill'
  | 'warning'
  | 'warning-fill'
  | 'warning-soft'
  | 'on-warning-fill'
  | 'note'
  | 'note-fill'
  | 'note-soft'
  | 'l-request'
  | 'l-1xx'
  | 'l-2xx'
  | 'l-3xx'
  | 'l-4xx'
  | 'l-5xx'
  | 'l-retx'
  | 'l-lifeline'
  | 'p-rtcp'
  | 'lane-a'
  | 'lane-a-peak'
  | 'lane-a-soft'
  | 'lane-b'
  | 'lane-b-peak'
  | 'lane-b-soft'
  | 'mark-loss';

export type FontName = 'mono' | 'ui' | 'ui-strong';

/** Letters of a ladder are this large. */
export const FONT_PX = 11;

export interface TextRun {
  readonly text: string;
  readonly font: FontName;
  readonly colour: ColourName;
}

export type Shape =
  | {
      readonly kind: 'line';
      /** Horizontal: from `x1` to `x2` at `y`. */
      readonly x1: number;
      readonly x2: number;
      readonly y: number;
      readonly width: number;
      readonly colour: ColourName;
      readonly dash: readonly number[];
    }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius: number;
      readonly fill: ColourName | null;
      readonly stroke: ColourName | null;
    }
  | {
      /** `d` as in SVG, drawn with its origin at `x`, `y`. */
      readonly kind: 'path';
      readonly x: number;
      readonly y: number;
      readonly scale: number;
      readonly d: string;
      readonly fill: ColourName | null;
      readonly stroke: ColourName | null;
      readonly strokeWidth: number;
    }
  | {
      /** One line, its letters standing on `y`. */
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly align: 'left' | 'center' | 'right';
      readonly runs: readonly TextRun[];
      /** It lies in a box of its own and keeps its colour on a selected row. */
      readonly isFixed: boolean;
    };

/** Width of a text in pixels. */
export type Measure = (text: string, font: FontName) => number;

export function runsWidth(runs: readonly TextRun[], measure: Measure): number {
  return runs.reduce((sum, { text, font }) => sum + measure(text, font), 0);
}

export function textShape(
  x: number,
  y: number,
  runs: readonly TextRun[],
  align: 'left' | 'center' | 'right' = 'left',
  isFixed = false,
): Shape {
  return { kind: 'text', x, y, align, runs, isFixed };
}

export function boxShape(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: ColourName | null,
  stroke: ColourName | null = null,
  radius = 3,
): Shape {
  return { kind: 'box', x, y, width, height, radius, fill, stroke };
}

/** A text cut with `…` to a width. */
export function fitText(text: string, font: FontName, width: number, measure: Measure): string {
  if (measure(text, font) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${text.slice(0, middle)}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** A name cut in its middle, so that its end (a host, a port) still tells it apart. */
export function fitMiddle(text: string, font: FontName, width: number, measure: Measure): string {
  if (measure(text, font) <= width) return text;
  for (let kept = text.length - 1; kept > 1; kept--) {
    const left = Math.ceil(kept / 2);
    const cut = `${text.slice(0, left)}…${text.slice(text.length - (kept - left))}`;
    if (measure(cut, font) <= width) return cut;
  }
  return '…';
}

const NARROW = /[ijlI.,:;'|![\]()fr t/\\-]/;
const WIDE = /[mwMW@%—…]/;

/** Widths where there is nothing to measure with: near to those of JetBrains Mono and Inter, and rather too wide. */
export function estimateWidth(text: string, font: FontName): number {
  if (font === 'mono') return Array.from(text).length * FONT_PX * 0.6;
  let width = 0;
  for (const character of text) {
    const em = NARROW.test(character) ? 0.34 : WIDE.test(character) ? 0.95 : /[A-Z0-9]/.test(character) ? 0.68 : 0.6;
    width += em * FONT_PX;
  }
  return font === 'ui-strong' ? width * 1.05 : width;
}
