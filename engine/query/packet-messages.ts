import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { type ColumnSpec, Table } from '../../base/table.ts';
import type { DissectContext, Dissector, Transport } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { NO_REASSEMBLY, type Piece } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { FlowTable } from '../store/flow-table.ts';
import type { FrameReader } from '../store/frame-reader.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';

/** A message that a packet holds or completes, with its octets at hand. */
export interface PacketMessage {
  readonly dissector: Dissector;
  readonly octets: Octets;
  /** Offset in the frame; -1 where the message came together from several frames. */
  readonly frameAt: number;
  readonly pieces: readonly Piece[];
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly truncated: boolean;
}

/** Finds the messages of single packets: the cold counterpart of the pass, one packet at a time. */
export class PacketMessages {
  private readonly capture: Capture;
  private readonly reader: FrameReader;
  private readonly decoder = new NetworkDecoder(new FlowTable(), NO_REASSEMBLY);

  constructor(capture: Capture, reader: FrameReader) {
    this.capture = capture;
    this.reader = reader;
  }

  /** The messages of a frame whose octets are `octets`, in order; usually one, none where no dissector took it. */
  async of(frame: number, octets: Octets): Promise<PacketMessage[]> {
    const { store } = this.capture;
    const index = store.frames.protocol.get(frame) - FIRST_DISSECTOR;
    if (index < 0) return [];
    const dissector = store.dissectors[index];
    const layer = store.layers[index];
    const flow = store.frames.flow.get(frame);
    const about = {
      dissector,
      transport: store.flows.isTcp(flow) ? ('tcp' as const) : ('udp' as const),
      sourcePort: store.flows.sourcePort(flow),
      destinationPort: store.flows.destinationPort(flow),
    };
    const payload = this.payloadOf(frame, octets);
    const messages: PacketMessage[] = [];
    const seen = new Set<number>();
    for (let row = layer.firstRowOf(frame); row < layer.count && layer.frame.get(row) === frame; row++) {
      if (layer.parent.get(row) !== 0) continue;
      const pieces = layer.pieces.get(row);
      if (pieces !== undefined) {
        messages.push({ ...about, octets: await this.reader.pieces(pieces), frameAt: -1, pieces, truncated: false });
        continue;
      }
      const at = layer.atOf(row);
      // A compound message has several rows at one place.
      if (seen.has(at)) continue;
      seen.add(at);
      const rest = octets.sub(at, Math.max(0, payload.end - at));
      const { truncated } = payload;
      const length = about.transport === 'tcp' ? messageLength(dissector, rest, about) : rest.length;
      messages.push({ ...about, octets: rest.sub(0, length), frameAt: at, pieces: [], truncated });
    }
    // A dissector may take a payload without a row for it (a keep-alive).
    if (messages.length === 0 && payload.end > payload.at) {
      const { at, end, truncated } = payload;
      messages.push({ ...about, octets: octets.sub(at, end - at), frameAt: at, pieces: [], truncated });
    }
    return messages;
  }

  /** Where the transport payload lies in the frame; empty where there is none. */
  private payloadOf(frame: number, octets: Octets): { at: number; end: number; truncated: boolean } {
    const { frames } = this.capture.store;
    const { decoder } = this;
    const linkType = this.capture.reader.interfaces[frames.interfaceIndex.get(frame)].linkType;
    decoder.decode(octets.bytes, octets.start, octets.length, frames.wireLength(frame), linkType, frame, 0);
    if (decoder.payload === Payload.None) return { at: 0, end: 0, truncated: false };
    const at = decoder.at - octets.start;
    return { at, end: at + decoder.length, truncated: decoder.truncated };
  }
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
