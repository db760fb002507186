import { Octets } from '../../base/octets.ts';
import type { PacketRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { describeFrameLayers } from '../network/describe/frame-layers.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { FIRST_DISSECTOR, protocolName } from '../store/protocol-list.ts';
import { describeContext } from './describe-context.ts';
import { silentTree } from './detail-tree.ts';
import { PacketMessages } from './packet-messages.ts';

const ROWS_PER_BLOCK = 512;

/** The packet list in blocks; frames are read back from the file a block at a time. */
export async function* packetRows(
  capture: Capture,
  options: { from?: number; limit?: number } = {},
): AsyncGenerator<PacketRow[]> {
  const { frames } = capture.store;
  const first = Math.max(0, options.from ?? 0);
  const end = Math.min(frames.count, first + (options.limit ?? Infinity));
  const reader = new FrameReader(capture.source, frames);
  const messages = new PacketMessages(capture, reader);
  const view = new Octets(new Uint8Array(0));
  for (let from = first; from < end; from += ROWS_PER_BLOCK) {
    const wanted = Uint32Array.from({ length: Math.min(ROWS_PER_BLOCK, end - from) }, (_, i) => from + i);
    await reader.load(wanted);
    const rows: PacketRow[] = [];
    for (const frame of wanted) {
      if (!reader.read(frame, view)) continue;
      rows.push(await packetRow(capture, frame, view, messages));
    }
    yield rows;
  }
}

async function packetRow(
  capture: Capture,
  frame: number,
  octets: Octets,
  messages: PacketMessages,
): Promise<PacketRow> {
  const { store } = capture;
  const { frames, flows } = store;
  const flow = frames.flow.get(frame);
  const protocol = frames.protocol.get(frame);
  const lower = flow === 0 ? lowerLayers(capture, frame, octets) : null;
  return {
    packet: frame + 1,
    time: frames.time(frame),
    src: lower === null ? flows.sourceEndpoint(flow) : lower.source || null,
    dst: lower === null ? flows.destinationEndpoint(flow) : lower.destination || null,
    protocol: protocolName(protocol, store.dissectorIds),
    length: frames.wireLength(frame),
    info: protocol >= FIRST_DISSECTOR ? await summary(capture, frame, octets, messages) : plainInfo(capture, frame),
  };
}

async function summary(
  capture: Capture,
  frame: number,
  octets: Octets,
  messages: PacketMessages,
): Promise<string> {
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

/** The line of a packet nobody dissected. */
function plainInfo(capture: Capture, frame: number): string {
  const { flows, frames } = capture.store;
  const flow = frames.flow.get(frame);
  if (flow === 0) return '';
  return `${flows.sourcePort(flow)} → ${flows.destinationPort(flow)}`;
}

function lowerLayers(capture: Capture, frame: number, octets: Octets): { source: string; destination: string } {
  const { frames } = capture.store;
  const linkType = capture.reader.interfaces[frames.interfaceIndex.get(frame)].linkType;
  return describeFrameLayers(linkType, octets, silentTree, frames.wireLength(frame));
}
