import { expect, test } from 'vitest';
import { Verdict } from '../dissector.ts';
import { describeToText, dissectOnce, summarizeOnce } from '../testing/fake-context.ts';
import { digitOf, eventName } from './digits.ts';
import { rtpEvent } from './rtp-event.ts';
import { rtpTone } from './rtp-tone.ts';

/** Digit 9, ended, −7 dBm0, 1600 units of 1/8000 s: 200 ms. */
const NINE = Uint8Array.from([9, 0x80 | 7, 1600 >> 8, 1600 & 0xff]);

test('names the digits of RFC 4733, table 3', () => {
  expect(Array.from({ length: 18 }, (_, event) => digitOf(event))).toEqual([
    ...Array.from('0123456789*#ABCD'),
    'flash',
    null,
  ]);
  expect(digitOf(255)).toBe(null);
  expect([eventName(11), eventName(36), eventName(131), eventName(250)]).toEqual([
    'digit #',
    'CNG (fax calling tone)',
    'MF 3',
    'event 250',
  ]);
});

test('stores an event', () => {
  expect(dissectOnce(rtpEvent, NINE)).toMatchObject({
    verdict: Verdict.Ok,
    rows: [{ event: 9, flags: 0x80, volume: 7, duration: 1600 }],
    issues: [],
  });
  expect(summarizeOnce(rtpEvent, NINE)).toBe('telephone-event  digit 9  duration 1600  end');
});

test('takes several events of a packet', () => {
  const rows = dissectOnce(rtpEvent, Uint8Array.from([...NINE, 1, 0x4a, 0, 80])).rows;
  expect(rows[1]).toEqual({ event: 1, flags: 0x40, volume: 10, duration: 80 });
});

test('reports a payload that is not whole events', () => {
  for (const length of [0, 1, 2, 3, 5]) {
    const bytes = Uint8Array.from([...NINE, 0]).slice(0, length);
    const at = length === 5 ? 4 : 0;
    expect(dissectOnce(rtpEvent, bytes)).toMatchObject({
      verdict: Verdict.Malformed,
      issues: [{ code: 'rtp-event-length', at }],
    });
    expect(describeToText(rtpEvent, bytes)).toContain('[rtp-event-length ');
    expect(dissectOnce(rtpEvent, bytes, { truncated: true }).verdict).toBe(Verdict.Ok);
  }
});

test('describes', () => {
  expect(describeToText(rtpEvent, NINE)).toBe(
    [
      'Telephone event: digit 9 [rtpevent 0+4]',
      '  Event: 9 (digit 9) [rtpevent.event_id 0+1]',
      '  End of event: true [rtpevent.end_of_event 1+1]',
      '  Reserved: false [rtpevent.reserved 1+1]',
      '  Volume: 7 (−7 dBm0) [rtpevent.volume 1+1]',
      '  Duration: 1600 (in units of the RTP timestamp) [rtpevent.duration 2+2]',
    ].join('\n'),
  );
});

test('shows a tone: 440 Hz and 480 Hz modulated with 20 Hz at −3 dBm0', () => {
  const tone = Uint8Array.from([20 >> 1, 0x03, 0x01, 0x90, 0x01, 0xb8, 0x01, 0xe0]);
  expect(dissectOnce(rtpTone, tone).rows).toEqual([{ volume: 3, duration: 400, frequencyHz: 440 }]);
  expect(summarizeOnce(rtpTone, tone)).toBe('tone  440 + 480 Hz  duration 400');
  expect(describeToText(rtpTone, tone)).toContain('Modulation: 20 (Hz) [rtptone.modulation 0+2]');
  expect(dissectOnce(rtpTone, tone.slice(0, 5))).toMatchObject({
    verdict: Verdict.Malformed,
    issues: [{ code: 'rtp-tone-length', at: 4 }],
  });
});
