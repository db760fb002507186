/** What agents log and report, in every drawing of a ladder. */
import { describe, expect, it } from 'vitest';
import { paintNothing } from '../../cli/style.ts';
import type { LadderNote } from '../ladder.ts';
import { columnsOf, USUAL_CHOICE } from './columns.ts';
import { foldRows } from './fold.ts';
import { Diagram } from './layout.ts';
import { ladderMermaid } from './mermaid.ts';
import { LIGHT } from './palette.ts';
import { rowName } from './row-name.ts';
import { ladderSvg } from './svg.ts';
import { digit, ladder, message, START } from './testing.ts';
import { flowLines } from './text.ts';

function note(packet: number, seconds: number, text: string): LadderNote {
  return {
    kind: 'note',
    packet,
    time: START + seconds,
    sinceStartSeconds: seconds,
    from: 0,
    to: 3,
    src: null,
    dst: null,
    label: 'Log',
    about: 'log',
    agent: 'edge (101)',
    text,
  };
}

const TEXT = 'no route; <b>503</b>';
const rows = [message(1, 0, 0, 1, 'INVITE'), note(2, 0.1, TEXT), message(3, 0.2, 1, 0, '503 Service Unavailable')];

describe('a note', () => {
  it('spans all lifelines, in text within the bar or beside it', () => {
    const line = (text: string): string => {
      const [, , ...lines] = flowLines(ladder([rows[0], note(2, 0.1, text)]), { width: null, paint: paintNothing });
      return lines[1];
    };
    expect(line('short')).toMatch(/^ {5}2 {3}0\.100 {2}\+0\.100 +├ Log by edge \(101\): short +┤$/);
    expect(line('x'.repeat(300))).toMatch(/├ Log +┤ {2}by edge \(101\): x{300}$/);
  });

  it('lies over the outermost lines that are shown', () => {
    expect(ladderMermaid(ladder(rows), { title: 't' })).toContain(
      '  Note over P1,P2: Log by edge (101): no route#59; #60;b#62;503#60;/b#62;\n',
    );
    const hidden = { ...USUAL_CHOICE, hidden: ['10.0.0.1'] };
    const diagram = new Diagram(ladder(rows), { width: 900, choice: hidden });
    const row = diagram.rows.find(({ drawn }) => drawn.kind === 'note');
    expect(row?.ends).toMatchObject({ from: 0, to: 0 });
  });

  it('has a box, its text and its name', () => {
    const diagram = new Diagram(ladder(rows), { width: 900 });
    const index = diagram.rows.findIndex(({ drawn }) => drawn.kind === 'note');
    const [box, text] = diagram.shapesOf(index);
    expect(box).toMatchObject({ kind: 'box', fill: 'surface-raised' });
    expect(text.kind === 'text' ? text.runs.map((run) => run.text).join('') : '').toBe(`Log by edge (101)  ${TEXT}`);
    if (box.kind !== 'box') throw new Error('no box');
    expect(box.x).toBeLessThan(diagram.columns[0].x);
    expect(box.x + box.width).toBeGreaterThan(diagram.columns[1].x);
    expect(rowName(diagram, diagram.rows[index])).toBe(`0.100 Log by edge (101): ${TEXT}, packet 2`);
    expect(ladderSvg(diagram, { palette: LIGHT, title: 't' })).toContain('&lt;b&gt;503&lt;/b&gt;');
  });

  it('has no line of its own, and does not part the digits of a number', () => {
    const notes = ladder([digit(1, 0, 's1', '4'), note(2, 0.2, TEXT), digit(3, 0.5, 's1', '2')]);
    expect(columnsOf(notes, { ...USUAL_CHOICE, splitByPort: true }).all.map(({ key }) => key)).toEqual([
      '10.0.0.1:4000',
      '10.0.0.2:4002',
    ]);
    expect(foldRows(notes, true).map((row) => (row.kind === 'digits' ? row.digits.length : row.kind))).toEqual([
      2,
      'note',
    ]);
  });
});

describe('a message that several agents saw', () => {
  const invite = { ...message(1, 0, 0, 1, 'INVITE'), agent: 'edge (101)' };
  const copy = { ...message(2, 0.001, 0, 1, 'INVITE'), agent: 'core (102)', capturedTwice: true, repeats: 1 };

  it('is drawn once, and says who they are', () => {
    const diagram = new Diagram(ladder([invite, copy]), { width: 900 });
    expect(diagram.rows).toHaveLength(1);
    expect(rowName(diagram, diagram.rows[0])).toBe(
      '0.000 INVITE from alice to 10.0.0.5, seen by edge (101) and core (102), packet 1',
    );
    expect(JSON.stringify(diagram.shapesOf(0))).toContain('seen by 2 agents');
  });

  it('says so in text too', () => {
    const lines = [...flowLines(ladder([invite, copy]), { width: null, paint: paintNothing })];
    expect(lines[3]).toMatch(/seen by core \(102\)$/);
  });
});
