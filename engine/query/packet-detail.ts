import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, Dissector } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { describeFrameLayers, type FrameLayers } from '../network/describe/frame-layers.ts';
import { describeEspInside } from './esp-detail.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { describeContext } from './describe-context.ts';
import { describeHandedOn } from './handed-on.ts';
import { type DetailNode, DetailTree, type PacketTree } from './detail-tree.ts';
import { type PacketMessage, PacketMessages } from './packet-messages.ts';

/** Octets that the nodes of a tree point into: the frame, or what was put together from several. */
export interface DetailSource {
  readonly id: number;
  readonly name: string;
  readonly lengthBytes: number;
  readonly bytes: Uint8Array;
}

export interface PacketDetail {
  readonly packet: number;
  readonly sources: readonly DetailSource[];
  readonly nodes: readonly DetailNode[];
}

/** The whole tree of a packet (numbered from 1), or null where the capture has no such packet. */
export async function packetDetail(capture: Capture, packet: number): Promise<PacketDetail | null> {
  const { frames } = capture.store;
  const frame = packet - 1;
  if (!Number.isInteger(packet) || frame < 0 || frame >= frames.count) return null;
  const reader = new FrameReader(capture.source, frames);
  const octets = await reader.frame(frame);
  const tree = new DetailTree();
  const sources = await describePacket(capture, frame, octets, new PacketMessages(capture, reader), tree);
  return { packet, sources, nodes: tree.nodes };
}

/** Shows all of a frame (0-based) in a tree, and gives the octets that its nodes point into. */
export async function describePacket(
  capture: Capture,
  frame: number,
  octets: Octets,
  messages: PacketMessages,
  tree: PacketTree,
): Promise<DetailSource[]> {
  const sources = [sourceOf(0, 'Frame', octets)];
  const layers = describeFrame(capture, frame, octets, tree);
  for (const inside of await describeEspInside(capture, frame, layers, messages.reader, tree, sources.length)) {
    sources.push(sourceOf(sources.length, inside.name, inside.octets));
  }
  for (const message of await messages.all(frame, octets)) {
    let source = 0;
    if (message.frameAt < 0) {
      source = sources.length;
      sources.push(sourceOf(source, message.sourceName, message.octets));
    }
    describeBody(capture, frame, message, message.dissector, message.octets, '', tree, source);
    describeHandedOn(capture, message, tree, source);
  }
  return sources;
}

function sourceOf(id: number, name: string, octets: Octets): DetailSource {
  const bytes = octets.bytes.subarray(octets.start, octets.start + octets.length);
  return { id, name, lengthBytes: bytes.length, bytes };
}

/** Shows a frame up to its payload, and says where that is. */
export function describeFrame(capture: Capture, frame: number, octets: Octets, tree: PacketTree): FrameLayers {
  const { frames } = capture.store;
  const nic = capture.reader.interfaces[frames.interfaceIndex.get(frame)];
  const wireLength = frames.wireLength(frame);
  const text = `${frame + 1}, ${wireLength} octets on the wire, ${octets.length} captured`;
  tree.group('frame', 'Frame', 0, octets.length, text, () => {
    tree.field('frame.number', 'Number', 0, 0, frame + 1);
    tree.field('frame.time_epoch', 'Time', 0, 0, epochText(frames.seconds.get(frame), frames.nanoseconds.get(frame)));
    describeAgentTime(capture, frame, tree);
    tree.field('frame.len', 'Length on the wire', 0, 0, wireLength);
    tree.field('frame.cap_len', 'Captured length', 0, 0, octets.length);
    if (nic.name !== '') tree.field('frame.interface_name', 'Interface', 0, 0, nic.name);
    for (const comment of capture.reader.extras.comments) {
      if (comment.frame === frame) tree.field('frame.comment', 'Comment', 0, 0, comment.text);
    }
  });
  return describeFrameLayers(nic.linkType, octets, tree, wireLength);
}

/** Where a capture agent reported the packet: when it captured it, which is the packet's time all over Earshot. */
function describeAgentTime({ store: { frames } }: Capture, frame: number, tree: PacketTree): void {
  if (!frames.hasAgentTime(frame)) return;
  const text = epochText(frames.wholeSeconds(frame), frames.partNanoseconds(frame));
  const seconds = frames.arrivalTime(frame) - frames.time(frame);
  const meaning = `${Math.abs(seconds).toFixed(6)} s ${seconds < 0 ? 'after' : 'before'} it arrived here`;
  tree.field('frame.time_captured', 'Captured by the agent', 0, 0, text, meaning);
}

/** Seconds since the epoch with all nine places. */
function epochText(seconds: number, nanoseconds: number): string {
  return `${seconds}.${nanoseconds.toString().padStart(9, '0')}`;
}

function describeBody(
  capture: Capture,
  frame: number,
  message: PacketMessage,
  dissector: Dissector,
  octets: Octets,
  mediaType: string,
  tree: PacketTree,
  source: number,
): void {
  const child: DescribeContext['child'] = (type, at, length) => {
    const body = octets.sub(at, length);
    const taker = claimant(capture, type);
    if (taker !== null) describeBody(capture, frame, message, taker, body, type, tree, source);
    else tree.field('data', 'Data', at, body.length, `${body.length} octets`, type);
  };
  const context = describeContext(capture, frame, message, mediaType, child);
  // A body is a view on its message, so the difference of their starts is its place in it.
  const at = Math.max(0, message.frameAt) + octets.start - message.octets.start;
  tree.within(source, at, () => {
    tree.group(dissector.id, dissector.label, 0, octets.length, summaryLine(dissector, octets, context), () => {
      try {
        dissector.describe(octets, tree, context);
      } catch {
        tree.fault('dissector-bug', `The ${dissector.id} dissector failed on this packet.`, 0, octets.length);
      }
    });
  });
}

function summaryLine(dissector: Dissector, octets: Octets, context: DescribeContext): string {
  try {
    return dissector.summarize(octets, context);
  } catch {
    return '';
  }
}

function claimant(capture: Capture, mediaType: string): Dissector | null {
  const bare = mediaType.split(';')[0].trim().toLowerCase();
  const claims = (d: Dissector): boolean => d.claims.some((c) => c.kind === 'media-type' && c.type === bare);
  return capture.store.dissectors.find(claims) ?? null;
}
