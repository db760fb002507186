import { safeText } from '../safe-text.ts';
import type { LadderNote } from '../ladder.ts';
import type { Diagram } from './layout.ts';
import { boxShape, fitText, runsWidth, type Shape, textShape, type TextRun } from './shapes.ts';

const BASELINE = 15;
/** How far a note reaches beyond the outermost lifelines. */
const OVERHANG_PX = 48;
const LEAST_WIDTH = 180;
const PADDING = 8;

/** What an agent logged or reported: a note across all lifelines, because it is about the call and not between two of them. */
export function noteShapes({ columns, gutter, width, measure }: Diagram, note: LadderNote): Shape[] {
  const left = Math.max(gutter + 2, (columns[0]?.x ?? gutter) - OVERHANG_PX);
  const right = Math.min(width - 4, Math.max((columns.at(-1)?.x ?? left) + OVERHANG_PX, left + LEAST_WIDTH));
  const title: TextRun = { text: safeText(note.label), font: 'ui-strong', colour: 'text-1' };
  const by: TextRun = { text: note.agent === null ? '' : ` by ${safeText(note.agent)}`, font: 'ui', colour: 'text-2' };
  const room = right - left - 2 * PADDING;
  // Who said it gives way to what was said.
  const head = runsWidth([title, by], measure) <= room / 2 ? [title, by] : [title];
  const rest = fitText(`  ${safeText(note.text)}`, 'ui', room - runsWidth(head, measure), measure);
  return [
    boxShape(left, 2, right - left, 18, 'surface-raised', 'border-strong'),
    textShape(left + PADDING, BASELINE, [...head, { text: rest, font: 'ui', colour: 'text-1' }], 'left', true),
  ];
}
