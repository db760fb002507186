import { safeText } from '../safe-text.ts';
import type { LadderMedia } from '../ladder.ts';
import { stubShapes } from './draw-arrow.ts';
import type { Diagram, DiagramRow } from './layout.ts';
import { boxShape, type ColourName, fitText, runsWidth, type Shape, textShape, type TextRun } from './shapes.ts';
import { codecText, countText, percentText } from './words.ts';

const BASELINE = 15;
const TOP = 2;
const HEIGHT = 18;
const GAP = 10;
const PADDING = 8;
const LEAST_WIDTH = 60;
/** Losses beyond these are a warning, an error. */
const LOSS_WARNING_PERCENT = 1;
const LOSS_ERROR_PERCENT = 5;

/** RTP as a box from lifeline to lifeline; the strip along its bottom is the stream's own time, with its losses. */
export function bandShapes(diagram: Diagram, { ends }: DiagramRow, media: LadderMedia): Shape[] {
  const { columns, measure } = diagram;
  const lane = laneOf(media.side);
  const isForwards = ends.from < ends.to;
  const side: TextRun = { text: sideLabel(media.side, isForwards), font: 'ui-strong', colour: lane.text };
  const codec: TextRun = { text: safeText(codecText(media)), font: 'ui', colour: 'text-1' };
  if (ends.from < 0 || ends.to < 0) {
    const x = columns[ends.from < 0 ? ends.to : ends.from].x;
    const label = { text: `${safeText(media.label)} RTP`, font: 'mono', colour: lane.text } as const;
    const look = { colour: lane.text, width: 1.5, dash: [], hasIcon: false, label: [label], measure };
    return stubShapes({ ...look, x, side: ends.hiddenSide, isIncoming: ends.from < 0 });
  }
  const left = columns[Math.min(ends.from, ends.to)].x;
  const width = Math.max(LEAST_WIDTH, Math.abs(columns[ends.to].x - columns[ends.from].x) + 1);
  const shapes: Shape[] = [boxShape(left, TOP, width, HEIGHT, lane.ground, lane.border)];
  for (const { at } of media.losses) {
    const x = left + 1 + Math.min(at * (width - 2), width - 4);
    shapes.push(boxShape(Math.round(x), TOP + HEIGHT - 4, 2, 3, 'mark-loss', null, 0));
  }
  const room = width - 2 * PADDING;
  const leftEnd = [
    [side],
    [codec],
    [{ text: countText(media.packets, 'packet'), font: 'ui', colour: 'text-2' } as const],
  ];
  const rightEnd = figuresOf(media);
  const widthOf = (group: readonly TextRun[]): number => runsWidth(group, measure) + GAP;
  const total = (): number => [...leftEnd, ...rightEnd].reduce((sum, group) => sum + widthOf(group), -GAP);
  // Loss is what a reader looks for, so it goes last.
  if (total() > room) leftEnd.pop();
  if (total() > room && rightEnd.length > 1) rightEnd.shift();
  if (total() > room) leftEnd[1] = [{ ...codec, text: safeText(media.label) }];
  if (total() > room) rightEnd.pop();
  if (total() > room) leftEnd[1] = [{ ...codec, text: fitText(codec.text, 'ui', room - widthOf([side]), measure) }];
  let x = left + PADDING;
  for (const group of leftEnd) {
    shapes.push(textShape(x, BASELINE, group, 'left', true));
    x += widthOf(group);
  }
  x = left + width - PADDING;
  for (const group of rightEnd.toReversed()) {
    shapes.push(textShape(x, BASELINE, group, 'right', true));
    x -= widthOf(group);
  }
  return shapes;
}

function laneOf(side: 'A' | 'B' | null): { text: ColourName; ground: ColourName; border: ColourName } {
  if (side === 'A') return { text: 'lane-a', ground: 'lane-a-soft', border: 'lane-a-peak' };
  if (side === 'B') return { text: 'lane-b', ground: 'lane-b-soft', border: 'lane-b-peak' };
  return { text: 'text-2', ground: 'surface-raised', border: 'border-strong' };
}

function sideLabel(side: 'A' | 'B' | null, isForwards: boolean): string {
  if (side === null) return isForwards ? '→' : '←';
  return isForwards ? `${side} →` : `← ${side}`;
}

/** Jitter and loss, nearest the end last. */
function figuresOf({ jitterMs, lostPercent, encrypted }: LadderMedia): TextRun[][] {
  const groups: TextRun[][] = [];
  if (encrypted) groups.push([{ text: 'SRTP', font: 'ui', colour: 'text-2' }]);
  if (jitterMs !== null) {
    groups.push([
      { text: 'jitter ', font: 'ui', colour: 'text-2' },
      { text: jitterMs.toFixed(1), font: 'mono', colour: 'text-2' },
      { text: ' ms', font: 'ui', colour: 'text-2' },
    ]);
  }
  const colour = lostPercent > LOSS_ERROR_PERCENT ? 'error' : lostPercent > LOSS_WARNING_PERCENT ? 'warning' : 'text-1';
  groups.push([
    { text: 'loss ', font: 'ui', colour },
    { text: percentText(lostPercent), font: 'mono', colour },
    { text: ' %', font: 'ui', colour },
  ]);
  return groups;
}
