import { rtcpColumns, RtcpRow } from '../../dissectors/rtcp/columns.ts';
import type { LadderRtcp } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import type { LadderStream, When } from './ladder-parts.ts';

/** A receiver may report once more after the last packet of media. */
const AFTER_MEDIA_SECONDS = 10;

/** Report blocks (RFC 3550 section 6.4.1) about each stream, folded into a row where the first is. */
export function rtcpRows(
  capture: Capture,
  streams: readonly LadderStream[],
  when: (frame: number) => When,
): LadderRtcp[] {
  const { store } = capture;
  const { frames, flows } = store;
  const rtcp = store.layer('rtcp', rtcpColumns);
  if (rtcp === null || streams.length === 0) return [];
  const c = rtcp.rows.columns;
  const bySsrc = new Map<number, LadderStream[]>();
  for (const stream of streams) {
    const { ssrc } = stream.stream;
    bySsrc.set(ssrc, [...(bySsrc.get(ssrc) ?? []), stream]);
  }
  const firstFrame = streams.reduce((first, { stream }) => Math.min(first, stream.firstFrame), Number.MAX_SAFE_INTEGER);
  const lastFrame = streams.reduce((last, { stream }) => Math.max(last, stream.lastFrame), 0);
  const found = new Map<LadderStream, LadderRtcp>();
  const agents = new Map<LadderStream, number>();
  for (let row = rtcp.firstRowOf(firstFrame); row < rtcp.count; row++) {
    const frame = rtcp.frame.get(row);
    if (frame > lastFrame && frames.secondsBetween(lastFrame, frame) > AFTER_MEDIA_SECONDS) break;
    if (c.kind.get(row) !== RtcpRow.ReportBlock) continue;
    const flow = store.flowOf(rtcp, row);
    if (flow === 0) continue;
    // SSRCs repeat from call to call: the report has to come from where the stream goes, or go to where it comes from.
    const stream = bySsrc.get(c.aboutSsrc.get(row))?.find(({ stream: { flow: media } }) => {
      const fromReceiver = flows.sourceAddress(flow) === flows.destinationAddress(media);
      return fromReceiver || flows.destinationAddress(flow) === flows.sourceAddress(media);
    });
    if (stream === undefined) continue;
    // What several agents saw is told once.
    const agent = rtcp.agent.get(row);
    if ((agents.get(stream) ?? agent) !== agent) continue;
    agents.set(stream, agent);
    let report = found.get(stream);
    if (report === undefined) found.set(stream, (report = emptyRow(stream, when(frame))));
    report.reports++;
    report.lastTime = frames.time(frame);
    report.lost = c.cumulativeLost.get(row) | 0;
    report.maxLostPercent = Math.max(report.maxLostPercent, (c.fractionLost.get(row) * 100) / 256);
    const clockRate = stream.row.clockRate ?? 0;
    if (clockRate > 0) {
      report.maxJitterMs = Math.max(report.maxJitterMs ?? 0, (c.jitter.get(row) * 1000) / clockRate);
    }
  }
  return [...found.values()];
}

function emptyRow({ row, side, ends }: LadderStream, when: When): LadderRtcp {
  return {
    ...when,
    kind: 'rtcp',
    from: ends.to,
    to: ends.from,
    src: row.dst,
    dst: row.src,
    label: 'RTCP',
    stream: row.id,
    side,
    reports: 0,
    lastTime: when.time,
    maxLostPercent: 0,
    lost: 0,
    maxJitterMs: null,
  };
}
