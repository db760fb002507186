import type { DigitRow, StreamRow } from '../../shared/api.ts';
import type { Ladder, LadderDigit, LadderMedia, LadderRow } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import { PayloadKind } from '../trackers/streams/payload-map.ts';
import { callId, callRow } from './call-rows.ts';
import { digitRows } from './digit-rows.ts';
import { endpointsOf, type EndpointNames } from './ladder-endpoints.ts';
import { hostsOf } from './ladder-hosts.ts';
import { mediaDetails, type MediaDetails } from './ladder-media.ts';
import { messageRows } from './ladder-messages.ts';
import { noteRows } from './ladder-notes.ts';
import type { LadderStream, When } from './ladder-parts.ts';
import { rtcpRows } from './ladder-rtcp.ts';
import { streamId, streamRows } from './stream-rows.ts';

/** The ladder of a call: its messages, its streams where they start, its digits, what was reported of it. */
export async function ladderOf(capture: Capture, call: Call): Promise<Ladder> {
  const { calls } = capture;
  const { frames } = capture.store;
  const id = callId(call);
  const row = callRow(capture, call, []);
  const streamRowsOfCall = streamRows(capture).filter((stream) => stream.call === id);
  const names = endpointsOf(row.messages, streamRowsOfCall);
  const streams = streamsOf(capture, streamRowsOfCall, names);
  const firstFrame = calls.sip.frame.get(call.firstRow);
  const firstLater = calls.sip.later.get(call.firstRow);
  const when = (frame: number, later = 0): When => ({
    packet: frame + 1,
    time: frames.time(frame) + later,
    sinceStartSeconds: frames.secondsBetween(firstFrame, frame) + later - firstLater,
  });
  const details = mediaDetails(
    capture,
    streams.map(({ stream }) => stream),
  );
  const messages = messageRows(capture, calls.rowsOf(call), row, names, when);
  const rows: LadderRow[] = [
    ...messages,
    ...streams.map((stream, i) =>
      mediaRow(stream, details[i], when(stream.stream.firstFrame, stream.stream.firstLater)),
    ),
    ...digitRowsOf(capture, id, streams, when),
    ...rtcpRows(capture, streams, when),
  ];
  const hosts = hostsOf(capture, call, names, rows);
  rows.push(...(await noteRows(capture, call, names.names.length, when)));
  // Stable: rows of one packet stay in the order messages, media, digits, reports. What agents report comes late.
  if (frames.hasAgentTimes) rows.sort((a, b) => a.time - b.time || a.packet - b.packet);
  else rows.sort((a, b) => a.packet - b.packet);
  return {
    call: id,
    callId: row.callId,
    startTime: frames.time(firstFrame) + firstLater,
    endpoints: names.names,
    hosts,
    rows,
  };
}

function streamsOf(capture: Capture, rows: readonly StreamRow[], names: EndpointNames): LadderStream[] {
  const byId = new Map(capture.streams.streams.map((stream) => [streamId(stream), stream]));
  return rows.flatMap((row) => {
    const stream = byId.get(row.id);
    if (stream === undefined) return [];
    const side = row.direction === null ? null : row.direction === 'caller-to-callee' ? 'A' : 'B';
    return [{ row, stream, side, ends: names.ofStream(row) }];
  });
}

/** A stream as a band. */
export function mediaRow(
  { row, side, ends }: LadderStream,
  { ptimeMs, losses }: MediaDetails,
  when: When,
): LadderMedia {
  return {
    ...when,
    kind: 'media',
    ...ends,
    src: row.src,
    dst: row.dst,
    label: row.codec ?? `payload type ${row.payloadTypes.join(', ')}`,
    stream: row.id,
    ssrc: row.ssrc,
    side,
    codec: row.codec,
    ptimeMs,
    packets: row.packets,
    lostPercent: row.lostPercent,
    jitterMs: row.jitterMs.mean,
    durationSeconds: row.durationSeconds,
    encrypted: row.encryption !== null,
    losses,
  };
}

function digitRowsOf(
  capture: Capture,
  call: string,
  streams: readonly LadderStream[],
  when: (frame: number) => When,
): LadderDigit[] {
  const byId = new Map(streams.map((stream) => [stream.row.id, stream]));
  return digitRows(capture).flatMap((digit) => {
    // Those of SIP INFO are among the messages.
    const stream = digit.call === call && digit.stream !== null ? byId.get(digit.stream) : undefined;
    return stream === undefined ? [] : [digitRow(digit, stream, when(digit.packets[0] - 1))];
  });
}

function digitRow(digit: DigitRow, { row, stream, side, ends }: LadderStream, when: When): LadderDigit {
  const { payloads, guessedEvents, payloadTypes } = stream;
  const isEvent = (type: number): boolean => payloads.kind[type] === PayloadKind.Event || guessedEvents.includes(type);
  return {
    ...when,
    kind: 'digit',
    ...ends,
    src: row.src,
    dst: row.dst,
    label: digit.digit === null ? `event ${digit.event}` : `DTMF ${digit.digit}`,
    stream: row.id,
    side,
    payloadType: payloadTypes.find(isEvent) ?? null,
    digit: digit.digit,
    durationMs: digit.durationMs ?? 0,
  };
}
