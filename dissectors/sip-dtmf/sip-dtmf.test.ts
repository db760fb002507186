import { expect, test } from 'vitest';
import { Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { sipDtmf } from './sip-dtmf.ts';

/** As Cisco's gateways and Asterisk write it. */
const RELAY = 'Signal= 5\r\nDuration= 160\r\n';

test.each([
  [RELAY, 5, 160],
  ['Signal=5\nDuration=250', 5, 250],
  ['signal = * \r\nduration = 90\r\n', 10, 90],
  ['Duration=100\r\nSignal=#\r\n', 11, 100],
  ['Signal=10\r\nDuration=100\r\n', 10, 100],
  ['Signal=d\r\n', 15, 0],
  ['Signal=16\r\nDuration=99999\r\n', 16, 65_535],
  ['Signal=hf', 16, 0],
  ['7', 7, 0],
  [' A\r\n', 12, 0],
  ['11', 11, 0],
  ['DTMF=3', 3, 0],
])('%j', (body, event, duration) => {
  expect(dissectOnce(sipDtmf, body)).toMatchObject({ verdict: Verdict.Ok, rows: [{ event, duration }], issues: [] });
});

test.each([
  '',
  'Signal=',
  'Signal=17',
  'Signal=x\r\nDuration=5',
  'Signal=12345678901234567890',
  '\r\n',
  'Duration=40',
  '=5=',
])('no digit: %j', (body) => {
  const result = dissectOnce(sipDtmf, body);
  expect(result).toMatchObject({ verdict: Verdict.Malformed, issues: [{ code: 'sip-dtmf-signal', at: 0 }] });
  expect(result.rows[0].event).toBe(255);
  expect(describeToText(sipDtmf, body)).toContain('[sip-dtmf-signal ');
  expect(summarizeOnce(sipDtmf, body)).toBe('no digit');
});

test('describes every octet in order', () => {
  expect(describeToText(sipDtmf, RELAY)).toBe(
    ['Signal: 5 (digit 5) [sip-dtmf.signal 0+11]', 'Duration: 160 (ms) [sip-dtmf.duration 11+15]'].join('\n'),
  );
  expect(summarizeOnce(sipDtmf, RELAY)).toBe('digit 5');
});

test('cut at every length, and with any octet damaged: no exception, and every octet is in some field', () => {
  for (let length = 0; length < RELAY.length; length++) {
    const cut = new TextEncoder().encode(RELAY.slice(0, length));
    const snapped = dissectOnce(sipDtmf, cut, { truncated: true });
    expect(snapped).toMatchObject({ verdict: Verdict.Ok, issues: [] });
    const tree = describeToTree(sipDtmf, cut, { truncated: true });
    expect(nodesOutside(tree, length)).toEqual([]);
    expect(uncoveredOctets(tree, length)).toEqual([]);
    for (const octet of [0, 0x0a, 0x3d, 0xff]) {
      const damaged = new TextEncoder().encode(RELAY);
      damaged[length] = octet;
      expect(dissectOnce(sipDtmf, damaged).rows.length).toBe(1);
      expect(uncoveredOctets(describeToTree(sipDtmf, damaged), damaged.length)).toEqual([]);
    }
  }
});
