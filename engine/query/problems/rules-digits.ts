import type { Capture } from '../../capture.ts';
import type { DigitEvent } from '../../trackers/digits/digit-tracker.ts';
import { callId } from '../call-rows.ts';
import { streamId } from '../stream-rows.ts';
import { type Finding, packetsOf } from './finding.ts';
import { DIGIT_AGAIN_SECONDS } from './thresholds.ts';

/**
 * A digit whose last packets carry a new timestamp: by RFC 4733 section 2.5.1.2 that is another event, though it begins
 * at its end: at once, and with the whole duration of the one before.
 */
export function doubledDigits(capture: Capture): Finding[] {
  const findings: Finding[] = [];
  const newest = new Map<number, DigitEvent>();
  for (const event of capture.digits.events) {
    const before = newest.get(event.stream);
    newest.set(event.stream, event);
    if (before === undefined || !isEndOf(capture, before, event)) continue;
    const stream = capture.streams.candidates[event.stream];
    const name = event.digit ?? `event ${event.event}`;
    findings.push({
      code: 'digit-doubled',
      severity: 'warning',
      title: `Digit ${name} arrives twice`,
      message: `The last packets of the digit carry a new RTP timestamp, so receivers count a second ${name}.`,
      call: stream.call < 0 ? null : callId(capture.calls.entries[stream.call]),
      stream: streamId(stream),
      packets: packetsOf([before.frames[0], event.frames[0], ...event.frames]),
      spec: 'RFC 4733 §2.5.1.4',
    });
  }
  return findings;
}

function isEndOf(capture: Capture, before: DigitEvent, event: DigitEvent): boolean {
  if (event.event !== before.event || !event.ended || event.duration < before.duration) return false;
  const seconds = capture.store.frames.secondsBetween(before.frames[before.frames.length - 1], event.frames[0]);
  const durationSeconds = event.duration / event.clockRate;
  // A digit that was pressed is reported while it lasts; what is all end lasts no time.
  const lastedSeconds = capture.store.frames.secondsBetween(event.frames[0], event.frames[event.frames.length - 1]);
  return seconds < DIGIT_AGAIN_SECONDS && lastedSeconds < durationSeconds / 2;
}
