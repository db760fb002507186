import { safeText } from '../safe-text.ts';
import type { LadderMessage } from '../ladder.ts';
import { arrowShapes, HEAD_PX, labelShapes, LOOP_PX, loopShapes, STUB_PX, stubShapes } from './draw-arrow.ts';
import { bandShapes } from './draw-band.ts';
import { calloutShapes } from './draw-callout.ts';
import { noteShapes } from './draw-note.ts';
import type { DrawnDigits, DrawnMessage, DrawnRepeats, DrawnReports, DrawnRow } from './fold.ts';
import type { Diagram, DiagramRow } from './layout.ts';
import { boxShape, type ColourName, runsWidth, type Shape, textShape, type TextRun } from './shapes.ts';
import { timeText } from './times.ts';
import { digitText, reportText, sdpText, seenText, sideText, spanText } from './words.ts';

/** Letters of a row stand on this. */
export const BASELINE = 15;
const KEY_PX = 16;
/** Room for the mark that there are more digits. */
const MORE_PX = 14;

/** How the line of a row looks, and what stands on it: the longest label that fits is taken. */
interface Look {
  readonly colour: ColourName;
  readonly width: number;
  readonly dash: readonly number[];
  readonly hasIcon: boolean;
  readonly labels: readonly (readonly TextRun[])[];
}

/** What a row is drawn with, times, lifelines and ground left out; its top is at 0. */
export function rowShapes(diagram: Diagram, row: DiagramRow): Shape[] {
  if (row.drawn.kind === 'gap') return gapShapes(diagram, row.drawn.seconds);
  return [...bodyShapes(diagram, row), ...calloutShapes(diagram, row)];
}

function bodyShapes(diagram: Diagram, row: DiagramRow): Shape[] {
  const { drawn } = row;
  if (drawn.kind === 'media') return bandShapes(diagram, row, drawn.row);
  if (drawn.kind === 'digits') return digitShapes(diagram, row, drawn);
  if (drawn.kind === 'note') return noteShapes(diagram, drawn.row);
  return drawn.kind === 'gap' ? [] : lineShapes(diagram, row, lookOf(drawn, diagram));
}

/** The time of a row and the step since the row before, in the gutter. */
export function timeShapes({ timeWidth, gutter }: Diagram, row: DiagramRow): Shape[] {
  const time: TextRun = { text: row.timeText, font: 'mono', colour: 'text-2' };
  const shapes = [textShape(timeWidth, BASELINE, [time], 'right')];
  if (row.stepText !== '') {
    const step: TextRun = { text: row.stepText, font: 'mono', colour: 'text-3' };
    shapes.push(textShape(gutter - 4, BASELINE, [step], 'right'));
  }
  return shapes;
}

function lookOf(drawn: Exclude<DrawnRow, { kind: 'media' | 'digits' | 'note' | 'gap' }>, diagram: Diagram): Look {
  if (drawn.kind === 'rtcp') return reportLook(drawn);
  if (drawn.kind === 'repeats') return repeatsLook(drawn, diagram);
  return messageLook(drawn);
}

function messageLook({ row, rows, copies }: DrawnMessage): Look {
  const isRepeat = row.retransmission || row.capturedTwice;
  const colour = isRepeat ? 'l-retx' : messageColour(row);
  const hints = [safeText(row.hint ?? ''), safeText(sdpText(row.sections, true))];
  const seen = seenText(rows);
  if (seen !== '') hints.push(seen);
  else if (copies > 1) hints.push(`captured ${copies === 2 ? 'twice' : `${copies} times`}`);
  else if (row.capturedTwice) hints.push('captured twice');
  const isThin = isRepeat || (row.status !== null && row.status < 200);
  return {
    colour,
    width: isThin ? 1 : 1.5,
    dash: isRepeat ? [3, 3] : [],
    hasIcon: row.retransmission,
    labels: labelsOf(row, colour, hints),
  };
}

/** From all there is to say to the method or number alone. */
function labelsOf(row: LadderMessage, colour: ColourName, hints: readonly string[]): TextRun[][] {
  const run = (text: string): TextRun => ({ text, font: 'mono', colour });
  const label = safeText(row.label);
  const short = row.short === undefined ? (row.method === null ? label.slice(0, 3) : label) : safeText(row.short);
  const hint = hints.filter((text) => text !== '').join(', ');
  const labels = [[run(label)], [run(short)]];
  if (hint !== '') labels.unshift([run(`${label} `), { text: hint, font: 'ui', colour: 'text-2' }]);
  return labels;
}

export function messageColour({ status }: LadderMessage): ColourName {
  if (status === null) return 'l-request';
  if (status < 200) return 'l-1xx';
  if (status < 300) return 'l-2xx';
  if (status < 400) return 'l-3xx';
  return status < 500 ? 'l-4xx' : 'l-5xx';
}

function repeatsLook(drawn: DrawnRepeats, { ladder, time }: Diagram): Look {
  const colour = 'l-retx';
  const label = `${safeText(drawn.first.label)} × ${drawn.count}`;
  const hint = `${waitsText(drawn.waits)} until ${timeText(drawn.endTime, ladder.startTime, time)}`;
  const run = (text: string): TextRun => ({ text, font: 'mono', colour });
  const short = run(`${drawn.first.method ?? drawn.first.status} × ${drawn.count}`);
  const labels = [[run(`${label} `), { text: hint, font: 'ui', colour: 'text-2' } as const], [run(label)], [short]];
  return { colour, width: 1, dash: [3, 3], hasIcon: true, labels };
}

/** `every 0.5 → 4 s`, `every 0.5 s`. */
export function waitsText([shortest, longest]: readonly [number, number]): string {
  const [a, b] = [shortText(shortest), shortText(longest)];
  return a === b ? `every ${a} s` : `every ${a} → ${b} s`;
}

function shortText(seconds: number): string {
  return String(Number(seconds.toFixed(seconds < 1 ? 2 : 1)));
}

function reportLook({ row }: DrawnReports): Look {
  const label: TextRun = { text: 'RTCP', font: 'mono', colour: 'p-rtcp' };
  const hint: TextRun = { text: reportText(row), font: 'ui', colour: 'text-2' };
  const labels = [[{ ...label, text: 'RTCP ' }, hint], [label]];
  return { colour: 'p-rtcp', width: 1, dash: [1, 3], hasIcon: false, labels };
}

function lineShapes(diagram: Diagram, { ends }: DiagramRow, look: Look): Shape[] {
  const { columns, measure, width } = diagram;
  const x = (place: number): number => columns[place].x;
  const fitting = (room: number): readonly TextRun[] =>
    look.labels.find((runs) => runsWidth(runs, measure) <= room - (look.hasIcon ? 18 : 0)) ?? look.labels.at(-1) ?? [];
  const pitch = columns.length > 1 ? columns[1].x - columns[0].x : width - x(0);
  if (ends.from < 0 || ends.to < 0) {
    const shown = x(ends.from < 0 ? ends.to : ends.from);
    const label = fitting(pitch - STUB_PX - 24);
    return stubShapes({ ...look, label, x: shown, side: ends.hiddenSide, isIncoming: ends.from < 0, measure });
  }
  if (ends.from === ends.to)
    return loopShapes({ ...look, label: fitting(pitch - LOOP_PX - 24), x: x(ends.from), measure });
  const [from, to] = [x(ends.from), x(ends.to)];
  const label = fitting(Math.abs(to - from) - 2 * (HEAD_PX + 8));
  return [
    ...arrowShapes(from, to, look.colour, look.width, look.dash),
    ...labelShapes((from + to) / 2, label, look.hasIcon ? look.colour : null, measure),
  ];
}

function digitShapes(diagram: Diagram, row: DiagramRow, { digits, endTime }: DrawnDigits): Shape[] {
  const { columns, measure, ladder, time } = diagram;
  const [first] = digits;
  const colour: ColourName = first.side === 'B' ? 'lane-b' : 'lane-a';
  const word: TextRun = { text: digits.length === 1 ? 'event' : 'events', font: 'mono', colour };
  const hints = [
    first.payloadType === null ? '' : `payload type ${first.payloadType}`,
    sideText(first.side),
    `until ${timeText(endTime, ladder.startTime, time)}`,
  ].filter((text) => text !== '');
  const hint: TextRun = { text: hints.join(', '), font: 'ui', colour: 'text-2' };
  const keys = digits.map((digit) => safeText(digitText(digit)));
  const { from, to, hiddenSide } = row.ends;
  if (from < 0 || to < 0 || from === to) {
    const text: TextRun = { text: keys.join(' '), font: 'mono', colour };
    const look = { colour, width: 1.5, dash: [], hasIcon: false, label: [text], measure };
    const shown = columns[from < 0 ? to : from].x;
    if (from === to) return loopShapes({ ...look, x: shown });
    return stubShapes({ ...look, x: shown, side: hiddenSide, isIncoming: from < 0 });
  }
  const [a, b] = [columns[from].x, columns[to].x];
  const room = Math.abs(b - a) - 2 * (HEAD_PX + 8);
  const shapes = arrowShapes(a, b, colour, 1.5, []);
  const wordWidth = measure(word.text, word.font) + 6;
  const hintWidth = measure(hint.text, hint.font) + 2;
  const widths = keys.map((key) => Math.max(KEY_PX, measure(key, 'mono') + 8) + 4);
  let kept = 0;
  let keysWidth = 0;
  while (kept < keys.length && keysWidth + widths[kept] + (kept < keys.length - 1 ? MORE_PX : 0) <= room) {
    keysWidth += widths[kept++];
  }
  const isCut = kept < keys.length;
  if (isCut) keysWidth += MORE_PX;
  const withWord = wordWidth + keysWidth <= room;
  const withHint = withWord && wordWidth + keysWidth + hintWidth <= room;
  const total = (withWord ? wordWidth : 0) + keysWidth + (withHint ? hintWidth : 0);
  let at = Math.round((a + b - total) / 2);
  shapes.push(boxShape(at - 6, 2, total + 12, 18, 'row', null, 0));
  if (withWord) {
    shapes.push(textShape(at, BASELINE, [word]));
    at += wordWidth;
  }
  for (let i = 0; i < kept; i++) {
    const width = widths[i] - 4;
    shapes.push(boxShape(at, 3, width, KEY_PX, 'surface-raised', 'border-strong'));
    shapes.push(
      textShape(at + width / 2, BASELINE, [{ text: keys[i], font: 'mono', colour: 'text-1' }], 'center', true),
    );
    at += widths[i];
  }
  if (isCut) {
    shapes.push(textShape(at, BASELINE, [{ text: '…', font: 'mono', colour }]));
    at += MORE_PX;
  }
  if (withHint) shapes.push(textShape(at + 2, BASELINE, [hint]));
  return shapes;
}

/** The lifelines break off; between them the time that passed. */
function gapShapes({ columns, gutter, width, measure }: Diagram, seconds: number): Shape[] {
  const [first, last] = [columns[0]?.x ?? gutter, columns.at(-1)?.x ?? width];
  const shapes: Shape[] = columns.map(({ x }) => boxShape(x - 2, 4, 5, 14, 'row', null, 0));
  for (const { x } of columns) {
    for (const y of [6, 11, 16]) shapes.push(boxShape(x, y - 1, 1, 2, 'text-3', null, 0));
  }
  const text: TextRun = { text: `${spanText(seconds)} without a message`, font: 'ui', colour: 'text-3' };
  const middle = columns.length > 1 ? (columns[0].x + columns[1].x) / 2 : (first + last) / 2 + 80;
  const textWidth = measure(text.text, text.font);
  shapes.push(boxShape(middle - textWidth / 2 - 6, 2, textWidth + 12, 18, 'row', null, 0));
  shapes.push(textShape(middle, BASELINE, [text], 'center'));
  return shapes;
}
