import { expect, it } from 'vitest';
import type { EncapsulationRow } from '../../../shared/decode-as.ts';
import { carrierOf, groupEncapsulations, headerLines, whatText } from './encapsulation-words.ts';

const row = (change: Partial<EncapsulationRow>): EncapsulationRow => ({
  src: '10.0.0.1:1',
  dst: '10.0.0.2:2',
  skip: 12,
  as: 'rtp',
  packets: 1,
  sampled: 8,
  agreed: 8,
  headerSample: '',
  evidence: '',
  rule: '',
  ...change,
});

it('says what was found behind how much', () => {
  expect(whatText(row({}))).toBe('RTP behind 12 unknown octets');
  expect(whatText(row({ skip: 1, as: 'ip' }))).toBe('IP packets behind 1 unknown octet');
  expect(whatText(row({ skip: 0, as: 'ip' }))).toBe('IP packets as the whole payload');
});

it('puts both ways of a flow together where they are wrapped alike', () => {
  const there = row({});
  const back = row({ src: there.dst, dst: there.src });
  const otherSkip = row({ src: there.dst, dst: there.src, skip: 8 });
  expect(groupEncapsulations([there, otherSkip, back])).toEqual([[there, back], [otherSkip]]);
});

it('shows headers octet by octet, long ones not to their end', () => {
  expect(headerLines('00a74e ff0102')).toEqual(['00 a7 4e', 'ff 01 02']);
  expect(headerLines('ab'.repeat(40))).toEqual([Array.from({ length: 16 }, () => 'ab').join(' ')]);
  expect(headerLines('')).toEqual([]);
});

it('a packet without an unknown header has no carrier', () => {
  expect(carrierOf([{ name: 'udp', label: '', source: 0, at: 0, length: 8, value: null }])).toBeNull();
});
