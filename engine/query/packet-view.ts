import { Octets } from '../../base/octets.ts';
import { SIP_METHODS } from '../../dissectors/sip/methods.ts';
import type { FieldNode, MessageView, PacketView } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { callId } from './call-rows.ts';
import type { CaptureIndex } from './capture-index.ts';
import type { DetailNode } from './detail-tree.ts';
import { packetDetail } from './packet-detail.ts';
import { PacketMessages } from './packet-messages.ts';
import { packetRowsAt } from './packet-rows.ts';
import { streamId } from './stream-rows.ts';

/** One packet with everything about it; null where the capture has no such packet. */
export async function packetView(index: CaptureIndex, packet: number): Promise<PacketView | null> {
  const { capture, lists } = index;
  const detail = await packetDetail(capture, packet);
  if (detail === null) return null;
  const [row] = await packetRowsAt(capture, Uint32Array.of(packet - 1));
  if (row === undefined) return null;
  return {
    packet,
    row: { ...row, severity: lists.severityOf(packet) },
    sources: detail.sources.map(({ id, name, bytes }) => ({ id, name, bytes: bytes.slice() })),
    nodes: detail.nodes.map(plainNode),
    ...belongsTo(index, packet - 1),
    problems: [...lists.ofPacket(packet)],
  };
}

/** 64-bit values that a double cannot hold are decimal text. */
export function plainNode({ value, children, ...node }: DetailNode): FieldNode {
  const plain = typeof value !== 'bigint' ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return { ...node, value: plain, ...(children === undefined ? {} : { children: children.map(plainNode) }) };
}

/** The call and stream of a frame: of several messages the first's; of RTP, its stream's. */
function belongsTo({ capture }: CaptureIndex, frame: number): { call: string | null; stream: string | null } {
  const { calls, streams } = capture;
  const { sip } = calls;
  for (let row = sip.firstRowOf(frame); row < sip.count && sip.frame.get(row) === frame; row++) {
    const entry = calls.callOfRow.get(row) - 1;
    if (entry >= 0) return { call: callId(calls.entries[entry]), stream: null };
  }
  const row = streams.rtp.firstRowOf(frame);
  if (row >= streams.rtp.count || streams.rtp.frame.get(row) !== frame) return { call: null, stream: null };
  const stream = streams.candidates[streams.streamOfRow.get(row) - 1];
  if (stream === undefined || stream.evidence === 0) return { call: null, stream: null };
  return { call: stream.call < 0 ? null : callId(calls.entries[stream.call]), stream: streamId(stream) };
}

/** The SIP messages that a packet holds or completes, as text. */
export async function messageViews(capture: Capture, packet: number): Promise<MessageView[] | null> {
  const { store } = capture;
  const { frames, flows, strings } = store;
  const frame = packet - 1;
  if (!Number.isInteger(frame) || frame < 0 || frame >= frames.count) return null;
  const reader = new FrameReader(capture.source, frames);
  const octets = await reader.frame(frame);
  const messages = await new PacketMessages(capture, reader).of(frame, octets);
  const { sip } = capture.calls;
  const c = sip.rows.columns;
  const about = { packet, time: frames.time(frame) };
  const first = sip.firstRowOf(frame);
  return messages
    .filter(({ dissector }) => dissector.id === 'sip')
    .map(({ octets: message }, i) => {
      const row = first + i;
      const status = c.status.get(row);
      const method = SIP_METHODS[status === 0 ? c.method.get(row) : c.cseqMethod.get(row)];
      const label =
        row >= sip.count || sip.frame.get(row) !== frame
          ? 'SIP'
          : status === 0
            ? method || 'request'
            : `${`${status} ${strings.text(c.reason.get(row))}`.trim()}${method === '' ? '' : ` (${method})`}`;
      const flow = row < sip.count ? store.flowOf(sip, row) : frames.flow.get(frame);
      const src = flow === 0 ? null : flows.sourceEndpoint(flow);
      const dst = flow === 0 ? null : flows.destinationEndpoint(flow);
      return { ...about, src, dst, label, ...textOf(message) };
    });
}

function textOf({ bytes, start, length }: Octets): { text: string; isBinary: boolean } {
  const message = bytes.subarray(start, start + length);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message), isBinary: false };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(message), isBinary: true };
  }
}

/** The packet captured at or after a time, of several the earliest; null past the end. */
export function packetAt({ store }: Capture, time: number): number | null {
  const { frames } = store;
  let best = -1;
  let bestTime = Infinity;
  for (let frame = 0; frame < frames.count; frame++) {
    const own = frames.time(frame);
    if (own >= time && own < bestTime) {
      best = frame;
      bestTime = own;
    }
  }
  return best < 0 ? null : best + 1;
}
