/** What HEP carries, taken out in the hot pass: packets with the addresses that the capture agent says they had. */
import { U32Column } from '../../base/columns.ts';
import { type HepColumns, hepColumns, HepFlag } from '../../dissectors/hep/columns.ts';
import { isReport } from '../../dissectors/hep/protocol-types.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import { slicePieces } from '../network/ip-fragments.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FlowKind } from '../store/flow-table.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import { inflate, InflatedPayloads } from './inflated-payloads.ts';

const TCP = 6;
const OPENING_BRACE = 0x7b;

/**
 * Has the payload of HEP messages dissected as packets of their own. All agents share one carrier, so that a packet that
 * several of them saw is the same packet on the same flow.
 */
export class HepPackets {
  /** By row of the `hep` layer: the SIP row (+ 1) of the message that it carries; 0 for none. */
  readonly sipRow = new U32Column();
  private readonly store: CaptureStore;
  private readonly dispatcher: Dispatcher;
  private readonly hep: LayerTable<HepColumns> | null;
  private readonly sip: LayerTable | undefined;
  private readonly protocol: number;
  private readonly inflated: InflatedPayloads | null;
  /** Marks the kind of carried flows; 0 before there is one. */
  private bits = 0;

  /** Reads back what it inflates by way of `store.frames.records`, which has to be set before. */
  constructor(store: CaptureStore, dispatcher: Dispatcher) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.hep = store.layer('hep', hepColumns);
    this.sip = store.layers[store.dissectorIds.indexOf('sip')];
    this.protocol = FIRST_DISSECTOR + store.dissectorIds.indexOf('hep');
    const { records } = store.frames;
    this.inflated = records === null ? null : new InflatedPayloads(records);
    if (this.inflated !== null) store.frames.records = this.inflated;
  }

  /** Whether a payload that was shown as this protocol may carry another. */
  mayCarry(protocol: number): boolean {
    return protocol === this.protocol && this.hep !== null;
  }

  /**
   * Looks at the row that a datagram on the wire just got. Gives the protocol of what it carries, or its own. The
   * arguments are those of `Dispatcher.datagram`.
   */
  datagram(
    flow: number,
    bytes: Uint8Array,
    at: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    const row = this.rowWithPacket(bytes, at, frame);
    if (this.hep === null || row < 0) return this.protocol;
    const { payloadAt, payloadLength } = this.hep.rows.columns;
    const offset = payloadAt.get(row);
    const length = payloadLength.get(row);
    const inside = pieces === null ? null : slicePieces(pieces, offset, length);
    return this.take(row, flow, bytes, at, truncated, frame, frameAt + offset, inside);
  }

  /** As `datagram`, of a message of a TCP stream. */
  streamMessage(flow: number, bytes: Uint8Array, at: number, frame: number, lookup: PieceLookup): number {
    const row = this.rowWithPacket(bytes, at, frame);
    if (this.hep === null || row < 0) return this.protocol;
    const { payloadAt, payloadLength } = this.hep.rows.columns;
    const pieces = this.dispatcher.framePieces(lookup, at + payloadAt.get(row), payloadLength.get(row));
    const isInFrame = pieces.length === 1 && pieces[0].frame === frame && pieces[0].record === undefined;
    return this.take(row, flow, bytes, at, false, frame, isInFrame ? pieces[0].at : 0, isInFrame ? null : pieces);
  }

  /** The newest row where it is of this frame and carries a packet, else −1. */
  private rowWithPacket(bytes: Uint8Array, at: number, frame: number): number {
    const row = (this.hep?.count ?? 0) - 1;
    if (this.hep === null || row < 0 || this.hep.frame.get(row) !== frame) return -1;
    const c = this.hep.rows.columns;
    if (c.payloadLength.get(row) === 0 || isReport(c.protocolType.get(row))) return -1;
    // RTCP comes as it was sent or as JSON, under the same number.
    return bytes[at + c.payloadAt.get(row)] === OPENING_BRACE ? -1 : row;
  }

  /** `pieces` and `frameAt` say where the payload lies, as `Dispatcher.datagram` has them. */
  private take(
    row: number,
    flow: number,
    bytes: Uint8Array,
    at: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    const before = this.sip?.count ?? 0;
    const shown = this.dissect(row, flow, bytes, at, truncated, frame, frameAt, pieces);
    if (this.sip !== undefined && this.sip.count > before) this.sipRow.set(row, before + 1);
    return shown === Protocol.Udp ? this.protocol : shown;
  }

  private dissect(
    row: number,
    flow: number,
    bytes: Uint8Array,
    at: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    if (this.hep === null) return this.protocol;
    const c = this.hep.rows.columns;
    const carried = this.carriedFlow(row, flow, bytes, at);
    const from = at + c.payloadAt.get(row);
    const length = c.payloadLength.get(row);
    if ((c.flags.get(row) & HepFlag.Compressed) !== 0) {
      const where = pieces ?? [{ frame, at: frameAt, length }];
      return this.takeInflated(carried, bytes.subarray(from, from + length), frame, frameAt, where);
    }
    return this.dispatcher.carriedDatagram(carried, bytes, from, length, truncated, frame, frameAt, pieces);
  }

  private takeInflated(
    carried: number,
    compressed: Uint8Array,
    frame: number,
    frameAt: number,
    where: readonly FramePiece[],
  ): number {
    if (this.inflated === null) return this.protocol;
    const payload = inflate(compressed);
    if (payload === null) {
      this.store.issues.add('hep-inflate', frame, frameAt);
      return this.protocol;
    }
    const record = this.inflated.add(frame, where);
    if (record === 0 || payload.length === 0 || payload[0] === OPENING_BRACE) return this.protocol;
    const pieces = [{ frame, at: 0, length: payload.length, record }];
    return this.dispatcher.carriedDatagram(carried, payload, 0, payload.length, false, frame, 0, pieces);
  }

  /** The flow that the message at `at` names; the ends of the connection stand in where it names none. */
  private carriedFlow(row: number, flow: number, bytes: Uint8Array, at: number): number {
    const { flows } = this.store;
    if (this.bits === 0) this.bits = flows.addCarrier({ protocol: 'hep', flow: 0 });
    if (this.hep === null) return 0;
    const c = this.hep.rows.columns;
    const sourceAt = c.sourceAt.get(row);
    const destinationAt = c.destinationAt.get(row);
    if (sourceAt === 0 || destinationAt === 0) return flows.carriedTwin(flow, this.bits);
    const isTcp = c.transport.get(row) === TCP;
    const ports = ((c.sourcePort.get(row) << 16) | c.destinationPort.get(row)) >>> 0;
    if (c.ipVersion.get(row) === 6) {
      const kind = (isTcp ? FlowKind.Tcp6 : FlowKind.Udp6) | this.bits;
      return flows.lookup(kind, flows.ipv6Id(bytes, at + sourceAt), flows.ipv6Id(bytes, at + destinationAt), ports);
    }
    const kind = (isTcp ? FlowKind.Tcp4 : FlowKind.Udp4) | this.bits;
    return flows.lookup(kind, ipv4(bytes, at + sourceAt), ipv4(bytes, at + destinationAt), ports);
  }
}

function ipv4(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
