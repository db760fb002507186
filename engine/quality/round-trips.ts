import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { reportsOf } from './reports.ts';

/** The whole way to and fro between the two ends of a stream as RTCP shows it, median, ms; null where it does not. */
export function roundTripMs(capture: Capture, stream: Stream): number | null {
  const trips = roundTrips(capture, stream);
  return trips.wholeMs;
}

export interface RoundTrips {
  /** From the capture point on to the receiver and back. */
  readonly afterMs: number | null;
  /** From the capture point to the sender and back. */
  readonly beforeMs: number | null;
  /** Both together, or the one that is known; null where neither is. */
  readonly wholeMs: number | null;
  /** Only one side is known, so the whole is more. */
  readonly isPartial: boolean;
}

/**
 * Round trips as RTCP's LSR and DLSR show them (RFC 3550 section 6.4.1), split at the capture point: a report about a
 * stream, less the sender report that it answers, less the time the receiver held it, is the way on to the receiver and back.
 * The way to the sender is that of the reports about the stream in the other direction.
 */
export function roundTrips(capture: Capture, stream: Stream): RoundTrips {
  const reports = reportsOf(capture);
  const afterMs = reports.medianTripMs(stream);
  const back = reports.opposite(stream);
  const beforeMs = back === null ? null : reports.medianTripMs(back);
  const wholeMs = afterMs === null && beforeMs === null ? null : (afterMs ?? 0) + (beforeMs ?? 0);
  return { afterMs, beforeMs, wholeMs, isPartial: wholeMs !== null && (afterMs === null || beforeMs === null) };
}
