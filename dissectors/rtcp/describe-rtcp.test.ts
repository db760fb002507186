/** The detail tree. The values are those that tshark 4.0.17 gives for the same octets, unless a comment says otherwise. */
import { expect, test } from 'vitest';
import {
  describeToText,
  describeToTree,
  type FakeNode,
  fieldValues,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { rtcp } from './rtcp.ts';
import { fromHex, rtcpSample, rtcpSamples } from './samples.ts';
import { formatDelay, formatNtp, formatPart } from './units.ts';

type Name = keyof typeof rtcpSamples;

/** Values by field name without `rtcp.`, of one sample. */
function values(name: Name, ...fields: string[]) {
  const tree = describeToTree(rtcp, rtcpSample(name));
  return fields.map((field) => fieldValues(tree, `rtcp.${field}`));
}

function faults(nodes: readonly FakeNode[]): string[] {
  return nodes.flatMap((node) => [...(node.kind === 'fault' ? [node.name] : []), ...faults(node.children)]);
}

test.each(Object.entries(rtcpSamples))('shows every octet of %s in a leaf, and no fault', (_, hex) => {
  const bytes = fromHex(hex);
  const tree = describeToTree(rtcp, bytes);
  const leaves = (nodes: readonly FakeNode[]): FakeNode[] =>
    nodes.flatMap((node) => (node.kind === 'group' ? leaves(node.children) : [node]));
  expect(uncoveredOctets(leaves(tree), bytes.length)).toEqual([]);
  expect(faults(tree)).toEqual([]);
});

test('report block', () => {
  expect(
    values('sr', 'ssrc.fraction', 'ssrc.cum_nr', 'ssrc.ext_high', 'ssrc.high_cycles', 'ssrc.high_seq', 'ssrc.jitter'),
  ).toEqual([[64], [-2], [66051], [1], [515], [17]]);
  const text = describeToText(rtcp, rtcpSample('sr'));
  expect(text).toContain('Fraction lost: 64 (25.0 %)');
  expect(text).toContain('NTP timestamp: 2025-10-01T00:00:00.500Z [rtcp.timestamp.ntp 8+8]');
  expect(text).toContain('Delay since last SR: 98304 (1500.000 ms)');
});

test('source description', () => {
  expect(values('sdes', 'sdes.type', 'sdes.length', 'sdes.text')).toEqual([
    [1, 6, 0],
    [9, 3],
    ['a@example', 'abc'],
  ]);
});

test('feedback', () => {
  expect(values('nack', 'rtpfb.nack_pid', 'rtpfb.nack_blp')).toEqual([
    [100, 512],
    [0x8001, 0],
  ]);
  // tshark names the same packets: 100, 101, 116.
  expect(describeToText(rtcp, rtcpSample('nack'))).toContain('Lost: 100, 101, 116 [rtcp.nack 12+4]');
  expect(
    values('tmmbr', 'rtpfb.tmmbr.fci.exp', 'rtpfb.tmmbr.fci.mantissa', 'rtpfb.tmmbr.fci.measuredoverhead'),
  ).toEqual([[2], [64000], [40]]);
  expect(values('sli', 'psfb.fir.sli.first', 'psfb.fir.sli.number', 'psfb.fir.sli.picture_id')).toEqual([
    [5],
    [3],
    [9],
  ]);
  expect(values('fir', 'psfb.fir.fci.ssrc', 'psfb.fir.fci.csn')).toEqual([[0xaabbccdd], [7]]);
  expect(values('remb', 'psfb.remb.fci.br_exp', 'psfb.remb.fci.br_mantissa', 'psfb.remb.fci.ssrc')).toEqual([
    [3],
    [125000],
    [0xaabbccdd],
  ]);
});

test('transport-cc: a delta for each packet that arrived', () => {
  expect(values('transportCc', 'rtpfb.transportcc.baseseq', 'rtpfb.transportcc.statuscount')).toEqual([[1], [6]]);
  // Large deltas are signed (section 3.1.5 of the draft), which tshark does not show.
  expect(values('transportCc', 'rtpfb.transportcc.recv_delta')).toEqual([[4, 8, 12, -16, 16]]);
  const text = describeToText(rtcp, rtcpSample('transportCc'));
  expect(text).toContain('Reference time: 3 (192 ms)');
  expect(text).toContain('vector: 1 2 0 1');
  expect(text).toContain('Receive delta of 4: -16 (-4 ms)');
});

test('extended report', () => {
  expect(values('xr', 'xr.bt', 'xr.chunk.length', 'xr.chunk.bit_vector', 'xr.receipt_time_seq')).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 254],
    [14, 5, 10],
    [0x7ffe],
    [4096, 4256],
  ]);
  expect(values('xr', 'xr.stats.lost', 'xr.stats.maxjitter', 'xr.stats.meanttl')).toEqual([[3], [200], [60]]);
  expect(
    values(
      'xr',
      'xr.voipmetrics.signallevel',
      'xr.voipmetrics.rfactor',
      'xr.voipmetrics.moslq',
      'xr.voipmetrics.jbmax',
    ),
  ).toEqual([[-25], [93], [4.1], [120]]);
});

test('units', () => {
  expect(formatNtp(0, 0)).toBe('not known');
  expect(formatNtp(12, 0x40000000)).toBe('12.250000 s, no wall clock');
  // The example of RFC 3550, section 6.4.1 (figure 2): 10 Nov 1995 11:33:25.125 UTC is 0xb44db705:20000000.
  expect(formatNtp(0xb44db705, 0x20000000)).toBe('1995-11-10T11:33:25.125Z');
  // And its DLSR 0x0005:4000 is 5.250 s.
  expect(formatDelay(0x00054000)).toBe('5250.000 ms');
  expect(formatPart(255)).toBe('99.6 %');
});

test('summary', () => {
  expect(summarizeOnce(rtcp, rtcpSample('sr', 'sdes'))).toBe('SR + SDES  ssrc 0x11223344');
  expect(summarizeOnce(rtcp, rtcpSample('rr', 'nack', 'pli', 'fir', 'remb', 'transportCc', 'bye', 'app'))).toBe(
    'RR + NACK + PLI + FIR + AFB + transport-cc + 2 more  ssrc 0x11223344',
  );
});
