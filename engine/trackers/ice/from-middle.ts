import { recordColumns } from '../../../dissectors/tls/columns.ts';
import type { Capture } from '../../capture.ts';
import type { IceSession } from './ice-session.ts';
import { CONSENT_PACE_SECONDS } from './ice-timing.ts';

/** Rows of DTLS that are looked at before the first check. */
const MOST_ROWS = 20_000;

/**
 * Whether the capture begins after the session did: media or DTLS went its ways before its first check, or its first checks
 * are as far apart as those that only keep it (RFC 7675), and nothing of its beginning was seen.
 */
export function isFromMiddle(capture: Capture, session: IceSession): boolean {
  const { streams, store } = capture;
  const first = session.firstFrame;
  if (first < 0) return false;
  const begins = session.transports.some(({ dtls }) => dtls.some(({ session: { firstFrame } }) => firstFrame > first));
  if (session.descriptions.some(({ frame, isRequest }) => isRequest && frame < first)) return false;
  const onItsWay = session.streams.map((index) => streams.candidates[index]);
  if (onItsWay.some(({ firstFrame }) => firstFrame < first)) return true;
  const ways = new Set(
    [...session.pairs.flatMap((pair) => [...pair.firstFlow, ...pair.lastFlow])].filter((f) => f !== 0),
  );
  for (const flow of ways) if (store.flows.reverse[flow] !== 0) ways.add(store.flows.reverse[flow]);
  const dtls = store.layer('dtls', recordColumns);
  if (dtls !== null) {
    for (let row = 0; row < dtls.count && row < MOST_ROWS && dtls.frame.get(row) < first; row++) {
      if (ways.has(store.flowOf(dtls, row))) return true;
    }
  }
  if (begins) return false;
  const [one, two] = session.checkTimes;
  const isSlow = two === undefined || two - one >= CONSENT_PACE_SECONDS;
  const isUp = session.pairs.some(({ answered }) => answered[0] + answered[1] > 0);
  return isSlow && isUp && onItsWay.length > 0 && store.frames.secondsBetween(store.frames.earliest, first) < 5;
}
