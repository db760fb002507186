import { digitOf } from '../../dissectors/rtp-event/digits.ts';
import { SipMethod } from '../../dissectors/sip/methods.ts';
import { NO_DIGIT, sipDtmfColumns } from '../../dissectors/sip-dtmf/sip-dtmf.ts';
import type { Capture } from '../capture.ts';
import type { DigitSighting } from './digit-sighting.ts';

/** Digits of telephone-events (RFC 4733), in order of their first packet. */
export function eventDigits({ digits, streams, store }: Capture): DigitSighting[] {
  return digits.events.map((event) => {
    const { call, fromCaller } = streams.candidates[event.stream];
    return {
      source: 'rtp-event',
      time: store.frames.time(event.frames[0]),
      event: event.event,
      digit: event.digit,
      durationMs: (event.duration * 1000) / event.clockRate,
      volume: event.volume,
      stream: event.stream,
      call,
      fromCaller,
      frames: event.frames,
      guessed: event.guessed,
    };
  });
}

/** Digits of SIP INFO requests. The same request sent again, or seen on both sides of a proxy, is one digit. */
export function infoDigits({ calls, store }: Capture): DigitSighting[] {
  const bodies = store.layer('sip-dtmf', sipDtmfColumns);
  if (bodies === null) return [];
  const { sip } = calls;
  const c = sip.rows.columns;
  const byRequest = new Map<string, DigitSighting & { frames: number[] }>();
  for (let body = 0; body < bodies.count; body++) {
    const row = bodies.parent.get(body) - 1;
    const event = bodies.rows.columns.event.get(body);
    if (row < 0 || event === NO_DIGIT || c.method.get(row) !== SipMethod.INFO || c.status.get(row) !== 0) continue;
    const call = calls.callOfRow.get(row) - 1;
    if (call < 0) continue;
    const frame = sip.frame.get(row);
    const request = `${call} ${c.fromTag.get(row)} ${c.cseq.get(row)}`;
    const known = byRequest.get(request);
    if (known !== undefined) {
      if (known.frames.at(-1) !== frame) known.frames.push(frame);
      continue;
    }
    const duration = bodies.rows.columns.duration.get(body);
    byRequest.set(request, {
      source: 'sip-info',
      time: store.frames.time(frame),
      event,
      digit: digitOf(event),
      durationMs: duration === 0 ? null : duration,
      volume: null,
      stream: -1,
      call,
      fromCaller: calls.sideOf(calls.entries[call], row) === 'caller',
      frames: [frame],
      guessed: false,
    });
  }
  return [...byRequest.values()];
}
