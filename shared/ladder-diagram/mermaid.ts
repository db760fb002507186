import { safeText } from '../safe-text.ts';
import type { Ladder } from '../ladder.ts';
import { columnsOf, type EndpointChoice, USUAL_CHOICE } from './columns.ts';
import { waitsText } from './draw-row.ts';
import { type DrawnRow, foldRows } from './fold.ts';
import { timeText } from './times.ts';
import { codecText, countText, digitText, noteText, percentText, reportText, sdpText, spanText } from './words.ts';

export interface MermaidOptions {
  readonly choice?: EndpointChoice;
  readonly fold?: boolean;
  /** The line above the drawing. */
  readonly title: string;
}

/** The ladder as a Mermaid `sequenceDiagram`: requests as full arrows, responses and repeats as dashed ones, media as notes. */
export function ladderMermaid(ladder: Ladder, { choice = USUAL_CHOICE, fold = true, title }: MermaidOptions): string {
  const { all, endsOf } = columnsOf(ladder, choice);
  const lines = ['---', `title: ${JSON.stringify(safeText(title))}`, '---', 'sequenceDiagram'];
  all.forEach(({ name, address, isHidden }, i) => {
    const label =
      address === '' || address === name ? escapeMermaid(name) : `${escapeMermaid(name)}<br/>${escapeMermaid(address)}`;
    if (!isHidden) lines.push(`  participant ${idOf(i)} as ${label}`);
  });
  for (const drawn of foldRows(ladder, fold)) {
    if (drawn.kind === 'gap') continue;
    const { from } = endsOf(drawn.kind === 'repeats' ? drawn.first : drawn.rows[0]);
    const { to } = endsOf(drawn.kind === 'repeats' ? drawn.last : drawn.rows[0]);
    const shown = [from, to].filter((place) => !all[place].isHidden);
    if (shown.length > 0) lines.push(`  ${lineOf(drawn, from, to, shown, ladder.startTime)}`);
  }
  return `${lines.join('\n')}\n`;
}

type Line = Exclude<DrawnRow, { kind: 'gap' }>;

function lineOf(drawn: Line, from: number, to: number, shown: readonly number[], startTime: number): string {
  const text = escapeMermaid(textOf(drawn, startTime));
  const isArrow = drawn.kind === 'message' || drawn.kind === 'repeats';
  if (isArrow && shown.length === 2) {
    const message = drawn.kind === 'message' ? drawn.row : drawn.first;
    const isFull = drawn.kind === 'message' && message.status === null && !message.retransmission;
    return `${idOf(from)}${isFull ? '->>' : '-->>'}${idOf(to)}: ${text}`;
  }
  const places = [...new Set(shown)].toSorted((a, b) => a - b).map(idOf);
  return `Note over ${places.join(',')}: ${text}`;
}

function textOf(drawn: Line, startTime: number): string {
  const until = (): string => `until ${timeText(drawn.endTime, startTime, 'since-start')} s`;
  switch (drawn.kind) {
    case 'message': {
      const sdp = drawn.row.hint ?? sdpText(drawn.row.sections, true);
      const again = drawn.row.retransmission ? ' (sent again)' : '';
      return `${drawn.row.label}${sdp === '' ? '' : ` (${sdp})`}${again}`;
    }
    case 'repeats':
      return `${drawn.first.label} × ${drawn.count}, ${waitsText(drawn.waits)} ${until()}`;
    case 'media': {
      const { row } = drawn;
      const side = row.side === null ? '' : `${row.side}: `;
      const figures = `${countText(row.packets, 'packet')}, ${percentText(row.lostPercent)} % lost, ${spanText(row.durationSeconds)}`;
      return `${side}${row.encrypted ? 'SRTP ' : ''}${codecText(row)}, ${figures}`;
    }
    case 'digits':
      return `DTMF ${drawn.digits.map(digitText).join(' ')}, ${until()}`;
    case 'note':
      return noteText(drawn.row);
    default:
      return `RTCP: ${reportText(drawn.row)}`;
  }
}

function idOf(place: number): string {
  return `P${place + 1}`;
}

/**
 * Text for a message or a name. Mermaid ends a statement at `;` and at a line break, starts a comment at `%%`, reads `#…;` as a
 * character by its number and lets HTML through, so all of them are written as numbers.
 */
export function escapeMermaid(text: string): string {
  const escaped = safeText(text).replace(/[#;<>&"'`{}[\]\\|]|%(?=%)/g, (character) => `#${character.charCodeAt(0)};`);
  // A name that is the word that ends a block would end it.
  return escaped.replace(/^(end)$/i, '#101;nd').trim() || '—';
}
