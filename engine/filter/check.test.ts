import { describe, expect, it, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Dissector } from '../../dissectors/dissector.ts';
import { rtp } from '../../dissectors/rtp/rtp.ts';
import { checkFilter, type FilterTable } from './check.ts';
import { completeFilter } from './complete.ts';

function errorOf(text: string, table: FilterTable = 'packets'): string | null {
  const result = checkFilter(text, table, builtIns);
  return result.ok ? null : `${result.error.at}+${result.error.length}: ${result.error.message}`;
}

describe('filters that mean something', () => {
  it.each([
    '',
    'sip.Method == INVITE',
    'ip.addr == 10.0.0.0/8 && !(ipv6.src == fe80::/10)',
    'eth.addr == 00-11-22-33-44-55',
    'frame.time >= "2026-01-31 12:00:00.5" and frame.time_epoch < 1800000000.25',
    'rtp.marker == True || rtp.marker == 0',
    'tcp.flags & 0x02',
    'frame contains 0d:0a and sip matches r"^INVITE"',
    'call.id == 7 || call.id in {c1, 3..5} || stream.id == s2',
    'stream.src == 10.0.0.1 || stream.dst == 2001:db8::1',
    'sip.Via.branch && sip.from.user == "alice" && sdp.media.port > 5000',
  ])('%s', (text) => {
    expect(errorOf(text)).toBe(null);
  });

  it('on calls and streams', () => {
    expect(errorOf('call.state == "failed" and stream.loss > 2', 'calls')).toBe(null);
    expect(errorOf('stream.codec == "PCMA"', 'streams')).toBe(null);
  });
});

describe('filters that mean nothing', () => {
  it.each([
    ['sip.methd', '0+9: no field is called sip.methd; did you mean sip.Method?'],
    ['sip.method == "x"', '0+10: no field is called sip.method; did you mean sip.Method?'],
    ['udp and nonsense', '8+8: no field is called nonsense'],
    ['frame.len >', '10+1: a number is missing after >'],
    ['sip.Method ==', '11+2: a text is missing after =='],
    ['ip.addr == ', '8+2: an address is missing after =='],
    ['frame.len > abc', '12+3: a number is needed here, not "abc"'],
    ['ip.addr == 10.0.0.300', '11+10: an IPv4 address is needed here, not "10.0.0.300"'],
    ['ip.addr == 10.0.0.0/33', '11+11: an IPv4 address is needed here, not "10.0.0.0/33"'],
    ['ip.addr == ::1', '11+3: an IPv4 address is needed here, not "::1"'],
    ['udp.port contains 3', '18+1: "contains" is for text, and udp.port is a number'],
    ['sip == 3', '7+1: sip has no value to compare; "contains" and "matches" look into it'],
    ['sip.Method matches "(a"', '19+4: in the pattern, at 1: this "(" is never closed'],
    ['udp.port in {9..3}', '13+1: the range ends before it begins'],
    ['sip.Method & 3', '13+1: sip.Method is no number, so it has no bits'],
    ['rtp.marker == maybe', '14+5: "true" or "false" is needed here, not "maybe"'],
  ])('%s', (text, error) => {
    expect(errorOf(text)).toBe(error);
  });

  it('on calls, which have no packets of their own', () => {
    expect(errorOf('sip.Method == "BYE"', 'calls')).toBe(
      '0+10: sip.Method is a field of packets; calls have those that begin with call. and stream.',
    );
  });
});

test('takes any field of a dissector that does not say which it has', () => {
  const { fields: _, ...bare } = rtp;
  const plugIn: Dissector = { ...bare, id: 'my-proto' };
  expect(checkFilter('my-proto && my-proto.kind == 3 && my-proto.text contains "x"', 'packets', [plugIn]).ok).toBe(
    true,
  );
  expect(checkFilter('other.kind == 3', 'packets', [plugIn]).ok).toBe(false);
});

function at(text: string, table: FilterTable = 'packets') {
  const { from, to, items } = completeFilter(text, text.length, table, builtIns, null);
  return { from, to, first: items.slice(0, 3).map((item) => item.text), count: items.length };
}

describe('completion', () => {
  it('offers fields where a condition begins', () => {
    expect(at('')).toMatchObject({ from: 0, to: 0, first: ['sip', 'call', 'stream'], count: 50 });
    expect(at('sip.me')).toMatchObject({ from: 0, to: 6, first: ['sip.Method'] });
    expect(at('sip and (rtp.ss')).toMatchObject({ from: 9, to: 15, first: ['rtp.ssrc'] });
    expect(at('branch').first).toContain('sip.Via.branch');
    expect(at('', 'streams').first).toEqual(['call', 'stream', 'call.callId']);
  });

  it('offers operators after a field, by its type', () => {
    expect(at('sip.Method ').first).toEqual(['==', '!=', '>']);
    expect(completeFilter('sip.Method con', 14, 'packets', builtIns, null).items).toEqual([
      { text: 'contains', kind: 'operator', detail: 'holds the text' },
    ]);
    expect(at('sip ').first).toEqual(['contains', 'matches', 'and']);
    expect(at('sip.Method == "x" ').first).toEqual(['and', 'or']);
  });

  it('replaces the whole word the cursor is in', () => {
    const { from, to } = completeFilter('sip.Met && rtp', 5, 'packets', builtIns, null);
    expect([from, to]).toEqual([0, 7]);
  });
});
