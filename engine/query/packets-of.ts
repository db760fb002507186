import { rtcpColumns } from '../../dissectors/rtcp/columns.ts';
import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { CaptureIndex } from './capture-index.ts';

/** Frames (0-based, ascending, each once) of a call: its SIP messages, its streams' RTP and what RTCP says of them. */
export function framesOfCall(index: CaptureIndex, call: Call): Uint32Array {
  const { calls } = index.capture;
  const sip = calls.rowsOf(call).map((row) => calls.sip.frame.get(row));
  const streams = index.streamsOf(call);
  return ascending([
    Uint32Array.from(sip),
    ...streams.map((stream) => rtpFrames(index, stream)),
    rtcpFrames(index.capture, streams),
    Uint32Array.from(index.capture.hep.framesOf(call)),
  ]);
}

/** Frames of a stream: its RTP, and the RTCP of its sender and about it. */
export function framesOfStream(index: CaptureIndex, stream: Stream): Uint32Array {
  return ascending([rtpFrames(index, stream), rtcpFrames(index.capture, [stream])]);
}

function rtpFrames(index: CaptureIndex, stream: Stream): Uint32Array {
  const { frame } = index.capture.streams.rtp;
  return index.rowsOf(stream).map((row) => frame.get(row));
}

/** RTCP that names a stream's SSRC and goes between the hosts that the stream goes between. */
function rtcpFrames({ store }: Capture, streams: readonly Stream[]): Uint32Array {
  const rtcp = store.layer('rtcp', rtcpColumns);
  if (rtcp === null || rtcp.count === 0 || streams.length === 0) return new Uint32Array(0);
  const { flows } = store;
  const hosts = new Map<number, Set<string>>();
  for (const { ssrc, flow } of streams) {
    const pairs = hosts.get(ssrc) ?? new Set();
    hosts.set(ssrc, pairs);
    pairs.add(`${flows.sourceAddress(flow)} ${flows.destinationAddress(flow)}`);
    pairs.add(`${flows.destinationAddress(flow)} ${flows.sourceAddress(flow)}`);
  }
  const { ssrc, aboutSsrc } = rtcp.rows.columns;
  const found: number[] = [];
  for (let row = 0; row < rtcp.count; row++) {
    const pairs = hosts.get(ssrc.get(row)) ?? hosts.get(aboutSsrc.get(row));
    if (pairs === undefined) continue;
    const frame = rtcp.frame.get(row);
    const flow = store.flowOf(rtcp, row);
    if (pairs.has(`${flows.sourceAddress(flow)} ${flows.destinationAddress(flow)}`)) found.push(frame);
  }
  return Uint32Array.from(found);
}

function ascending(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i];
  return all.subarray(0, kept);
}
