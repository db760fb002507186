import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import { FIRST_ROOM } from '../../base/first-room.ts';
import { Dispatcher, type DispatcherOptions } from '../classify/dispatcher.ts';
import type { RuleTable } from '../classify/rule-table.ts';
import { CarriedPackets } from '../encap/carried-packets.ts';
import { EncapsulationFinder } from '../encap/encapsulation-finder.ts';
import { ENOUGH } from '../encap/payload-samples.ts';
import { HepPackets } from '../hep/hep-packets.ts';
import { EspPackets } from '../esp/esp-packets.ts';
import type { EspSa } from '../esp/security-association.ts';
import { KeyLog } from '../tls/key-log.ts';
import { TlsStreams } from '../tls/tls-streams.ts';
import { closedProtocol } from '../network/closed-datagrams.ts';
import { IpFragments, type Piece, slicePieces } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { TcpReassembly } from '../network/tcp-reassembly.ts';
import { type CaptureInterface, type FrameBatch } from '../readers/frame-batch.ts';
import { type RtpRows, rtpRowsOf } from '../reading/rtp-ahead.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import { TurnRelays } from '../turn/turn-relays.ts';
import { WebSockets } from '../websocket/web-sockets.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { Unwrapper } from './unwrapper.ts';

const TCP_ACK = 0x10;
/** No dissector has this number. */
const NOBODY = -1;

export interface PassOptions extends DispatcherOptions {
  /** Opens TLS connections; may grow while the capture is read. */
  readonly keyLog?: KeyLog;
  /** Open ESP. */
  readonly espSas?: readonly EspSa[] | undefined;
}

/** The hot pass: every frame once, from octets to rows. */
export class Pass {
  readonly fragments = new IpFragments();
  readonly tcp: TcpReassembly;
  readonly tls: TlsStreams;
  readonly relays: TurnRelays;
  readonly hep: HepPackets;
  readonly webSockets: WebSockets;
  /** What the keys for ESP opened; null where there are none. */
  readonly esp: EspPackets | null;
  readonly encapsulations: EncapsulationFinder;
  readonly rules: RuleTable;
  private readonly carried: CarriedPackets;
  /** Protocol number of RTP, which takes what merely looks like it; -1 where its dissector is not loaded. */
  private readonly rtpProtocol: number;
  /** Takes over what was read of RTP ahead; null where that is of no use. */
  private readonly rtpRows: RtpRows | null;
  /** By the protocol number of what carries. */
  private readonly unwrappers: (Unwrapper | undefined)[];
  private readonly store: CaptureStore;
  private readonly decoder: NetworkDecoder;
  private readonly dispatcher: Dispatcher;
  private readonly streams: StreamConsumer;
  private readonly innerStreams: StreamConsumer;
  /** Our number of a flow, by that of who looked into the frames ahead (`FrameBatch.aheadFlow`); 0 where not met yet. */
  private flowsAhead = new Uint32Array(FIRST_ROOM);
  // Of frames one after the other whose rows were read ahead: their flows, and as often as there may be frames the protocol they have.
  private readonly runFlows = new Uint32Array(ROWS_AT_ONCE);
  private readonly runProtocols = new Uint8Array(ROWS_AT_ONCE);
  /** What `flows.dissector` says of flows whose rows are taken over; no flow has it where none are. */
  private readonly rtpClaim: number;

  constructor(store: CaptureStore, options: PassOptions) {
    this.store = store;
    this.dispatcher = new Dispatcher(store.dissectors, store.layers, store.flows, store.issues, store.strings, options);
    this.rules = this.dispatcher.rules;
    this.encapsulations = new EncapsulationFinder(store.flows, this.rules);
    const rtp = store.dissectorIds.indexOf('rtp');
    this.rtpProtocol = rtp < 0 ? -1 : FIRST_DISSECTOR + rtp;
    this.rtpRows = rtpRowsOf(store);
    this.rtpClaim = this.rtpRows === null ? NOBODY : this.rtpProtocol - FIRST_DISSECTOR + 1;
    this.runProtocols.fill(Math.max(0, this.rtpProtocol));
    this.relays = new TurnRelays(store, this.dispatcher);
    this.unwrappers = Array.from({ length: FIRST_DISSECTOR + store.dissectors.length }, () => undefined);
    this.streams = new StreamConsumer(store, this.dispatcher);
    this.innerStreams = new StreamConsumer(store, this.dispatcher, { isInner: true });
    this.tls = new TlsStreams(store.flows, options.keyLog ?? new KeyLog(), this.innerStreams, (lookup, at, length) =>
      this.dispatcher.framePieces(lookup, at, length),
    );
    this.streams.tls = this.tls;
    store.frames.records = this.tls.records;
    this.hep = new HepPackets(store, this.dispatcher);
    for (const unwrapper of [this.relays, this.hep]) {
      if (unwrapper.protocol < 0) continue;
      this.unwrappers[unwrapper.protocol] = unwrapper;
      this.dispatcher.unwrapped[unwrapper.protocol - FIRST_DISSECTOR] = 1;
    }
    this.webSockets = new WebSockets(store, this.dispatcher);
    this.streams.webSockets = this.webSockets;
    this.streams.inner = this.innerStreams;
    this.innerStreams.webSockets = this.webSockets;
    this.streams.unwrappers = this.unwrappers;
    this.innerStreams.unwrappers = this.unwrappers;
    this.tcp = new TcpReassembly(this.streams);
    const { espSas = [] } = options;
    this.esp = espSas.length === 0 ? null : new EspPackets(espSas, store.flows, store.frames.records);
    if (this.esp !== null) store.frames.records = this.esp;
    this.decoder = new NetworkDecoder(store.flows, this.fragments, this.esp);
    const decoder = new NetworkDecoder(store.flows, this.fragments, this.esp);
    this.carried = new CarriedPackets(store, this.dispatcher, {
      decoder,
      unwrappers: this.unwrappers,
      segment: (frame, frameStart) => this.segment(decoder, frame, frameStart),
    });
    this.streams.carried = this.carried;
    this.innerStreams.carried = this.carried;
  }

  /** 0-based frame where a TCP connection that somebody reads ended, by flow. */
  get connectionEnds(): ReadonlyMap<number, number> {
    return this.streams.ends;
  }

  /** Takes all frames of a batch. */
  take(batch: FrameBatch, interfaces: readonly CaptureInterface[]): void {
    const { frames } = this.store;
    const { count } = batch;
    const first = frames.count;
    frames.addBatch(batch);
    for (let i = 0; i < count; ) {
      const end = this.plainRun(batch, i, Math.min(count, i + ROWS_AT_ONCE));
      if (end > i) this.takeRun(batch, i, end, first);
      else this.takeFrame(batch, i, first + i, interfaces);
      i = Math.max(end, i + 1);
    }
  }

  /**
   * Goes past frames from `from` on, up to `to`, whose rows were read ahead: plain RTP of flows that are known for it. Gives the first that
   * is not, and has the flows of the others in `runFlows`.
   */
  private plainRun({ aheadFlow, isPlainRtp }: FrameBatch, from: number, to: number): number {
    const { flowsAhead, runFlows, rtpClaim } = this;
    const { samples } = this.encapsulations;
    const claims = this.store.flows.dissector;
    let i = from;
    for (; i < to; i++) {
      if (isPlainRtp[i] === 0 || aheadFlow[i] >= flowsAhead.length) break;
      const flow = flowsAhead[aheadFlow[i]];
      if (flow === 0 || claims[flow] !== rtpClaim || !samples.letsPass(flow)) break;
      runFlows[i - from] = flow;
    }
    return i;
  }

  private takeRun(batch: FrameBatch, from: number, to: number, firstFrame: number): void {
    const { frames } = this.store;
    frames.flow.copyFrom(firstFrame + from, this.runFlows, 0, to - from);
    frames.protocol.copyFrom(firstFrame + from, this.runProtocols, 0, to - from);
    this.rtpRows?.add(batch, from, to, firstFrame);
  }

  private takeFrame(batch: FrameBatch, i: number, frame: number, interfaces: readonly CaptureInterface[]): void {
    const { frames } = this.store;
    const { decoder, dispatcher, unwrappers, rtpProtocol, flowsAhead } = this;
    const { samples } = this.encapsulations;
    const { bytes, at, aheadFlow } = batch;
    const start = at[i];
    const known = aheadFlow[i] < flowsAhead.length ? flowsAhead[aheadFlow[i]] : 0;
    if (known !== 0) {
      decoder.isDatagram(bytes, start + batch.payloadAt[i], batch.payloadLength[i], known);
    } else {
      const { linkType } = interfaces[batch.interfaceIndex[i]];
      decoder.decode(bytes, start, batch.capturedLength[i], batch.wireLength[i], linkType, frame, batch.seconds[i]);
      if (aheadFlow[i] !== 0 && this.esp === null) this.meet(aheadFlow[i], decoder.flow);
    }
    if (decoder.payload !== Payload.Udp) {
      frames.protocol.set(frame, decoder.protocol);
      if (decoder.payload === Payload.Tcp) this.segment(decoder, frame, start);
      return;
    }
    frames.flow.set(frame, decoder.flow);
    const frameAt = decoder.pieces === null ? decoder.at - start : 0;
    const pieces = decoder.pieces === null ? null : slicePieces(decoder.pieces, decoder.at, decoder.length);
    const { flow, truncated } = decoder;
    const protocol = dispatcher.datagram(
      flow,
      decoder.bytes,
      decoder.at,
      decoder.length,
      truncated,
      frame,
      frameAt,
      pieces,
    );
    if ((protocol === Protocol.Udp || protocol === rtpProtocol) && samples.waits[flow] !== ENOUGH) {
      samples.take(flow, decoder.bytes, decoder.at, decoder.length, decoder.wireLength);
    }
    const unwrapper = unwrappers[protocol];
    let shown =
      unwrapper === undefined
        ? this.shownAs(protocol)
        : unwrapper.datagram(flow, decoder.bytes, decoder.at, truncated, frame, frameAt, pieces);
    if (dispatcher.insideAs !== '') {
      shown = this.takeCarried(shown, frame, frameAt, pieces);
    }
    frames.protocol.set(frame, shown);
  }

  /** Notes which flow of ours one of `aheadFlow` is. ESP that is opened can be any datagram, so with keys for it none is noted. */
  private meet(ahead: number, flow: number): void {
    if (ahead >= this.flowsAhead.length) {
      const grown = new Uint32Array(Math.max(2 * this.flowsAhead.length, ahead + 1));
      grown.set(this.flowsAhead);
      this.flowsAhead = grown;
    }
    this.flowsAhead[ahead] = flow;
  }

  /** The capture ended: gives what still waited in streams. */
  finish(): void {
    this.streams.frame = Math.max(0, this.store.frames.count - 1);
    this.innerStreams.frame = this.streams.frame;
    this.tcp.finish();
    this.fragments.reassembly.finish();
    this.hep.finish();
    this.encapsulations.samples.finish();
  }

  /** Takes out the packet that the datagram's dissector handed on. The decoder has another one for it. */
  private takeCarried(shown: number, frame: number, frameAt: number, pieces: readonly Piece[] | null): number {
    const { flow, bytes, at, length, truncated } = this.decoder;
    return this.carried.take({ flow, bytes, at, length, truncated, frame, frameAt, pieces }, shown, true);
  }

  /** What the datagram at hand is shown as: where nobody took it, its shape may tell. */
  private shownAs(protocol: number): number {
    if (protocol !== Protocol.Udp) return protocol;
    const { flows } = this.store;
    const { flow, bytes, at, length, wireLength } = this.decoder;
    return closedProtocol(bytes, at, length, wireLength, flows.sourcePort(flow), flows.destinationPort(flow));
  }

  private segment(decoder: NetworkDecoder, frame: number, frameStart: number): void {
    const { tcp, store } = this;
    const { seconds, nanoseconds } = store.frames;
    const flow = decoder.flow;
    store.frames.flow.set(frame, flow);
    this.streams.frame = frame;
    this.innerStreams.frame = frame;
    // Octets of a segment that came in IP fragments lie in the datagram, not in the frame.
    if (decoder.pieces !== null) this.dispatcher.datagrams.set(frame, decoder.pieces);
    const reverse = store.flows.reverse[flow];
    if (reverse !== 0 && (decoder.tcpFlags & TCP_ACK) !== 0) tcp.acknowledge(reverse, decoder.tcpAcknowledgment);
    tcp.segment(
      flow,
      frame,
      seconds.get(frame) * 1000 + nanoseconds.get(frame) / 1e6,
      decoder.tcpSequence,
      decoder.tcpFlags,
      decoder.bytes,
      decoder.at,
      decoder.length,
      decoder.wireLength,
      decoder.pieces === null ? decoder.at - frameStart : decoder.at,
    );
  }
}
