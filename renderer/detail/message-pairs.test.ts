import { describe, expect, it } from 'vitest';
import type { CallMessage } from '../../shared/api.ts';
import { pairsOf } from './message-pairs.ts';
import { specUrl } from './spec-link.tsx';

let packet = 0;
const message = (src: string, dst: string, what: string | number, cseq: string): CallMessage => ({
  packet: ++packet,
  time: packet,
  src: `${src}:5060`,
  dst: `${dst}:5060`,
  transport: 'udp',
  cseq,
  retransmission: false,
  ...(typeof what === 'string' ? { method: what } : { status: what, reason: 'R' }),
});

/** A call over a proxy, its INVITE sent twice to the proxy. */
const call = [
  message('a', 'p', 'INVITE', '1 INVITE'), // 1
  message('a', 'p', 'INVITE', '1 INVITE'), // 2
  message('p', 'b', 'INVITE', '1 INVITE'), // 3
  message('b', 'p', 180, '1 INVITE'), // 4
  message('p', 'a', 180, '1 INVITE'), // 5
  message('b', 'p', 200, '1 INVITE'), // 6
  message('p', 'a', 200, '1 INVITE'), // 7
  message('a', 'p', 'ACK', '1 ACK'), // 8
  { ...message('x', 'y', 'INVITE', '1 INVITE'), callId: 'other' }, // 9
];
const of = (at: number) => {
  const { previous, nextHop, earlierHop, repeated } = pairsOf(call, at);
  return [previous, nextHop, earlierHop, repeated].map((choice) => choice?.packet ?? null);
};

describe('pairsOf', () => {
  it('finds previous, next hop, the hop before, and what was sent again', () => {
    expect(of(1)).toEqual([null, 3, null, 2]);
    expect(of(2)).toEqual([null, 3, null, 1]);
    expect(of(3)).toEqual([null, null, 2, null]);
    expect(of(4)).toEqual([3, 5, null, null]);
    expect(of(5)).toEqual([2, null, 4, null]);
    // Between the same two hosts, not the 180 that the proxy handed on.
    expect(of(6)).toEqual([4, 7, null, null]);
    expect(of(8)).toEqual([7, null, null, null]);
  });
  it('keeps to the dialog', () => {
    expect(of(9)).toEqual([null, null, null, null]);
  });
  it('lists every other message, and all for a packet of no call', () => {
    expect(pairsOf(call, 4).all).toHaveLength(8);
    expect(pairsOf(call, 4).all[5].label).toBe('#7 200 R (INVITE), p → a');
    expect(pairsOf(call, 99)).toMatchObject({ previous: null, all: { length: 9 } });
  });
});

describe('very many messages', () => {
  it('offers the nearest', () => {
    const many = Array.from({ length: 5000 }, (_, i) => message('a', 'b', 'INFO', `${i} INFO`));
    const { all } = pairsOf(many, many[2500].packet);
    expect(all).toHaveLength(399);
    expect(all[0].packet).toBe(many[2300].packet);
    expect(pairsOf(many, many[4999].packet).all.at(-1)?.packet).toBe(many[4998].packet);
    expect(pairsOf(many, many[0].packet).all[0].packet).toBe(many[1].packet);
  });
});

describe('specUrl', () => {
  it('names the section at the RFC editor', () => {
    expect(specUrl('RFC 3261 §13.2.2.4')).toBe('https://www.rfc-editor.org/rfc/rfc3261#section-13.2.2.4');
    expect(specUrl('RFC 3550 §A.3')).toBe('https://www.rfc-editor.org/rfc/rfc3550#appendix-A.3');
    expect(specUrl('RFC 3264')).toBe('https://www.rfc-editor.org/rfc/rfc3264');
    expect(specUrl('ITU-T G.107')).toBeNull();
  });
});
