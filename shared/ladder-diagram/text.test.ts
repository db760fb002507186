import { describe, expect, it } from 'vitest';
import type { Ladder, LadderMessage, LadderRow } from '../ladder.ts';
import { flowLines } from './text.ts';
import { paintColours, paintNothing } from '../../cli/style.ts';

function message(packet: number, sinceStartSeconds: number, from: number, to: number, label: string): LadderMessage {
  const status = /^\d{3}/.test(label) ? Number(label.slice(0, 3)) : null;
  return {
    packet,
    time: 1000 + sinceStartSeconds,
    sinceStartSeconds,
    kind: 'message',
    from,
    to,
    src: null,
    dst: null,
    label,
    callId: 'id@host',
    transport: 'udp',
    repeats: null,
    transaction: 1,
    retransmission: false,
    capturedTwice: false,
    method: status === null ? label : null,
    status,
    cseq: '1 INVITE',
    sections: [],
  };
}

function ladder(endpoints: string[], rows: LadderRow[]): Ladder {
  return { call: 'c1', callId: 'id@host', startTime: 1000, endpoints, hosts: [], rows };
}

const draw = (of: Ladder, width: number | null = null): string[] => [...flowLines(of, { width, paint: paintNothing })];

const PCMA = {
  media: 'audio',
  address: '10.0.0.1:4000',
  codecs: ['PCMA', 'PCMU', 'telephone-event'],
  encrypted: false,
};

describe('a ladder as text', () => {
  it('draws messages, media and digits between two endpoints', () => {
    const rows: LadderRow[] = [
      { ...message(1, 0, 0, 1, 'INVITE'), sections: [{ ...PCMA, direction: 'sendrecv' }] },
      { ...message(2, 0.5, 0, 1, 'INVITE'), retransmission: true },
      message(4, 2.25, 1, 0, '200 OK'),
      {
        packet: 5,
        time: 1002.3,
        sinceStartSeconds: 2.3,
        kind: 'media',
        from: 1,
        to: 0,
        src: null,
        dst: null,
        label: 'PCMA',
        stream: 's1',
        ssrc: '0x00000001',
        side: 'B',
        codec: 'PCMA',
        ptimeMs: 20,
        packets: 99,
        lostPercent: 1.38,
        jitterMs: null,
        durationSeconds: 2,
        encrypted: false,
        losses: [],
      },
      {
        packet: 6,
        time: 1002.4,
        sinceStartSeconds: 2.4,
        kind: 'digit',
        from: 0,
        to: 1,
        src: null,
        dst: null,
        label: 'DTMF 5',
        stream: 's2',
        side: 'A',
        payloadType: 101,
        digit: '5',
        durationMs: 160,
      },
    ];
    expect(draw(ladder(['10.0.0.1', '10.0.0.2'], rows))).toEqual([
      'packet  time s  step s   10.0.0.1                                  10.0.0.2',
      '                             │                                         │',
      '     1   0.000               │─────── INVITE (SDP: PCMA PCMU) ────────▶│',
      '     2   0.500  +0.500       │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ INVITE ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│  sent again',
      '     4   2.250  +1.750       │◀──────────────── 200 OK ────────────────│',
      '     5   2.300  +0.050       │◀═ PCMA 99 packets, 1.4 % lost, 2.000 s ═│  s1',
      '     6   2.400  +0.100       │─────────── DTMF 5 (160 ms) ────────────▶│',
    ]);
  });

  it('keeps five endpoints within 120 columns, and what does not fit on an arrow beside it', () => {
    const endpoints = ['192.168.100.101', '192.168.100.102', '192.168.100.103', '192.168.100.104', '192.168.100.105'];
    const sections = [{ ...PCMA, codecs: ['opus', 'G722', 'PCMA', 'PCMU'], direction: 'sendonly' }];
    const rows: LadderRow[] = [0, 1, 2, 3].map((i) => ({ ...message(i + 1, i, i, i + 1, 'INVITE'), sections }));
    rows.push(message(9, 9, 4, 0, '183 Session Progress'));
    const lines = draw(ladder(endpoints, rows));
    const last = lines[1].lastIndexOf('│');
    expect(last).toBeLessThan(120);
    for (const line of lines.slice(2, 6)) {
      expect(line[last]).toMatch(/[│▶]/);
      expect(line).toContain('INVITE');
      expect(line.slice(last)).toContain('(SDP: opus G722 PCMA PCMU sendonly)');
    }
    expect(lines[6]).toContain('183 Session Progress');
    expect(lines[6].slice(0, last + 1).match(/│/g)).toHaveLength(2);
  });

  it('leaves nothing of a long reason out where nothing limits the line', () => {
    const reason = `488 ${'not acceptable '.repeat(12)}here`;
    const lines = draw(ladder(['10.0.0.1', '10.0.0.2'], [message(1, 0, 1, 0, reason)]));
    expect(lines[2]).toContain(reason);
  });

  it('cuts lines to a terminal, colours not counted', () => {
    const of = ladder(['10.0.0.1', '10.0.0.2'], [message(1, 0, 0, 1, 'INVITE'), message(2, 1, 1, 0, '486 Busy Here')]);
    const lines = [...flowLines(of, { width: 60, paint: paintColours })];
    for (const line of lines) expect(line.replace(/\p{Cc}\[\d+m/gu, '').length).toBeLessThanOrEqual(60);
    expect(lines[3]).toContain('\u001b[31m');
  });

  it('marks a message to oneself', () => {
    const lines = draw(ladder(['10.0.0.1'], [message(1, 0, 0, 0, 'OPTIONS')]));
    expect(lines[2].trimEnd().endsWith('◆  ↩ OPTIONS')).toBe(true);
  });

  it('lets nothing of the capture command the terminal', () => {
    const lines = draw(ladder(['10.0.0.1', '10.0.0.2'], [message(1, 0, 1, 0, '200 \u001b]0;owned\u0007\u202e')]));
    expect(lines[2]).toContain('200 ·]0;owned·\ufffd');
  });
});
