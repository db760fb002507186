import { expect, test } from 'vitest';
import { readReport } from './report-text.ts';

const of = (text: string, type: number) => readReport(new TextEncoder().encode(text), type);

test('a log is its text in a line', () => {
  expect(of('ERROR: <core>\n  no  route', 100)).toEqual({ kind: 'log', text: 'ERROR: <core> no route' });
  expect(of('x'.repeat(1000), 100).text).toHaveLength(241);
  // What looks like a report and is said to be a log is one.
  expect(of('{"MOS":4}', 100)).toEqual({ kind: 'log', text: '{"MOS":4}' });
});

test('RTCP as capture agents write it, in the units of RFC 3550', () => {
  const report = {
    sender_information: { ntp_timestamp_sec: 3920550000, packets: 250, octets: 40000 },
    ssrc: 4660,
    type: 200,
    report_blocks: [{ source_ssrc: 22136, fraction_lost: 3, packets_lost: 12, ia_jitter: 35 }],
  };
  expect(of(JSON.stringify(report), 5)).toEqual({
    kind: 'rtcp',
    text: '0x00001234 sent 250 packets; about 0x00005678: 12 packets lost, fraction lost 3/256, jitter 35 timestamp units',
  });
});

test('figures of quality, however they are spelt', () => {
  expect(of('{"mean_mos":"4.1","CODEC_NAME":"opus","x":1}', 34)).toEqual({
    kind: 'quality',
    text: 'mean MOS 4.1, codec opus',
  });
});

test('anything else as it stands', () => {
  expect(of('{"event":"hangup"}', 60)).toEqual({ kind: 'report', text: '{"event":"hangup"}' });
  expect(of('{"report_blocks":[null,7,{"source_ssrc":-1,"packets_lost":[]}]}', 5).kind).toBe('report');
  expect(of('no JSON', 5)).toEqual({ kind: 'report', text: 'no JSON' });
});
