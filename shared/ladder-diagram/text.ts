import type { Ladder, LadderMessage, LadderNote, LadderRow as AnyRow, LadderRtcp } from '../ladder.ts';
import { noteText, sdpText } from './words.ts';
import { formatDuration, formatNumber, formatPercent } from '../figures.ts';
import { fitText, padText, safeText, textWidth } from '../safe-text.ts';

/** Text has no rows for reports: they say nothing of who called whom. */
type LadderRow = Exclude<AnyRow, LadderRtcp>;
type TextLadder = Omit<Ladder, 'rows'> & { readonly rows: readonly LadderRow[] };

/** How text is set off. */
export type Tone = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'warn' | 'media' | 'digit';
export type Paint = (text: string, tone: Tone) => string;

/** What a ladder is drawn with. */
export interface FlowStyle {
  /** Columns of the terminal, null where a line may be as long as it is. */
  readonly width: number | null;
  readonly paint: Paint;
}

/** Where nothing limits a line, the lifelines stand so that the arrows still fit this. */
const USUAL_WIDTH = 120;
const LEAST_GAP = 12;
/** A terminal with less room than this beside the last lifeline has no notes. */
const LEAST_NOTE = 8;
const MARGIN_GAP = 3;

/** Lines of a ladder as text: packet, time and step at the left, an arrow for each row, what did not fit on it at the right. */
export function* flowLines(whole: Ladder, style: FlowStyle): Generator<string> {
  const { paint } = style;
  const ladder = { ...whole, rows: whole.rows.filter((row) => row.kind !== 'rtcp') };
  const margin = new Margin(ladder);
  const columns = placeColumns(ladder, margin.width, style.width ?? USUAL_WIDTH);
  yield paint(margin.header + namesLine(ladder.endpoints, columns), 'bold');
  yield ' '.repeat(margin.width) + paint(lifelines(columns, 0, columns.length - 1), 'dim');
  const drawn = margin.width + (columns.at(-1) ?? 0) + 3;
  const hasNotes = style.width === null || style.width - drawn >= LEAST_NOTE;
  for (const row of ladder.rows) yield cutLine(rowLine(row, columns, margin, paint, hasNotes), style);
}

class Margin {
  readonly width: number;
  readonly header: string;
  private readonly packetWidth: number;
  private readonly timeWidth: number;
  private readonly stepWidth: number;
  private last = 0;

  constructor({ rows }: TextLadder) {
    const last = rows.at(-1);
    let longest = 0;
    for (let i = 1; i < rows.length; i++) {
      longest = Math.max(longest, rows[i].sinceStartSeconds - rows[i - 1].sinceStartSeconds);
    }
    this.packetWidth = Math.max(6, String(last?.packet ?? 0).length);
    this.timeWidth = Math.max(6, formatNumber(last?.sinceStartSeconds ?? 0, 3).length);
    this.stepWidth = Math.max(6, formatNumber(longest, 3).length + 1);
    this.header = this.cells('packet', 'time s', 'step s');
    this.width = this.header.length;
  }

  text({ packet, sinceStartSeconds }: LadderRow, paint: Paint): string {
    const step = sinceStartSeconds - this.last;
    this.last = sinceStartSeconds;
    // A step of a second or more is where a call waits: the eye should find it.
    const stepText = step === 0 ? '' : `${step < 0 ? '' : '+'}${formatNumber(step, 3)}`;
    const cells = this.cells(String(packet), formatNumber(sinceStartSeconds, 3), '').slice(
      0,
      -this.stepWidth - MARGIN_GAP,
    );
    const padded = stepText.padStart(this.stepWidth) + ' '.repeat(MARGIN_GAP);
    return paint(cells, 'dim') + paint(padded, step >= 1 ? 'warn' : 'dim');
  }

  private cells(packet: string, time: string, step: string): string {
    const gap = ' '.repeat(2);
    const [a, b, c] = [packet.padStart(this.packetWidth), time.padStart(this.timeWidth), step.padStart(this.stepWidth)];
    return a + gap + b + gap + c + ' '.repeat(MARGIN_GAP);
  }
}

/** Column of each lifeline, counted from the end of the margin. */
function placeColumns({ endpoints, rows }: TextLadder, margin: number, width: number): number[] {
  const names = endpoints.map((name) => textWidth(safeText(name)));
  const gaps: number[] = [];
  for (let i = 0; i + 1 < endpoints.length; i++) {
    gaps.push(Math.max(LEAST_GAP, Math.ceil(names[i] / 2) + Math.ceil(names[i + 1] / 2) + 2));
  }
  const first = Math.floor((names[0] ?? 0) / 2);
  const last = Math.ceil((names.at(-1) ?? 0) / 2);
  let spare = width - margin - first - last - gaps.reduce((sum, gap) => sum + gap, 0);
  // Room goes to the arrows whose text needs it, those between neighbours first: others have more gaps to lie in.
  for (const row of rows
    .filter(({ kind }) => kind !== 'note')
    .toSorted((a, b) => Math.abs(a.from - a.to) - Math.abs(b.from - b.to))) {
    const [low, high] = row.from < row.to ? [row.from, row.to] : [row.to, row.from];
    const needed = textWidth(fullLabel(row)) + 6 - gaps.slice(low, high).reduce((sum, gap) => sum + gap, 0);
    if (low === high || needed <= 0 || needed > spare) continue;
    gaps[high - 1] += needed;
    spare -= needed;
  }
  const columns = endpoints.map(() => first);
  for (let i = 1; i < columns.length; i++) columns[i] = columns[i - 1] + gaps[i - 1];
  return columns;
}

function namesLine(endpoints: readonly string[], columns: readonly number[]): string {
  let line = '';
  endpoints.forEach((endpoint, i) => {
    const name = safeText(endpoint);
    line = padText(line, columns[i] - Math.floor(textWidth(name) / 2), 'left') + name;
  });
  return line;
}

/** The lifelines from one to another, and the space before the first. */
function lifelines(columns: readonly number[], from: number, to: number): string {
  let line = from === 0 ? ' '.repeat(columns[0] ?? 0) : '';
  for (let i = from; i <= to; i++) {
    line += '│';
    if (i < to) line += ' '.repeat(columns[i + 1] - columns[i] - 1);
  }
  return line;
}

function rowLine(row: LadderRow, columns: readonly number[], margin: Margin, paint: Paint, hasNotes: boolean): string {
  if (row.kind === 'note') return margin.text(row, paint) + noteLine(row, columns, paint, hasNotes);
  const [low, high] = row.from < row.to ? [row.from, row.to] : [row.to, row.from];
  const last = columns.length - 1;
  const notes = notesOf(row);
  const full = fullLabel(row);
  let arrow: string;
  if (low === high) {
    // A message to oneself has no gap to lie in.
    notes.unshift(`↩ ${full}`);
    arrow = '◆';
  } else {
    const room = columns[high] - columns[low] - 1;
    const short = safeText(row.label);
    const fits = textWidth(full) + 4 <= room;
    if (!fits) notes.unshift(textWidth(short) + 4 <= room ? full.slice(short.length).trim() : full);
    arrow = `│${arrowText(row, fits ? full : fitText(short, room - 4), room)}│`;
  }
  const gapAfter = high < last ? ' '.repeat(columns[high + 1] - columns[high] - 1) : '';
  const gapBefore = low > 0 ? ' '.repeat(columns[low] - columns[low - 1] - 1) : '';
  const before = low > 0 ? lifelines(columns, 0, low - 1) + gapBefore : ' '.repeat(columns[0] ?? 0);
  const after = high < last ? gapAfter + lifelines(columns, high + 1, last) : '';
  const note = hasNotes ? notes.filter((text) => text !== '').join(', ') : '';
  const drawn = margin.text(row, paint) + paint(before, 'dim') + paint(arrow, toneOf(row)) + paint(after, 'dim');
  return note === '' ? drawn : `${drawn}  ${paint(note, noteTone(row))}`;
}

/** A bar across all lifelines with the text in it, as far as there is room; all of it where nothing limits a line. */
function noteLine(row: LadderNote, columns: readonly number[], paint: Paint, hasNotes: boolean): string {
  const text = safeText(noteText(row));
  const room = Math.max(LEAST_GAP, (columns.at(-1) ?? 0) - (columns[0] ?? 0)) - 1;
  const fits = textWidth(text) + 2 <= room;
  const inside = padText(` ${fits ? text : safeText(row.label)} `, room, 'left');
  const bar = `${' '.repeat(columns[0] ?? 0)}├${inside}┤`;
  return (
    paint(bar, 'plain') + (fits || !hasNotes ? '' : `  ${paint(text.slice(safeText(row.label).length).trim(), 'dim')}`)
  );
}

/** `──INVITE──▶` in exactly `room` columns. */
function arrowText(row: LadderRow, label: string, room: number): string {
  const line = row.kind === 'media' ? '═' : row.kind === 'message' && isRepeat(row) ? '╌' : '─';
  const text = label === '' ? '' : ` ${label} `;
  const fill = Math.max(0, room - 1 - textWidth(text));
  const left = Math.floor(fill / 2);
  const body = line.repeat(left) + text + line.repeat(fill - left);
  return row.from < row.to ? `${body}▶` : `◀${body}`;
}

function isRepeat(row: LadderMessage): boolean {
  return row.retransmission || row.capturedTwice;
}

/** What would stand on the arrow, were there room. */
function fullLabel(row: LadderRow): string {
  const label = safeText(row.label);
  if (row.kind === 'note') return safeText(noteText(row));
  if (row.kind === 'digit') return `${label} (${formatNumber(row.durationMs)} ms)`;
  if (row.kind === 'media') {
    const lost = row.lostPercent > 0 ? `, ${formatPercent(row.lostPercent)} % lost` : '';
    return `${label} ${row.packets} packets${lost}, ${formatDuration(row.durationSeconds)}`;
  }
  if (row.hint !== undefined) return `${label} (${safeText(row.hint)})`;
  return row.sections.length === 0 ? label : `${label} (SDP: ${safeText(sdpText(row.sections))})`;
}

function notesOf(row: LadderRow): string[] {
  if (row.kind === 'media') return [row.stream];
  if (row.kind === 'digit' || row.kind === 'note') return [];
  if (row.capturedTwice) return [row.agent === undefined ? 'captured twice' : `seen by ${safeText(row.agent)}`];
  return row.retransmission ? ['sent again'] : [];
}

function toneOf(row: LadderRow): Tone {
  if (row.kind === 'media') return 'media';
  if (row.kind === 'digit') return 'digit';
  if (row.kind === 'note') return 'dim';
  if (isRepeat(row)) return 'warn';
  if (row.status === null) return 'bold';
  if (row.status >= 400) return 'bad';
  return row.status >= 200 && row.status < 300 ? 'good' : 'plain';
}

function noteTone(row: LadderRow): Tone {
  return row.kind === 'message' && isRepeat(row) ? 'warn' : 'dim';
}

/** Cuts a line to the terminal, colours left whole. */
function cutLine(line: string, { width }: FlowStyle): string {
  if (width === null) return line;
  const parts = line.split(/(\p{Cc}\[\d+m)/u);
  let left = width;
  return parts
    .map((part) => {
      if (part.startsWith('\u001b[')) return part;
      const fitted = fitText(part, left);
      left -= textWidth(fitted);
      return fitted;
    })
    .join('');
}
