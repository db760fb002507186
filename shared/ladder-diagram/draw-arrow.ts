import { boxShape, type ColourName, type Measure, runsWidth, type Shape, textShape, type TextRun } from './shapes.ts';

/** Middle of a row's line. */
const LINE_Y = 10.5;
const BASELINE = 15;
/** Length of an arrow's head. */
export const HEAD_PX = 9;
/** Length of an arrow whose other end is hidden. */
export const STUB_PX = 44;
/** How far a message to oneself reaches. */
export const LOOP_PX = 34;
const ICON_PX = 12;
/** Two arrows in a circle, on a grid of 16. */
const REPEAT_ICON = 'M12.8 7A5 5 0 0 0 3.5 6M3.2 9a5 5 0 0 0 9.3 1M3.3 3.2V6h2.8M12.7 12.8V10H9.9';

/** A line from lifeline to lifeline, its head inside. */
export function arrowShapes(
  from: number,
  to: number,
  colour: ColourName,
  width: number,
  dash: readonly number[],
): Shape[] {
  const [x1, x2] = from < to ? [from + 1, to - HEAD_PX] : [to + HEAD_PX + 1, from];
  return [{ kind: 'line', x1, x2, y: LINE_Y, width, colour, dash }, headShape(to, from < to, colour)];
}

function headShape(x: number, isRight: boolean, colour: ColourName): Shape {
  const d = isRight ? 'M-9 -4.5L-1 0L-9 4.5z' : 'M10 -4.5L2 0L10 4.5z';
  return { kind: 'path', x, y: LINE_Y, scale: 1, d, fill: colour, stroke: null, strokeWidth: 0 };
}

/** A label that lies on the line and leaves none of it behind the letters. */
export function labelShapes(
  middle: number,
  runs: readonly TextRun[],
  icon: ColourName | null,
  measure: Measure,
): Shape[] {
  const text = runsWidth(runs, measure);
  const width = text + (icon === null ? 0 : ICON_PX + 6);
  const left = Math.round(middle - width / 2);
  const shapes: Shape[] = [boxShape(left - 6, 2, Math.ceil(width) + 12, 18, 'row', null, 0)];
  if (icon !== null) shapes.push(iconShape(left, icon));
  if (icon === null) shapes.push(textShape(Math.round(middle), BASELINE, runs, 'center'));
  else shapes.push(textShape(left + ICON_PX + 6, BASELINE, runs));
  return shapes;
}

function iconShape(x: number, stroke: ColourName): Shape {
  const scale = ICON_PX / 16;
  return { kind: 'path', x, y: LINE_Y - ICON_PX / 2, scale, d: REPEAT_ICON, fill: null, stroke, strokeWidth: 1.7 };
}

interface Lone {
  readonly x: number;
  readonly colour: ColourName;
  readonly width: number;
  readonly dash: readonly number[];
  readonly hasIcon: boolean;
  readonly label: readonly TextRun[];
  readonly measure: Measure;
}

/** A message to oneself. */
export function loopShapes({ x, colour, width, hasIcon, label, measure }: Lone): Shape[] {
  const d = 'M1 5.5H22a5 5 0 0 1 0 10.5H9';
  return [
    { kind: 'path', x, y: 0, scale: 1, d, fill: null, stroke: colour, strokeWidth: width },
    { kind: 'path', x, y: 16, scale: 1, d: 'M10 -4.5L2 0L10 4.5z', fill: colour, stroke: null, strokeWidth: 0 },
    ...besideShapes(x + LOOP_PX, 'right', label, hasIcon ? colour : null, measure),
  ];
}

/** An arrow whose other end is hidden: it stops at an open circle. */
export function stubShapes(stub: Lone & { readonly side: 'left' | 'right'; readonly isIncoming: boolean }): Shape[] {
  const { x, colour, width, dash, hasIcon, label, measure, side, isIncoming } = stub;
  const sign = side === 'right' ? 1 : -1;
  const end = x + sign * STUB_PX;
  const [near, far] = [x + sign * (isIncoming ? HEAD_PX : 1), end - sign * 3];
  const shapes: Shape[] = [
    { kind: 'line', x1: Math.min(near, far), x2: Math.max(near, far), y: LINE_Y, width, colour, dash },
    {
      kind: 'path',
      x: end,
      y: LINE_Y,
      scale: 1,
      d: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z',
      fill: 'row',
      stroke: colour,
      strokeWidth: 1,
    },
  ];
  if (isIncoming) shapes.push(headShape(x, side === 'left', colour));
  return [...shapes, ...besideShapes(end + sign * 8, side, label, hasIcon ? colour : null, measure)];
}

function besideShapes(
  x: number,
  side: 'left' | 'right',
  runs: readonly TextRun[],
  icon: ColourName | null,
  measure: Measure,
): Shape[] {
  const width = runsWidth(runs, measure) + (icon === null ? 0 : ICON_PX + 6);
  const left = side === 'right' ? x : x - width;
  const shapes: Shape[] = [boxShape(left - 2, 2, Math.ceil(width) + 4, 18, 'row', null, 0)];
  if (icon !== null) shapes.push(iconShape(left, icon));
  return [...shapes, textShape(left + (icon === null ? 0 : ICON_PX + 6), BASELINE, runs)];
}
