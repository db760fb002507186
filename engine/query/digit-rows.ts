import type { DigitRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { callId } from './call-rows.ts';
import { streamId } from './stream-rows.ts';

/** Digits and other telephone-events in order of time. */
export function digitRows(capture: Capture): DigitRow[] {
  const { streams, calls, store } = capture;
  return capture.digits.events.map((event) => {
    const stream = streams.candidates[event.stream];
    return {
      time: store.frames.time(event.frames[0]),
      digit: event.digit,
      event: event.event,
      durationMs: (event.duration * 1000) / event.clockRate,
      volume: event.volume,
      source: 'rtp-event',
      stream: streamId(stream),
      call: stream.call < 0 ? null : callId(calls.entries[stream.call]),
      packets: event.frames.map((frame) => frame + 1),
      guessed: event.guessed,
    };
  });
}
