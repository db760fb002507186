import { expect, test } from 'vitest';
import type { CompareDelay, ComparePoint } from '../../../shared/compare.ts';
import {
  clockWords,
  delayText,
  graveness,
  nothingWords,
  packetNotes,
  packetOf,
  progressWords,
} from './compare-words.ts';

const POINT: ComparePoint = {
  capture: 'a.pcap',
  isOther: false,
  stream: 's1',
  ssrc: '0x00000001',
  src: '10.0.0.1:4000',
  dst: '10.0.0.2:4000',
  interface: null,
  carriedIn: 'udp',
  packets: 300,
  duplicates: 0,
  outOfOrder: 0,
  jitterMs: 1,
  outside: 0,
  encrypted: 'plain',
};
const OTHER: ComparePoint = { ...POINT, capture: 'b.pcap', isOther: true };
const RELATIVE: CompareDelay = {
  kind: 'relative',
  minMs: 0,
  medianMs: 14.41,
  p95Ms: 28,
  maxMs: 51,
  clockOffsetSeconds: -2.5,
  driftPpm: 12.34,
};
const ABSOLUTE: CompareDelay = { ...RELATIVE, kind: 'absolute', clockOffsetSeconds: null, driftPpm: null };

test('a delay beyond the fastest has a plus', () => {
  expect([delayText(RELATIVE, 'medianMs'), delayText(ABSOLUTE, 'medianMs'), delayText(null, 'maxMs')]).toEqual([
    '+14.41',
    '14.41',
    '—',
  ]);
});

test('two clocks are told apart, one is not worth a word', () => {
  expect(clockWords({ delay: RELATIVE, a: POINT, b: OTHER })).toBe(
    'Two captures have two clocks: delays are what a packet took beyond the fastest. The clock of B (b.pcap) is 2.500 s behind that of A (a.pcap), the fastest way included, and gains 12.3 µs a second.',
  );
  expect(clockWords({ delay: { ...RELATIVE, clockOffsetSeconds: 0, driftPpm: 0 }, a: POINT, b: OTHER })).toMatch(
    /agree to the millisecond, the fastest way included\.$/,
  );
  expect(clockWords({ delay: ABSOLUTE, a: POINT, b: OTHER })).toBe(null);
});

test('the packet is one of the open capture', () => {
  expect(packetOf({ packetA: 3, packetB: 5 }, { a: POINT, b: POINT })).toBe(3);
  expect(packetOf({ packetA: null, packetB: 5 }, { a: POINT, b: POINT })).toBe(5);
  expect(packetOf({ packetA: 3, packetB: 5 }, { a: OTHER, b: POINT })).toBe(5);
  expect(packetOf({ packetA: null, packetB: 5 }, { a: POINT, b: OTHER })).toBe(null);
});

test('loss is judged as everywhere: above 1 and above 5 per cent', () => {
  const of = (lostBetween: number) => graveness({ lostBetween, both: 1000 - lostBetween });
  expect([of(0), of(10), of(11), of(51)]).toEqual(['ok', 'note', 'warning', 'error']);
});

test('notes and progress in words', () => {
  expect(packetNotes({ ...POINT, duplicates: 3, outOfOrder: 9 })).toBe('3 of them repeats, 9 out of order');
  const request = { other: '/x/b.pcap', streams: null };
  expect(progressWords({ stage: 'reading', bytesRead: 500, bytesTotal: 1000, packets: 4 }, request)).toEqual({
    text: '4 packets, 500 bytes read',
    share: 0.5,
  });
  expect(progressWords({ stage: 'comparing', streams: 1, of: 4 }, request).text).toBe('1 of 4 streams looked at');
  expect(nothingWords(request, 'a.pcap').title).toBe('No stream of a.pcap is in b.pcap.');
});
