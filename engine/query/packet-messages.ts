import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { type ColumnSpec, Table } from '../../base/table.ts';
import type { DissectContext, Dissector, Transport } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { isEspPacket } from '../esp/esp-packets.ts';
import { isInflated } from '../hep/inflated-payloads.ts';
import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { FlowTable } from '../store/flow-table.ts';
import { PlainPackets } from '../srtp/plain-packets.ts';
import type { FrameReader } from '../store/frame-reader.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';
import { isWebSocketMessage } from '../websocket/message-table.ts';

/** A message that a packet holds or completes, with its octets at hand. */
export interface PacketMessage {
  readonly dissector: Dissector;
  readonly octets: Octets;
  /** Offset in the frame; -1 where its octets are not the frame's. */
  readonly frameAt: number;
  /** What its octets are where they are not the frame's, for a person; '' where they are. */
  readonly sourceName: string;
  /** They were decrypted: the same packet is there a second time, as it was sent. */
  readonly isPlain: boolean;
  /** Flow of the payload that holds it. */
  readonly flow: number;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly truncated: boolean;
}

/** Finds the messages of single packets: the cold counterpart of the pass, one packet at a time. */
export class PacketMessages {
  private readonly capture: Capture;
  readonly reader: FrameReader;
  private readonly plain: PlainPackets;
  private readonly decoder = new NetworkDecoder(new FlowTable(), NO_REASSEMBLY);

  constructor(capture: Capture, reader: FrameReader) {
    this.capture = capture;
    this.reader = reader;
    this.plain = new PlainPackets(capture);
  }

  /**
   * The messages of a frame's topmost protocol, whose octets are `octets`, in order; usually one, none where no dissector
   * took it.
   */
  async of(frame: number, octets: Octets): Promise<PacketMessage[]> {
    const index = this.capture.store.frames.protocol.get(frame) - FIRST_DISSECTOR;
    if (index < 0) return [];
    const payload = this.payloadOf(frame, octets);
    const messages = await this.ofLayer(index, frame, octets, payload);
    // A dissector may take a payload without a row for it (a keep-alive).
    if (messages.length === 0 && payload.end > payload.at) {
      const { at, end, truncated } = payload;
      messages.push({ ...this.about(index, frame), octets: octets.sub(at, end - at), frameAt: at, truncated });
    }
    return messages;
  }

  /** The messages of all protocols, outer ones first, and what was decrypted of them. */
  async all(frame: number, octets: Octets): Promise<PacketMessage[]> {
    const { store } = this.capture;
    const top = store.frames.protocol.get(frame) - FIRST_DISSECTOR;
    const messages = await this.of(frame, octets);
    const payload = this.payloadOf(frame, octets);
    for (let index = 0; index < store.layers.length; index++) {
      if (index !== top) messages.push(...(await this.ofLayer(index, frame, octets, payload)));
    }
    const inFrame = messages.filter(({ frameAt }) => frameAt >= 0);
    return [
      ...inFrame.toSorted((a, b) => a.frameAt - b.frameAt),
      ...messages.filter(({ frameAt }) => frameAt < 0),
      ...(await this.decrypted(frame)),
    ];
  }

  private async ofLayer(index: number, frame: number, octets: Octets, payload: PayloadPlace): Promise<PacketMessage[]> {
    const { store } = this.capture;
    const layer = store.layers[index];
    const messages: PacketMessage[] = [];
    const seen = new Set<number>();
    let lastPieces: readonly FramePiece[] | null = null;
    const ofFrame = this.about(index, frame);
    for (let row = layer.firstRowOf(frame); row < layer.count && layer.frame.get(row) === frame; row++) {
      // RTP that nobody believes in is not shown.
      if (layer.parent.get(row) !== 0 || this.isDisowned(layer, row)) continue;
      const carried = layer.flow.get(row);
      const about = carried === 0 ? ofFrame : { ...ofFrame, ...this.carriedBy(carried) };
      const pieces = layer.pieces.get(row);
      if (pieces !== undefined) {
        // Rows of one message share them.
        if (pieces === lastPieces) continue;
        lastPieces = pieces;
        const sourceName = nameOf(pieces);
        messages.push({ ...about, octets: await this.reader.pieces(pieces), frameAt: -1, sourceName });
        continue;
      }
      const at = layer.atOf(row);
      // A compound message has several rows at one place.
      if (seen.has(at)) continue;
      seen.add(at);
      const rest = octets.sub(at, layer.length.get(row) || Math.max(0, payload.end - at));
      const length = about.transport === 'tcp' ? messageLength(about.dissector, rest, about) : rest.length;
      messages.push({ ...about, octets: rest.sub(0, length), frameAt: at, truncated: payload.truncated });
    }
    return messages;
  }

  /** What all messages of a dissector and frame have in common, and what most have. */
  private about(index: number, frame: number) {
    const { store } = this.capture;
    const flow = store.frames.flow.get(frame);
    return {
      dissector: store.dissectors[index],
      flow,
      transport: store.flows.isTcp(flow) ? ('tcp' as const) : ('udp' as const),
      sourcePort: store.flows.sourcePort(flow),
      destinationPort: store.flows.destinationPort(flow),
      sourceName: '',
      isPlain: false,
      truncated: false,
    };
  }

  /** What something carries was dissected as a datagram. */
  private carriedBy(flow: number) {
    const { flows } = this.capture.store;
    return {
      flow,
      transport: 'udp' as const,
      sourcePort: flows.sourcePort(flow),
      destinationPort: flows.destinationPort(flow),
    };
  }

  private isDisowned(layer: LayerTable, row: number): boolean {
    const { rtp, streamOfRow, candidates } = this.capture.streams;
    if ((layer as unknown) !== rtp) return false;
    const stream = candidates[streamOfRow.get(row) - 1];
    return stream === undefined || stream.evidence === 0;
  }

  /** SRTP and SRTCP that were opened. */
  private async decrypted(frame: number): Promise<PacketMessage[]> {
    await this.plain.load([frame]);
    const packet = this.plain.of(frame);
    if (packet === null) return [];
    const index = this.capture.store.dissectorIds.indexOf(packet.protocol);
    const octets = new Octets(packet.bytes.slice());
    return [
      {
        ...this.about(index, frame),
        octets,
        frameAt: -1,
        isPlain: true,
        sourceName: `Decrypted S${packet.protocol.toUpperCase()}`,
      },
    ];
  }

  /** Where the transport payload lies in the frame; empty where there is none. */
  private payloadOf(frame: number, octets: Octets): PayloadPlace {
    const { frames } = this.capture.store;
    const { decoder } = this;
    const linkType = this.capture.reader.interfaces[frames.interfaceIndex.get(frame)].linkType;
    decoder.decode(octets.bytes, octets.start, octets.length, frames.wireLength(frame), linkType, frame, 0);
    if (decoder.payload === Payload.None) return { at: 0, end: 0, truncated: false };
    const at = decoder.at - octets.start;
    return { at, end: at + decoder.length, truncated: decoder.truncated };
  }
}

/** Where a transport payload lies in its frame. */
interface PayloadPlace {
  readonly at: number;
  readonly end: number;
  readonly truncated: boolean;
}

function nameOf(pieces: readonly FramePiece[]): string {
  if (pieces.some(({ record }) => record !== undefined && isInflated(record))) return 'Inflated HEP payload';
  if (pieces.some(({ record }) => record !== undefined && isWebSocketMessage(record))) return 'WebSocket message';
  if (pieces.every(({ record }) => record !== undefined && isEspPacket(record))) return 'Payload in decrypted ESP';
  const isDecrypted = pieces.some(({ record }) => record !== undefined);
  if (!isDecrypted) return `Reassembled from ${pieces.length} pieces`;
  return pieces.length === 1 ? 'Decrypted TLS record' : `Decrypted TLS, ${pieces.length} records`;
}

/** How many octets of a stream the message at its front takes. */
function messageLength(
  dissector: Dissector,
  octets: Octets,
  about: { transport: Transport; sourcePort: number; destinationPort: number },
): number {
  const context: DissectContext = {
    ...about,
    strings: new StringTable(),
    truncated: false,
    consumed: 0,
    child: () => {},
    packet: () => {},
    issue: () => {},
  };
  try {
    dissector.dissect(octets, scratchTable(dissector), context);
  } catch {
    return octets.length;
  }
  return context.consumed > 0 ? Math.min(context.consumed, octets.length) : octets.length;
}

const scratchTables = new WeakMap<Dissector, Table<ColumnSpec>>();

/** An empty table for rows that nobody wants; a new one for each message would be mostly its own chunks. */
function scratchTable(dissector: Dissector): Table<ColumnSpec> {
  let table = scratchTables.get(dissector);
  if (table === undefined) scratchTables.set(dissector, (table = new Table(dissector.columns)));
  table.truncate(0);
  return table;
}
