import { describe, expect, it } from 'vitest';
import { USUAL_CHOICE } from './columns.ts';
import { escapeMermaid, ladderMermaid } from './mermaid.ts';
import { again, digit, ladder, media, message } from './testing.ts';

/** A statement of a sequenceDiagram, one a line; its text has no character that ends or opens anything. */
const TEXT = String.raw`(?:[^;#<>&"'\x60{}[\]\\|\n%]|#\d+;|%(?!%))+`;
const STATEMENTS = [
  new RegExp(`^  participant P\\d+ as ${TEXT}(?:<br/>${TEXT})?$`),
  new RegExp(`^  P\\d+--?>>P\\d+: ${TEXT}$`),
  new RegExp(`^  Note over P\\d+(?:,P\\d+)?: ${TEXT}$`),
];

function statementsOf(text: string): string[] {
  const [open, title, close, kind, ...lines] = text.trimEnd().split('\n');
  expect([open, close, kind]).toEqual(['---', '---', 'sequenceDiagram']);
  expect(title).toMatch(/^title: "/);
  expect(JSON.parse(title.slice('title: '.length))).toBeTypeOf('string');
  for (const line of lines)
    expect(
      STATEMENTS.some((statement) => statement.test(line)),
      line,
    ).toBe(true);
  return lines.map((line) => line.trim());
}

describe('a ladder as Mermaid', () => {
  it('has participants, arrows, and notes for media', () => {
    const ok = message(2, 1, 1, 0, '200 OK');
    const rows = [
      message(1, 0, 0, 1, 'INVITE'),
      ok,
      again(ok, 3, 1.5),
      again(ok, 4, 2.5),
      media(5, 3, 0, 3, 's1'),
      digit(6, 4, 's1', '4'),
    ];
    expect(statementsOf(ladderMermaid(ladder(rows), { title: 'c1' }))).toEqual([
      'participant P1 as alice<br/>10.0.0.1:5060',
      'participant P2 as 10.0.0.5<br/>port 5060',
      'participant P3 as bob<br/>10.0.0.2',
      'P1->>P2: INVITE',
      'P2-->>P1: 200 OK',
      'P2-->>P1: 200 OK × 2, every 0.5 → 1 s until 2.500 s',
      'Note over P1,P3: A: PCMA 20 ms, 1\u202f548 packets, 3.1 % lost, 30.0 s',
      'Note over P1,P3: DTMF 4, until 4.100 s',
    ]);
  });

  it('notes what goes to a hidden endpoint at the one that is shown', () => {
    const choice = { ...USUAL_CHOICE, hidden: ['10.0.0.5'] };
    const lines = statementsOf(ladderMermaid(ladder([message(1, 0, 0, 1, 'INVITE')]), { title: 'c1', choice }));
    expect(lines).toEqual(['participant P1 as alice<br/>10.0.0.1:5060', 'Note over P1: INVITE']);
  });

  it('is not broken by what a header says', () => {
    const evil = 'a;b#c "d"\r\nparticipant X\n%%{init: {}}%% <img src=x> end';
    const call = ladder([message(1, 0, 0, 1, evil), message(2, 1, 1, 0, `200 ${evil}`)]);
    const hosts = call.hosts.map((host) => ({ ...host, name: evil }));
    const lines = statementsOf(ladderMermaid({ ...call, hosts }, { title: `${evil}: x` }));
    expect(lines).toHaveLength(4);
  });

  it('writes as numbers what would end a statement', () => {
    // Character codes as in ASCII.
    expect(escapeMermaid('a;b')).toBe('a#59;b');
    expect(escapeMermaid('#1')).toBe('#35;1');
    expect(escapeMermaid('50 % %%x')).toBe('50 % #37;%x');
    expect(escapeMermaid('end')).toBe('#101;nd');
    expect(escapeMermaid('')).toBe('—');
  });
});
