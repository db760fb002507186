import { safeText } from '../safe-text.ts';
import type { Severity } from '../engine-api.ts';
import type { Diagram, DiagramRow } from './layout.ts';
import { boxShape, type ColourName, fitText, type Shape, textShape, type TextRun } from './shapes.ts';

const GLYPH_PX = 14;
const LEAST_WIDTH = 60;

interface Part {
  readonly d: string;
  readonly fill: ColourName | null;
  readonly stroke: ColourName | null;
  readonly width: number;
}

/** The drawings of the severities, on a grid of 14: octagon, triangle, ring. */
const GLYPHS: Record<Severity, { ground: ColourName; parts: readonly Part[] }> = {
  error: {
    ground: 'error-soft',
    parts: [
      { d: 'M4.3 0h5.4L14 4.3v5.4L9.7 14H4.3L0 9.7V4.3z', fill: 'error-fill', stroke: null, width: 0 },
      { d: 'm4.6 4.6 4.8 4.8M9.4 4.6 4.6 9.4', fill: null, stroke: 'on-error-fill', width: 1.8 },
    ],
  },
  warning: {
    ground: 'warning-soft',
    parts: [
      { d: 'M7 .6 14 13.4H0z', fill: 'warning-fill', stroke: 'warning-fill', width: 1 },
      { d: 'M7 5v4.2M7 11.4v.1', fill: null, stroke: 'on-warning-fill', width: 1.8 },
    ],
  },
  note: {
    ground: 'note-soft',
    parts: [
      { d: 'M1 7a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z', fill: null, stroke: 'note-fill', width: 1.5 },
      { d: 'M7 6.5v3.5M7 4.1v.1', fill: null, stroke: 'note-fill', width: 1.7 },
    ],
  },
};

/** The worst problem of a row in a few words, beside its arrow where there is room. */
export function calloutShapes(diagram: Diagram, { ends, problems, drawn }: DiagramRow): Shape[] {
  const [problem] = problems;
  if (problem === undefined) return [];
  const { columns, gutter, width, measure } = diagram;
  const places = [ends.from, ends.to].filter((place) => place >= 0);
  const low = columns[Math.min(...places)].x;
  const high = columns[Math.max(...places)].x;
  const isLone = places.length < 2 || low === high;
  const more = problems.length > 1 ? ` +${problems.length - 1}` : '';
  const title = safeText(problem.title) + more;
  const needed = GLYPH_PX + 16 + measure(title, 'ui');
  const rightAt = high + (isLone && drawn.kind !== 'media' ? 140 : 10);
  const rightRoom = width - rightAt - 8;
  const leftRoom = low - 10 - gutter;
  // The free side of the arrow's end, where it fits there.
  const prefersRight = ends.to >= ends.from;
  const isRight = prefersRight
    ? rightRoom >= needed || rightRoom >= leftRoom
    : !(leftRoom >= needed || leftRoom >= rightRoom);
  const room = Math.max(LEAST_WIDTH, isRight ? rightRoom : leftRoom);
  const text = fitText(title, 'ui', room - GLYPH_PX - 16, measure);
  const boxWidth = GLYPH_PX + (text === '' ? 8 : 16 + Math.ceil(measure(text, 'ui')));
  const x = Math.round(isRight ? rightAt : low - 10 - boxWidth);
  const { ground, parts } = GLYPHS[problem.severity];
  const run: TextRun = { text, font: 'ui', colour: 'text-1' };
  return [
    boxShape(x, 2, boxWidth, 18, ground),
    ...parts.map(
      ({ d, fill, stroke, width: strokeWidth }): Shape => ({
        kind: 'path',
        x: x + 4,
        y: 4,
        scale: 1,
        d,
        fill,
        stroke,
        strokeWidth,
      }),
    ),
    ...(text === '' ? [] : [textShape(x + 4 + GLYPH_PX + 6, 15, [run], 'left', true)]),
  ];
}
