import { parseSipUri } from '../../dissectors/sip/uri.ts';
import type { Party } from '../../shared/api.ts';
import type { CallListRow, SideFigures } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { mosOf, notRatedBecause } from '../quality/rating.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { callRow } from './call-rows.ts';
import type { CaptureIndex } from './capture-index.ts';
import { streamId } from './stream-rows.ts';

/** A call, or any other exchange, as a grid shows it. */
export function callListRow(index: CaptureIndex, call: Call): CallListRow {
  const { capture } = index;
  const streams = index.streamsOf(call);
  const row = callRow(capture, call, streams.map(streamId), false);
  // Written out: leaving properties out of a copy costs more than all the rest.
  return {
    id: row.id,
    number: call.index + 1,
    callId: row.callId,
    callIds: row.callIds,
    from: row.from,
    to: row.to,
    fromName: nameOf(row.from),
    toName: nameOf(row.to),
    method: row.method,
    state: row.state,
    finalStatus: row.finalStatus,
    reason: row.reason,
    startTime: row.startTime,
    ringTime: row.ringTime,
    answerTime: row.answerTime,
    endTime: row.endTime,
    durationSeconds: row.durationSeconds,
    setupSeconds: row.setupSeconds,
    endedBy: row.endedBy,
    messageCount: row.messageCount,
    streams: row.streams,
    codec: codecOf(streams),
    isEncrypted: isEncrypted(streams),
    isOpened: isEncrypted(streams) && !streams.some((stream) => stream.encryption?.opening === null),
    a: sideFigures(capture, streams, true),
    b: sideFigures(capture, streams, false),
    problems: index.lists.briefsOfCall(row.id),
  };
}

/** What people call somebody: the user of the URI, else the display name, else the host; null where nothing is said. */
export function nameOf({ uri, display }: Party): string | null {
  if (uri === null) return display;
  // By far the most; there may be hundreds of thousands.
  const plain = /^sips?:([^@:;?%]+)@/i.exec(uri);
  if (plain !== null) return plain[1];
  const { user, host } = parseSipUri(uri);
  return decoded(user) || display || host || uri;
}

/** `%23` is `#` (RFC 3261 section 19.1.2). */
function decoded(user: string): string {
  if (!user.includes('%')) return user;
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Names of the codecs that were heard, in order of the streams; null where there is no stream with one. */
export function codecOf(streams: readonly Stream[]): string | null {
  const names = new Set<string>();
  for (const stream of streams) {
    const name = stream.payloads.encodings[stream.mainPayloadType]?.name;
    if (name !== undefined) names.add(name);
  }
  return names.size === 0 ? null : [...names].join(' ');
}

export function isEncrypted(streams: readonly Stream[]): boolean {
  return streams.some((stream) => stream.encryption !== null);
}

/**
 * Figures of what one side says, over all its streams: loss of all packets together, the largest jitter. A is the
 * caller. The MOS is that of the stream with most packets: those of several scales have no mean.
 */
export function sideFigures(capture: Capture, streams: readonly Stream[], isCaller: boolean): SideFigures {
  let expected = 0;
  let lost = 0;
  let jitterMs: number | null = null;
  let fullest: Stream | null = null;
  for (const stream of streams) {
    const { fromCaller, figures } = stream;
    if (fromCaller !== isCaller || figures === null) continue;
    if (fullest === null || stream.packets > fullest.packets) fullest = stream;
    expected += figures.gaps.expected;
    lost += figures.gaps.lost;
    if (figures.meanJitterMs !== null) jitterMs = Math.max(jitterMs ?? 0, figures.maxJitterMs);
  }
  const rating = fullest === null ? null : mosOf(capture, fullest);
  return {
    lostPercent: expected === 0 ? null : (lost * 100) / expected,
    jitterMs,
    mos: rating?.value ?? null,
    rating,
    notRatedBecause: fullest === null ? null : notRatedBecause(capture, fullest),
  };
}
