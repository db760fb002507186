import type { Capture } from '../../capture.ts';
import type { DtlsSent } from './dtls-sent.ts';
import type { IceSession } from './ice-session.ts';
import { CONSENT_PACE_SECONDS } from './ice-timing.ts';

/**
 * Whether the capture begins after the session did: media or DTLS went its ways before its first check, or its first checks
 * are as far apart as those that only keep it (RFC 7675), and nothing of its beginning was seen.
 */
export function isFromMiddle(capture: Capture, session: IceSession, dtls: ReadonlyMap<number, DtlsSent>): boolean {
  const { streams, store } = capture;
  const first = session.firstFrame;
  if (first < 0) return false;
  const begins = session.transports.some((transport) =>
    transport.dtls.some(({ session: { firstFrame } }) => firstFrame > first),
  );
  if (session.descriptions.some(({ frame, isRequest }) => isRequest && frame < first)) return false;
  const onItsWay = session.streams.map((index) => streams.candidates[index]);
  if (onItsWay.some(({ firstFrame }) => firstFrame < first)) return true;
  for (const pair of session.pairs) {
    for (const flow of [...pair.firstFlow, ...pair.lastFlow]) {
      for (const way of [flow, store.flows.reverse[flow]]) {
        const sent = dtls.get(way);
        if (sent !== undefined && sent.firstFrame < first) return true;
      }
    }
  }
  if (begins) return false;
  const [one, two] = session.checkTimes;
  const isSlow = two === undefined || two - one >= CONSENT_PACE_SECONDS;
  const isUp = session.pairs.some(({ answered }) => answered[0] + answered[1] > 0);
  return isSlow && isUp && onItsWay.length > 0 && store.frames.secondsBetween(store.frames.earliest, first) < 5;
}
