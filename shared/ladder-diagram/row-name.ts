import { safeText } from '../safe-text.ts';
import type { DrawnRow } from './fold.ts';
import type { Diagram, DiagramRow } from './layout.ts';
import { waitsText } from './draw-row.ts';
import { timeText } from './times.ts';
import {
  agentsOf,
  codecText,
  countText,
  digitText,
  noteText,
  percentText,
  reportText,
  sdpText,
  spanText,
} from './words.ts';

/** What a row says, for those who hear it: `14:32:02.015 INVITE from alice to edge-proxy, packet 12`. */
export function rowName(diagram: Diagram, row: DiagramRow): string {
  const { drawn } = row;
  if (drawn.kind === 'gap') return `${spanText(drawn.seconds)} without a message`;
  const between = endsText(diagram, row);
  const until = `until ${timeText(drawn.endTime, diagram.ladder.startTime, diagram.time)}`;
  const problems = row.problems.map(({ severity, title }) => `${severity}: ${title}`);
  const parts = [...partsOf(drawn, between, until), ...problems].filter((part) => part !== '');
  return safeText(`${row.timeText} ${parts.join(', ')}`);
}

function partsOf(drawn: Exclude<DrawnRow, { kind: 'gap' }>, between: string, until: string): string[] {
  const packet = `packet ${drawn.packet}`;
  switch (drawn.kind) {
    case 'message': {
      const { label, hint = '', retransmission, capturedTwice, sections } = drawn.row;
      const sdp = sdpText(sections, true);
      const agents = agentsOf(drawn.rows);
      const isTwice = capturedTwice || (drawn.copies > 1 && agents.length < 2);
      const seen = agents.length === 0 ? '' : `seen by ${agents.join(' and ')}`;
      const again = [retransmission ? 'sent again' : '', isTwice ? 'captured twice' : '', seen];
      return [`${label} ${between}`, hint, sdp === '' ? '' : `SDP ${sdp}`, ...again, packet];
    }
    case 'repeats': {
      const again = `${drawn.first.label} sent again ${drawn.count} times ${between}`;
      return [again, waitsText(drawn.waits), until, packet];
    }
    case 'media': {
      const { side, packets, lostPercent, encrypted } = drawn.row;
      const media = `${encrypted ? 'SRTP' : 'RTP'} ${codecText(drawn.row)} ${between}`;
      const lost = `${percentText(lostPercent)} % lost`;
      return [media, side === null ? '' : `side ${side}`, countText(packets, 'packet'), lost];
    }
    case 'digits':
      return [`digits ${drawn.digits.map(digitText).join(' ')} ${between}`, until, packet];
    case 'note':
      return [noteText(drawn.row), packet];
    default:
      return [`RTCP ${between}`, reportText(drawn.row), packet];
  }
}

function endsText({ columns }: Diagram, { ends }: DiagramRow): string {
  const name = (place: number): string => (place < 0 ? 'a hidden endpoint' : columns[place].name);
  return `from ${name(ends.from)} to ${name(ends.to)}`;
}
