import { describe, expect, it } from 'vitest';
import { USUAL_CHOICE } from './columns.ts';
import { Diagram, LEAST_PITCH_PX, ROW_PX } from './layout.ts';
import { ladderMermaid } from './mermaid.ts';
import { rowName } from './row-name.ts';
import { digit, ladder, media, message, START } from './testing.ts';
import { flowLines } from './text.ts';

const CALL = ladder([
  message(1, 0, 0, 1, 'INVITE'),
  message(2, 0.01, 1, 2, 'INVITE'),
  message(3, 0.02, 2, 3, 'INVITE'),
  message(4, 1, 3, 0, '200 OK'),
  media(5, 1.5, 0, 3, 's1'),
  digit(60, 4, 's1', '4'),
  digit(80, 5, 's1', '2'),
  message(90, 6, 0, 1, 'BYE'),
]);

const keys = (diagram: Diagram): string[] => diagram.columns.map(({ key }) => key);

const texts = (time: 'since-start' | 'utc'): string[][] => {
  const { rows } = new Diagram(CALL, { width: 900, time });
  return rows.slice(3, 5).map((row) => [row.timeText, row.stepText]);
};

describe('columns', () => {
  it('stand in order of appearance, with the names that signalling gives at the ends', () => {
    const { columns } = new Diagram(CALL, { width: 900 });
    expect(columns.map(({ name, address }) => [name, address])).toEqual([
      ['alice', '10.0.0.1:5060'],
      ['10.0.0.5', 'port 5060'],
      ['10.0.0.9', 'port 5060'],
      ['bob', '10.0.0.2:5060'],
    ]);
  });

  it('keep their least distance, and share what room there is', () => {
    const steps = (width: number): number[] => {
      const { columns } = new Diagram(CALL, { width });
      return columns.slice(1).map(({ x }, i) => x - columns[i].x);
    };
    expect(steps(300)).toEqual([LEAST_PITCH_PX, LEAST_PITCH_PX, LEAST_PITCH_PX]);
    expect(new Diagram(CALL, { width: 300 }).width).toBeGreaterThan(300);
    const [first, ...others] = steps(1200);
    expect(first).toBeGreaterThan(LEAST_PITCH_PX);
    expect(others).toEqual([first, first]);
    const wide = new Diagram(CALL, { width: 1200 });
    expect(wide.columns.at(-1)?.x).toBeLessThan(1200);
  });

  it('can be ordered, named and hidden', () => {
    const choice = {
      ...USUAL_CHOICE,
      order: ['10.0.0.2', '10.0.0.1'],
      names: { '10.0.0.5': 'edge' },
      hidden: ['10.0.0.9'],
    };
    const diagram = new Diagram(CALL, { width: 900, choice });
    expect(keys(diagram)).toEqual(['10.0.0.2', '10.0.0.1', '10.0.0.5']);
    expect(diagram.columns[2].name).toBe('edge');
    expect(diagram.hidden.map(({ key }) => key)).toEqual(['10.0.0.9']);
    // The INVITE from the edge to what is hidden ends in a stub on the side where that would stand.
    const stub = diagram.rows[diagram.indexOfPacket(2)];
    expect(stub.ends).toEqual({ from: 2, to: -1, hiddenSide: 'right' });
    expect(rowName(diagram, stub)).toBe('0.010 INVITE from edge to a hidden endpoint, packet 2');
  });

  it('leave out what goes on between hidden endpoints', () => {
    const choice = { ...USUAL_CHOICE, hidden: ['10.0.0.5', '10.0.0.9'] };
    expect(new Diagram(CALL, { width: 900, choice }).indexOfPacket(2)).toBe(-1);
  });

  it('can be told apart by port, all or one', () => {
    const all = new Diagram(CALL, { width: 900, choice: { ...USUAL_CHOICE, splitByPort: true } });
    expect(keys(all)).toEqual([
      '10.0.0.1:5060',
      '10.0.0.5:5060',
      '10.0.0.9:5060',
      '10.0.0.2:5060',
      '10.0.0.1:4000',
      '10.0.0.2:4002',
    ]);
    expect(all.columns.map(({ name }) => name).filter((name) => name === 'alice')).toHaveLength(1);
    const one = new Diagram(CALL, { width: 900, choice: { ...USUAL_CHOICE, exceptions: ['10.0.0.2'] } });
    expect(keys(one)).toEqual(['10.0.0.1', '10.0.0.5', '10.0.0.9', '10.0.0.2:5060', '10.0.0.2:4002']);
  });
});

describe('rows', () => {
  const diagram = new Diagram(CALL, { width: 900 });

  it('are found by any packet they show', () => {
    expect(diagram.indexOfPacket(1)).toBe(0);
    expect(diagram.indexOfPacket(80)).toBe(diagram.indexOfPacket(60));
    expect(diagram.indexOfPacket(61)).toBe(-1);
  });

  it('place a time between them in proportion', () => {
    const middle = (packet: number): number => diagram.indexOfPacket(packet) * ROW_PX + ROW_PX / 2;
    expect(diagram.yOfTime(START + 4)).toBeCloseTo(middle(60), 6);
    expect(diagram.yOfTime(START + 5)).toBeCloseTo((middle(60) + middle(90)) / 2, 3);
    expect(diagram.yOfTime(START - 1)).toBe(0);
    expect(diagram.yOfTime(START + 99)).toBe(diagram.height);
    expect(new Diagram(ladder([]), { width: 900 }).yOfTime(START)).toBeNull();
  });

  it('show a problem once, where its first packet is', () => {
    const problem = { severity: 'error', title: 'ACK stops at the proxy', packets: [4, 90] } as const;
    const { rows } = new Diagram(CALL, { width: 900, problems: [problem] });
    expect(rows.flatMap(({ problems }, i) => problems.map(() => i))).toEqual([3]);
  });

  it('have times since the start or by the clock, and the step from the row before', () => {
    expect(texts('since-start')).toEqual([
      ['1.000', '+0.980'],
      ['1.500', '+0.500'],
    ]);
    // 1 700 000 000 is 2023-11-14 22:13:20 UTC.
    expect(texts('utc').map(([time]) => time)).toEqual(['22:13:21.000', '22:13:21.500']);
  });

  it('shorten what stands on a narrow arrow, to the method or status in the end', () => {
    const sections = [
      {
        media: 'audio',
        address: '10.0.0.1:4000',
        codecs: ['PCMA', 'telephone-event'],
        direction: 'sendrecv',
        encrypted: false,
      },
    ];
    const rows = [
      message(1, 0, 0, 1, 'INVITE', { sections }),
      message(2, 1, 1, 0, '481 Call/Transaction Does Not Exist'),
    ];
    const labels = (width: number): string[] => {
      const drawn = new Diagram(ladder(rows, 3), { width });
      return [0, 1].map((i) =>
        drawn
          .shapesOf(i)
          .flatMap((shape) => (shape.kind === 'text' ? shape.runs.map(({ text }) => text) : []))
          .join(''),
      );
    };
    expect(labels(1200)).toEqual(['INVITE PCMA + events', '481 Call/Transaction Does Not Exist']);
    expect(labels(300)).toEqual(['INVITE', '481']);
  });
});

describe('a message that is no SIP', () => {
  const allocate = message(1, 0, 0, 1, 'CreatePermission success', {
    status: 200,
    method: null,
    short: 'OK',
    hint: '10.0.0.9:4000',
  });
  const [width, narrow] = [900, 140];
  const drawn = (room: number): string => {
    const diagram = new Diagram(ladder([allocate], 2), { width: room });
    return diagram
      .shapesOf(0)
      .flatMap((shape) => (shape.kind === 'text' ? shape.runs.map(({ text }) => text) : []))
      .join('');
  };

  it('says what it is about behind its label, and keeps its short name where there is no room', () => {
    expect(drawn(width)).toBe('CreatePermission success 10.0.0.9:4000');
    expect(drawn(narrow)).toBe('OK');
  });

  it('tells it to those who hear it, and in text', () => {
    const whole = ladder([allocate], 2);
    const diagram = new Diagram(whole, { width });
    expect(rowName(diagram, diagram.rows[0])).toContain('10.0.0.9:4000');
    expect([...flowLines(whole, { width: null, paint: (text) => text })].join('\n')).toContain(
      'CreatePermission success (10.0.0.9:4000)',
    );
    expect(ladderMermaid(whole, { title: 't1' })).toContain('CreatePermission success (10.0.0.9:4000)');
  });
});
