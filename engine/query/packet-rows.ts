import { Octets } from '../../base/octets.ts';
import type { PacketRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { shownFlow } from '../hep/shown-flow.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { FIRST_DISSECTOR, protocolName } from '../store/protocol-list.ts';
import { describeContext } from './describe-context.ts';
import { PacketMessages } from './packet-messages.ts';
import { describePlain } from './plain-info.ts';

const ROWS_PER_BLOCK = 512;

/**
 * The packet list in blocks; frames are read back from the file a block at a time. With `frames` (0-based, ascending)
 * only those, and `from` and `limit` count among them.
 */
export async function* packetRows(
  capture: Capture,
  options: { from?: number; limit?: number; frames?: Uint32Array | null } = {},
): AsyncGenerator<PacketRow[]> {
  const { frames } = capture.store;
  const first = Math.max(0, options.from ?? 0);
  const some = options.frames ?? null;
  const end = Math.min(some?.length ?? frames.count, first + (options.limit ?? Infinity));
  const reader = new FrameReader(capture.source, frames);
  const messages = new PacketMessages(capture, reader);
  const view = new Octets(new Uint8Array(0));
  for (let from = first; from < end; from += ROWS_PER_BLOCK) {
    const count = Math.min(ROWS_PER_BLOCK, end - from);
    const wanted = some?.subarray(from, from + count) ?? Uint32Array.from({ length: count }, (_, i) => from + i);
    await reader.load(wanted);
    const rows: PacketRow[] = [];
    for (const frame of wanted) {
      if (!reader.read(frame, view)) continue;
      rows.push(await packetRow(capture, frame, view, messages));
    }
    yield rows;
  }
}

/** The rows of the frames given (0-based), in their order: for a page of a list, however it is sorted. */
export async function packetRowsAt(capture: Capture, frames: Uint32Array): Promise<PacketRow[]> {
  const reader = new FrameReader(capture.source, capture.store.frames);
  const messages = new PacketMessages(capture, reader);
  const view = new Octets(new Uint8Array(0));
  await reader.load(frames.toSorted());
  const rows: PacketRow[] = [];
  for (const frame of frames) {
    if (reader.read(frame, view)) rows.push(await packetRow(capture, frame, view, messages));
  }
  return rows;
}

async function packetRow(
  capture: Capture,
  frame: number,
  octets: Octets,
  messages: PacketMessages,
): Promise<PacketRow> {
  const { store } = capture;
  const { frames, flows } = store;
  const flow = shownFlow(store, frame);
  const protocol = frames.protocol.get(frame);
  const row = {
    packet: frame + 1,
    time: frames.time(frame),
    ...(frames.hasAgentTime(frame) ? { arrivalTime: frames.arrivalTime(frame) } : {}),
    src: flow === 0 ? null : flows.sourceEndpoint(flow),
    dst: flow === 0 ? null : flows.destinationEndpoint(flow),
    protocol: protocolName(protocol, store.dissectorIds),
    length: frames.wireLength(frame),
  };
  if (protocol >= FIRST_DISSECTOR) return { ...row, info: await summary(capture, frame, octets, messages) };
  const linkType = capture.reader.interfaces[frames.interfaceIndex.get(frame)].linkType;
  const plain = describePlain(linkType, octets, row.length);
  // A flow's addresses come with ports; those of the headers are for what has none.
  return flow === 0
    ? { ...row, src: plain.source, dst: plain.destination, info: plain.info }
    : { ...row, info: plain.info };
}

async function summary(capture: Capture, frame: number, octets: Octets, messages: PacketMessages): Promise<string> {
  const parts: string[] = [];
  for (const message of await messages.of(frame, octets)) {
    const context = describeContext(capture, frame, message, '', () => {});
    try {
      parts.push(message.dissector.summarize(message.octets, context));
    } catch {
      parts.push(`(the ${message.dissector.id} dissector failed on this packet)`);
    }
  }
  return parts.join('  |  ');
}
