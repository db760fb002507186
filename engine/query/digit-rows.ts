import type { DigitRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { type DigitSighting, type JoinedDigit, joinDigits } from '../digits/digit-sighting.ts';
import { eventDigits, infoDigits } from '../digits/signalled-digits.ts';
import { callId } from './call-rows.ts';
import { streamId } from './stream-rows.ts';

/**
 * Digits and other telephone-events in order of time, from telephone-events and SIP INFO, and from `inband` where it is given (see
 * `inbandDigits`). What came by two roads is one row.
 */
export function digitRows(capture: Capture, inband: readonly DigitSighting[] = []): DigitRow[] {
  return joinedDigits(capture, inband).map(({ first, also }) => ({
    time: first.time,
    digit: first.digit,
    event: first.event,
    durationMs: first.durationMs,
    volume: first.volume,
    source: first.source,
    stream: streamOf(capture, first),
    call: first.call < 0 ? null : callId(capture.calls.entries[first.call]),
    packets: first.frames.map((frame) => frame + 1),
    guessed: first.guessed,
    doubled: also.length > 0,
    ...(also.length === 0
      ? {}
      : {
          alsoBy: also.map((other) => ({
            source: other.source,
            time: other.time,
            durationMs: other.durationMs,
            stream: streamOf(capture, other),
            packets: other.frames.map((frame) => frame + 1),
          })),
        }),
  }));
}

/** The digits behind the rows. */
export function joinedDigits(capture: Capture, inband: readonly DigitSighting[] = []): JoinedDigit[] {
  return joinDigits([...eventDigits(capture), ...infoDigits(capture), ...inband]);
}

function streamOf({ streams }: Capture, { stream }: DigitSighting): string | null {
  return stream < 0 ? null : streamId(streams.candidates[stream]);
}
