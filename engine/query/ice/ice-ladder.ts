import type { IceDetail } from '../../../shared/engine-api.ts';
import type { Ladder, LadderMessage, LadderRow } from '../../../shared/ladder.ts';
import type { Capture } from '../../capture.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { hostsWithPorts } from '../ladder-hosts.ts';
import { endpointsOf } from '../ladder-endpoints.ts';
import { mediaDetails } from '../ladder-media.ts';
import { mediaRow } from '../ladder.ts';
import { streamId, streamRows } from '../stream-rows.ts';
import { dtlsArrows } from './ice-ladder-dtls.ts';
import { nameOfHost, sidesOf } from './ice-ladder-sides.ts';
import { type Arrow, type Entry, stunArrows } from './ice-ladder-stun.ts';
import type { IceMembers } from './ice-members.ts';

/** More rows than anybody reads. */
const MOST_ROWS = 5000;

/** The ladder of a session or an allocation: its checks and requests, DTLS, media; what repeats or is relayed is counted. */
export function iceLadder(capture: Capture, members: IceMembers, detail: IceDetail): Ladder {
  const { session, allocations, id } = detail;
  const [allocation] = allocations;
  const entry: Entry =
    session !== null
      ? { kind: 'session', number: session.number }
      : { kind: 'allocation', number: allocation?.number ?? 0 };
  const { frames, flows } = capture.store;
  const { arrows: checks, relayed } = stunArrows(
    capture,
    members,
    entry,
    new Set(allocations.map(({ client }) => client)),
  );
  const arrows = [...checks, ...(session === null ? [] : dtlsArrows(capture, members, session.number))]
    .toSorted((a, b) => a.frame - b.frame)
    .slice(0, MOST_ROWS);
  const streams = streamsOf(capture, members, entry, relayed);
  const startFrame = Math.min(arrows[0]?.frame ?? Infinity, streams[0]?.firstFrame ?? Infinity);
  const start = Number.isFinite(startFrame) ? startFrame : 0;
  const endsOf = (frame: number): { src: string | null; dst: string | null } => {
    const flow = frames.flow.get(frame);
    return flow === 0
      ? { src: null, dst: null }
      : { src: flows.sourceEndpoint(flow), dst: flows.destinationEndpoint(flow) };
  };
  const when = (frame: number) => ({
    packet: frame + 1,
    time: frames.time(frame),
    sinceStartSeconds: frames.secondsBetween(start, frame),
  });
  const ends = [...arrows.map(({ frame }) => frame), ...streams.map(({ firstFrame }) => firstFrame)].map(endsOf);
  const sides = sidesOf(detail);
  const names = endpointsOf(ends, []);
  const messages = arrows.map((arrow): LadderMessage => {
    const { src, dst } = endsOf(arrow.frame);
    const hint = hintOf(arrow, (frame) => frames.secondsBetween(start, frame));
    return {
      ...when(arrow.frame),
      kind: 'message',
      ...names.ofMessage({ src, dst }),
      src,
      dst,
      label: (arrow.counted?.count ?? 1) > 1 ? `${arrow.label} × ${arrow.counted?.count}` : arrow.label,
      short: arrow.short,
      ...(hint === '' ? {} : { hint }),
      callId: id,
      transport: flows.isTcp(frames.flow.get(arrow.frame)) ? 'tcp' : 'udp',
      retransmission: arrow.repeats !== null,
      capturedTwice: false,
      repeats: arrow.repeats === null ? null : arrow.repeats + 1,
      transaction: 0,
      method: arrow.status === null ? arrow.short : null,
      status: arrow.status,
      cseq: arrow.transaction,
      sections: [],
    };
  });
  const rows: LadderRow[] = [...messages, ...bands(capture, streams, endsOf, (place) => names.ofMessage(place), when)];
  rows.sort((a, b) => a.packet - b.packet);
  const hosts = hostsWithPorts(names.names, rows);
  for (const host of hosts) host.name = nameOfHost(host.ip, sides, session !== null);
  return { call: id, callId: titleOf(detail), startTime: frames.time(start), endpoints: names.names, hosts, rows };
}

/** What stands behind the label: what it is about, and what a row that counts has counted. */
function hintOf({ hint, counted }: Arrow, sinceStart: (frame: number) => number): string {
  if (counted === null) return hint;
  const until = counted.lastFrame < 0 ? '' : `until ${sinceStart(counted.lastFrame).toFixed(1)} s`;
  return [hint, counted.text, until].filter((text) => text !== '').join(', ');
}

/** Recognised streams that go the way of the session, or through the relay. */
function streamsOf(
  { streams }: Capture,
  members: IceMembers,
  { kind, number }: Entry,
  relayed: ReadonlySet<number>,
): Stream[] {
  return streams.streams
    .filter(({ index, flow }) => relayed.has(index) || (kind === 'session' && members.sessionOfFlow(flow) === number))
    .toSorted((a, b) => a.firstFrame - b.firstFrame);
}

function bands(
  capture: Capture,
  streams: readonly Stream[],
  endsOf: (frame: number) => { src: string | null; dst: string | null },
  placeOf: (ends: { src: string | null; dst: string | null }) => { from: number; to: number },
  when: (frame: number) => Pick<LadderRow, 'packet' | 'time' | 'sinceStartSeconds'>,
): LadderRow[] {
  if (streams.length === 0) return [];
  const wanted = new Set(streams.map(streamId));
  const byId = new Map(
    streamRows(capture)
      .filter(({ id }) => wanted.has(id))
      .map((row) => [row.id, row]),
  );
  const details = mediaDetails(capture, streams);
  return streams.flatMap((stream, i) => {
    const row = byId.get(streamId(stream));
    if (row === undefined) return [];
    const side = row.direction === null ? null : row.direction === 'caller-to-callee' ? 'A' : 'B';
    // A relayed stream is drawn as far as its packets were captured: to the relay.
    const { src, dst } = endsOf(stream.firstFrame);
    const ends = placeOf({ src, dst });
    const band = mediaRow({ row, stream, side, ends }, details[i], when(stream.firstFrame));
    return [{ ...band, src, dst }];
  });
}

function titleOf({ session, allocations }: IceDetail): string {
  if (session !== null) return `ICE session ${session.number}`;
  return `TURN allocation ${allocations[0]?.number ?? ''}`;
}
