import type { Severity } from '../engine-api.ts';
import type { Ladder } from '../ladder.ts';
import { type Column, columnsOf, type EndpointChoice, USUAL_CHOICE } from './columns.ts';
import { rowShapes, timeShapes } from './draw-row.ts';
import { type DrawnRow, foldRows } from './fold.ts';
import { estimateWidth, type Measure, type Shape } from './shapes.ts';
import { stepText, timeText, type TimeStyle } from './times.ts';

/** A problem as the arrows show it. */
export interface DiagramProblem {
  readonly severity: Severity;
  readonly title: string;
  readonly packets: readonly number[];
}

export interface DiagramOptions {
  /** Room there is; the drawing is wider where its columns need it. */
  readonly width: number;
  readonly choice?: EndpointChoice;
  /** Messages sent again are folded into one row. */
  readonly fold?: boolean;
  readonly time?: TimeStyle;
  readonly problems?: readonly DiagramProblem[];
  readonly measure?: Measure;
}

export interface PlacedColumn extends Column {
  readonly x: number;
}

/** Where a row's arrow goes; -1 for an end that is hidden. */
export interface RowEnds {
  readonly from: number;
  readonly to: number;
  /** Where a hidden end would have been. */
  readonly hiddenSide: 'left' | 'right';
}

export interface DiagramRow {
  readonly drawn: DrawnRow;
  readonly ends: RowEnds;
  readonly timeText: string;
  /** Since the row before; '' for the first and where nothing passed. */
  readonly stepText: string;
  readonly problems: readonly DiagramProblem[];
}

export const ROW_PX = 22;
export const STEP_PX = 62;
const TIME_PX = { 'since-start': 60, utc: 88, local: 88 } as const;
/** Lifelines stand no closer. */
export const LEAST_PITCH_PX = 140;
const FIRST_PX = 61;
const LAST_PX = 76;
const MOST_CALLOUT_PX = 260;

/** A ladder laid out: pure numbers and shapes, nothing painted. */
export class Diagram {
  readonly ladder: Ladder;
  readonly options: DiagramOptions;
  /** Those that are drawn, from left to right. */
  readonly columns: readonly PlacedColumn[];
  readonly hidden: readonly Column[];
  readonly rows: readonly DiagramRow[];
  readonly width: number;
  readonly height: number;
  readonly timeWidth: number;
  /** Where the times end and the drawing begins. */
  readonly gutter: number;
  readonly time: TimeStyle;
  readonly measure: Measure;
  private readonly shapes: (readonly Shape[] | undefined)[] = [];
  private readonly times: (readonly Shape[] | undefined)[] = [];
  private readonly places = new Map<number, number>();

  constructor(ladder: Ladder, options: DiagramOptions) {
    const { choice = USUAL_CHOICE, fold = true, time = 'since-start', problems = [] } = options;
    this.ladder = ladder;
    this.options = options;
    this.time = time;
    this.measure = options.measure ?? estimateWidth;
    this.timeWidth = TIME_PX[time];
    this.gutter = this.timeWidth + STEP_PX + 4;
    const { all, endsOf } = columnsOf(ladder, choice);
    this.hidden = all.filter(({ isHidden }) => isHidden);
    const shown = all.filter(({ isHidden }) => !isHidden);
    const place = new Map(shown.map((column, i) => [column.key, i]));
    const ends = (drawn: DrawnRow): RowEnds => endsOfDrawn(drawn, all, place, endsOf);
    const visible = foldRows(ladder, fold).flatMap((drawn) => {
      const at = ends(drawn);
      return at.from < 0 && at.to < 0 && drawn.kind !== 'gap' ? [] : [{ drawn, ends: at }];
    });
    this.rows = withTexts(visible, ladder, time, problems);
    this.rows.forEach(({ drawn }, i) => {
      for (const { packet } of drawn.rows) if (!this.places.has(packet)) this.places.set(packet, i);
    });
    const last = this.lastMargin(shown.length);
    const room = options.width - this.gutter - FIRST_PX - last;
    const pitch = Math.max(LEAST_PITCH_PX, shown.length > 1 ? Math.floor(room / (shown.length - 1)) : 0);
    const first = shown.length > 1 ? this.gutter + FIRST_PX : this.gutter + Math.max(FIRST_PX, Math.floor(room / 2));
    this.columns = shown.map((column, i) => ({ ...column, x: first + i * pitch }));
    this.width = Math.max(options.width, (this.columns.at(-1)?.x ?? first) + last);
    this.height = this.rows.length * ROW_PX;
  }

  /** The times of a row, in the gutter. */
  timesOf(index: number): readonly Shape[] {
    return (this.times[index] ??= timeShapes(this, this.rows[index]));
  }

  /** What a row is drawn with, its top at 0. */
  shapesOf(index: number): readonly Shape[] {
    return (this.shapes[index] ??= rowShapes(this, this.rows[index]));
  }

  /** The row that shows a packet, or -1. */
  indexOfPacket(packet: number): number {
    return this.places.get(packet) ?? -1;
  }

  /** Where a time (seconds since the epoch) lies between the middles of the rows; null where there are none. */
  yOfTime(time: number): number | null {
    const { rows } = this;
    if (rows.length === 0) return null;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle].drawn.time <= time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const before = low - 1;
    if (low === rows.length) return Math.min(this.height, middleOf(before) + ROW_PX / 2);
    const from = rows[before].drawn.time;
    const share = (time - from) / (rows[low].drawn.time - from);
    return middleOf(before) + share * ROW_PX;
  }

  /** Room right of the last lifeline: for a callout that has no other place. */
  private lastMargin(columns: number): number {
    let widest = 0;
    for (const { ends, problems } of this.rows) {
      if (problems.length === 0 || Math.max(ends.from, ends.to) !== columns - 1) continue;
      // On its left side an arrow of many columns leaves room only where it does not begin at the first.
      if (Math.min(ends.from, ends.to) > 0 && ends.to < ends.from) continue;
      widest = Math.max(widest, this.measure(problems[0].title, 'ui') + 48);
    }
    return Math.max(LAST_PX, Math.min(MOST_CALLOUT_PX, Math.ceil(widest)));
  }
}

function middleOf(index: number): number {
  return index * ROW_PX + ROW_PX / 2;
}

function endsOfDrawn(
  drawn: DrawnRow,
  all: readonly Column[],
  place: ReadonlyMap<string, number>,
  endsOf: (row: DrawnRow['rows'][number]) => { from: number; to: number },
): RowEnds {
  if (drawn.kind === 'gap') return { from: -1, to: -1, hiddenSide: 'right' };
  // Across the lines that are shown, whichever those are.
  if (drawn.kind === 'note') {
    return { from: place.size === 0 ? -1 : 0, to: place.size - 1, hiddenSide: 'right' };
  }
  const [first] = drawn.rows;
  const { from, to } = endsOf(drawn.kind === 'repeats' ? drawn.first : first);
  const end = drawn.kind === 'repeats' ? endsOf(drawn.last).to : to;
  const shownPlace = (at: number): number => place.get(all[at].key) ?? -1;
  const [a, b] = [shownPlace(from), shownPlace(end)];
  const hiddenSide = a < 0 ? (from < end ? 'left' : 'right') : end < from ? 'left' : 'right';
  return { from: a, to: b, hiddenSide };
}

function withTexts(
  rows: readonly { drawn: DrawnRow; ends: RowEnds }[],
  { startTime }: Ladder,
  time: TimeStyle,
  problems: readonly DiagramProblem[],
): DiagramRow[] {
  const byPacket = new Map<number, DiagramProblem[]>();
  for (const problem of problems) {
    for (const packet of problem.packets) byPacket.set(packet, [...(byPacket.get(packet) ?? []), problem]);
  }
  const told = new Set<DiagramProblem>();
  let before: number | null = null;
  return rows.map(({ drawn, ends }) => {
    if (drawn.kind === 'gap') return { drawn, ends, timeText: '', stepText: '', problems: [] };
    const step = before === null ? 0 : drawn.time - before;
    before = drawn.time;
    // A problem stands on the first row that proves it.
    const own = drawn.rows.flatMap(({ packet }) => byPacket.get(packet) ?? []).filter((problem) => !told.has(problem));
    for (const problem of own) told.add(problem);
    return {
      drawn,
      ends,
      timeText: timeText(drawn.time, startTime, time),
      stepText: step === 0 ? '' : stepText(step),
      problems: [...new Set(own)].toSorted((a, b) => RANK[a.severity] - RANK[b.severity]),
    };
  });
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
