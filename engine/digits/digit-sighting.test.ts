import { expect, test } from 'vitest';
import { type DigitSighting, joinDigits } from './digit-sighting.ts';

function seen(
  source: DigitSighting['source'],
  time: number,
  event: number,
  more: Partial<DigitSighting> = {},
): DigitSighting {
  const stream = source === 'sip-info' ? -1 : 0;
  return {
    source,
    time,
    event,
    digit: `${event}`,
    durationMs: 100,
    volume: 10,
    stream,
    call: 0,
    fromCaller: true,
    frames: [Math.round(time * 100)],
    guessed: false,
    ...more,
  };
}

/** `1:rtp-event+inband` for each digit. */
function joined(...sightings: DigitSighting[]): string[] {
  return joinDigits(sightings).map(
    ({ first, also }) => `${first.event}:${[first, ...also].map(({ source }) => source).join('+')}`,
  );
}

test('two roads within its time are one digit; the road that says most comes first', () => {
  expect(joined(seen('inband', 10, 5), seen('rtp-event', 10.05, 5))).toEqual(['5:rtp-event+inband']);
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10.59, 5), seen('inband', 10.02, 5))).toEqual([
    '5:rtp-event+sip-info+inband',
  ]);
});

test('later, another digit, another party or another call are digits of their own', () => {
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10.61, 5)).length).toBe(2);
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10, 6)).length).toBe(2);
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10, 5, { fromCaller: false })).length).toBe(2);
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10, 5, { call: 1 })).length).toBe(2);
  expect(joined(seen('rtp-event', 10, 5), seen('sip-info', 10, 5, { fromCaller: null })).length).toBe(1);
});

test('the same digit typed quickly stays as many digits as were typed', () => {
  const typed = [10, 10.2, 10.4].flatMap((at) => [seen('rtp-event', at, 1), seen('sip-info', at + 0.12, 1)]);
  expect(joined(...typed)).toEqual(Array.from({ length: 3 }, () => '1:rtp-event+sip-info'));
});

test('one road twice, as from both sides of a relay, stays two', () => {
  expect(joined(seen('inband', 10, 1), seen('inband', 10.001, 1, { stream: 1 })).length).toBe(2);
});

test('without a call only what is in one stream belongs together', () => {
  const none = { call: -1, fromCaller: null };
  expect(joined(seen('rtp-event', 10, 1, none), seen('inband', 10, 1, none))).toEqual(['1:rtp-event+inband']);
  expect(joined(seen('rtp-event', 10, 1, none), seen('inband', 10, 1, { ...none, stream: 2 })).length).toBe(2);
});
