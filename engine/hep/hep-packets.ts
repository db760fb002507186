/** What HEP carries, taken out in the hot pass: packets with the addresses that the capture agent says they had. */
import { U32Column } from '../../base/columns.ts';
import { type HepColumns, hepColumns, HepFlag } from '../../dissectors/hep/columns.ts';
import { isReport } from '../../dissectors/hep/protocol-types.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import { Unwrapper } from '../pass/unwrapper.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FlowKind } from '../store/flow-table.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { HepAgents } from './agents.ts';
import { inflate, InflatedPayloads } from './inflated-payloads.ts';

const TCP = 6;
const OPENING_BRACE = 0x7b;

/**
 * Has the payload of HEP messages dissected as packets of their own. All agents share one carrier, so that a packet that
 * several of them saw is the same packet on the same flow.
 */
export class HepPackets extends Unwrapper {
  /** By row of the `hep` layer: the SIP row (+ 1) of the message that it carries; 0 for none. */
  readonly sipRow = new U32Column();
  readonly agents: HepAgents;
  private readonly hep: LayerTable<HepColumns> | null;
  private readonly sip: LayerTable | undefined;
  private readonly rtp: LayerTable | undefined;
  private readonly rtcp: LayerTable | undefined;
  private readonly inflated: InflatedPayloads | null;
  /** Marks the kind of carried flows; 0 before there is one. */
  private bits = 0;

  /** Reads back what it inflates by way of `store.frames.records`, which has to be set before. */
  constructor(store: CaptureStore, dispatcher: Dispatcher) {
    super(store, dispatcher, 'hep');
    this.hep = store.layer('hep', hepColumns);
    const layerOf = (id: string): LayerTable | undefined => store.layers[store.dissectorIds.indexOf(id)];
    this.sip = layerOf('sip');
    this.rtp = layerOf('rtp');
    this.rtcp = layerOf('rtcp');
    this.agents = new HepAgents(store);
    const { records } = store.frames;
    this.inflated = records === null ? null : new InflatedPayloads(records);
    if (this.inflated !== null) store.frames.records = this.inflated;
  }

  protected payloadAt(row: number): number {
    return this.hep?.rows.columns.payloadAt.get(row) ?? 0;
  }

  protected payloadLength(row: number): number {
    return this.hep?.rows.columns.payloadLength.get(row) ?? 0;
  }

  protected override dissect(
    row: number,
    carried: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    const { sip, rtp, rtcp } = this;
    const before = sip?.count ?? 0;
    const [rtpBefore, rtcpBefore] = [rtp?.count ?? 0, rtcp?.count ?? 0];
    const isCompressed = ((this.hep?.rows.columns.flags.get(row) ?? 0) & HepFlag.Compressed) !== 0;
    const shown = isCompressed
      ? this.takeInflated(
          carried,
          bytes.subarray(at, at + length),
          frame,
          frameAt,
          pieces ?? [{ frame, at: frameAt, length }],
        )
      : super.dissect(row, carried, bytes, at, length, truncated, frame, frameAt, pieces);
    if (sip !== undefined && sip.count > before) this.sipRow.set(row, before + 1);
    if (this.hep === null) return shown;
    setAgent(sip, before, this.hep, row);
    setAgent(rtp, rtpBefore, this.hep, row);
    setAgent(rtcp, rtcpBefore, this.hep, row);
    return shown;
  }

  /** Everything was read. */
  finish(): void {
    if (this.hep !== null) this.agents.finish(this.hep);
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

  /**
   * The flow that the message at `at` names, where it carries a packet; the ends of the connection stand in where it names
   * none.
   */
  protected carriedFlow(row: number, flow: number, bytes: Uint8Array, at: number): number {
    if (this.hep === null) return 0;
    const { flows } = this.store;
    const c = this.hep.rows.columns;
    this.agents.take(this.hep, row);
    if (c.payloadLength.get(row) === 0 || isReport(c.protocolType.get(row))) return 0;
    // RTCP comes as it was sent or as JSON, under the same number.
    if (bytes[at + c.payloadAt.get(row)] === OPENING_BRACE) return 0;
    if (this.bits === 0) this.bits = flows.addCarrier({ protocol: 'hep', flow: 0 });
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

/** Says of the rows of a layer from `from` on who reported them in row `row` of HEP, and when they were captured. */
function setAgent(layer: LayerTable | undefined, from: number, hep: LayerTable<HepColumns>, row: number): void {
  if (layer === undefined) return;
  const agent = hep.rows.columns.agentNumber.get(row);
  for (let carried = from; carried < layer.count; carried++) {
    layer.agent.set(carried, agent);
    layer.later.set(carried, hep.later.get(row));
  }
}

function ipv4(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
