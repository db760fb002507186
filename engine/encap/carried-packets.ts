/** Packets that dissectors hand on (`DissectContext.packet`), taken out in the hot pass and dissected with flows of their own. */
import { ENCAPSULATION_ID } from '../classify/rule-table.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import { type Piece, slicePieces } from '../network/ip-fragments.ts';
import { type NetworkDecoder, Payload } from '../network/network-decoder.ts';
import type { Unwrapper } from '../pass/unwrapper.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { Protocol } from '../store/protocol-list.ts';

/** Packets inside packets: deeper than any real one. */
const MAX_DEPTH = 4;
const UDP_HEADER_BYTES = 8;

/** A payload that was just dissected: `at` in `bytes` is `frameAt` in the frame, or the beginning of `pieces`. */
export interface CarryingPayload {
  readonly flow: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly length: number;
  readonly truncated: boolean;
  readonly frame: number;
  readonly frameAt: number;
  readonly pieces: readonly Piece[] | null;
}

export interface CarriedPacketsOptions {
  /** Its fields are overwritten. */
  readonly decoder: NetworkDecoder;
  /** Take out what carried datagrams carry themselves, by protocol number. */
  readonly unwrappers: readonly (Unwrapper | undefined)[];
  /** Given a TCP segment, which is in the decoder; `frameStart` is where the frame begins in the decoder's octets. */
  readonly segment: (frame: number, frameStart: number) => void;
}

/**
 * Dissects the packet that a dissector handed on: all packets of one dissector share one carrier. A payload that a rule says
 * to skip octets of comes the same way, by the dissector `udp-encap`.
 */
export class CarriedPackets {
  private readonly store: CaptureStore;
  private readonly dispatcher: Dispatcher;
  private readonly options: CarriedPacketsOptions;
  /** Marks of flows, by dissector index + 1; 0 before there is one. */
  private readonly bits: Uint32Array;
  private depth = 0;
  /** Dissector index + 1 of what rules say is wrapped. */
  private readonly encapsulation: number;

  constructor(store: CaptureStore, dispatcher: Dispatcher, options: CarriedPacketsOptions) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.options = options;
    this.encapsulation = store.dissectorIds.indexOf(ENCAPSULATION_ID) + 1;
    this.bits = new Uint32Array(store.dissectors.length + 1);
  }

  /**
   * Takes the packet that the dispatcher has noted; gives what the frame is shown as: what was found in it, else `protocol`,
   * that of the payload. `mayHoldTcp` is false for what came in a TCP stream itself.
   */
  take(payload: CarryingPayload, protocol: number, mayHoldTcp: boolean): number {
    const { insideAs: as, insideAt, insideLength, insideBy } = this.dispatcher;
    this.dispatcher.insideAs = '';
    if (as === '' || this.depth >= MAX_DEPTH) return protocol;
    const offset = insideAt - payload.at;
    const { pieces } = payload;
    const inside: CarryingPayload = {
      ...payload,
      at: insideAt,
      length: insideLength,
      frameAt: payload.frameAt + offset,
      pieces: pieces === null ? null : slicePieces(pieces, offset, insideLength),
    };
    this.depth++;
    const shown = this.shown(as, inside, payload.flow, insideBy, mayHoldTcp, protocol);
    this.depth--;
    return shown === Protocol.Udp ? protocol : shown;
  }

  private shown(
    as: 'ip' | 'udp' | 'payload',
    inside: CarryingPayload,
    outer: number,
    by: number,
    mayHoldTcp: boolean,
    protocol: number,
  ): number {
    if (as === 'ip') return this.ipPacket(inside, by, mayHoldTcp, protocol);
    if (as === 'udp') return this.udpPacket(inside, by, mayHoldTcp);
    const { flows } = this.store;
    const flow = flows.carriedTwin(outer, this.bitsOf(by));
    const rule = by === this.encapsulation ? this.dispatcher.rules.of(outer) : null;
    if (rule !== null && rule.inside !== 0 && flows.dissector[flow] === 0) {
      flows.dissector[flow] = rule.inside;
      if (rule.isFixed) flows.fixed[flow] = 1;
    }
    return this.datagram(inside, flow, mayHoldTcp);
  }

  private bitsOf(by: number): number {
    if (this.bits[by] === 0) {
      const protocol = this.store.dissectorIds[by - 1] ?? 'udp';
      this.bits[by] = this.store.flows.addCarrier({ protocol, flow: 0 });
    }
    return this.bits[by];
  }

  private ipPacket(inside: CarryingPayload, by: number, mayHoldTcp: boolean, protocol: number): number {
    const { decoder, segment } = this.options;
    const { frame, frameAt, pieces } = inside;
    // What lies in pieces counts from their beginning.
    const bytes = pieces === null ? inside.bytes : inside.bytes.subarray(inside.at, inside.at + inside.length);
    const at = pieces === null ? inside.at : 0;
    const { frames } = this.store;
    const seconds = frames.seconds.get(frame);
    decoder.decodeCarried(bytes, at, inside.length, this.bitsOf(by), frame, frameAt, pieces, seconds);
    if (decoder.payload === Payload.Udp) {
      const datagram: CarryingPayload = {
        ...inside,
        bytes: decoder.bytes,
        at: decoder.at,
        length: decoder.length,
        truncated: decoder.truncated,
        frameAt: decoder.pieces === null ? decoder.at - at + frameAt : 0,
        pieces: decoder.pieces === null ? null : slicePieces(decoder.pieces, decoder.at, decoder.length),
      };
      return this.datagram(datagram, decoder.flow, mayHoldTcp);
    }
    if (decoder.payload !== Payload.Tcp || !mayHoldTcp) return Protocol.Udp;
    // What the stream's messages are found in goes the flow inside; what carries it goes its own.
    const layer = this.store.layers[by - 1];
    for (let row = layer.count - 1; row >= 0 && layer.frame.get(row) === frame; row--) {
      if (layer.flow.get(row) === 0) layer.flow.set(row, inside.flow);
    }
    frames.protocol.set(frame, protocol);
    segment(frame, at - frameAt);
    return frames.protocol.get(frame);
  }

  /** Octets that a wrong length leaves out or adds are no reason to refuse: who handed it on says that it is UDP. */
  private udpPacket(inside: CarryingPayload, by: number, mayHoldTcp: boolean): number {
    const { bytes, at, length } = inside;
    if (length < UDP_HEADER_BYTES) return Protocol.Udp;
    const ports = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
    const said = (bytes[at + 4] << 8) | bytes[at + 5];
    const payloadLength = (said >= UDP_HEADER_BYTES && said <= length ? said : length) - UDP_HEADER_BYTES;
    const datagram: CarryingPayload = {
      ...inside,
      at: at + UDP_HEADER_BYTES,
      length: payloadLength,
      truncated: inside.truncated && said > length,
      frameAt: inside.frameAt + UDP_HEADER_BYTES,
      pieces: inside.pieces === null ? null : slicePieces(inside.pieces, UDP_HEADER_BYTES, payloadLength),
    };
    return this.datagram(datagram, this.store.flows.carriedTwin(inside.flow, this.bitsOf(by), ports), mayHoldTcp);
  }

  private datagram(datagram: CarryingPayload, flow: number, mayHoldTcp: boolean): number {
    const { bytes, at, length, truncated, frame, frameAt, pieces } = datagram;
    const { dispatcher } = this;
    const protocol = dispatcher.carriedDatagram(flow, bytes, at, length, truncated, frame, frameAt, pieces);
    if (dispatcher.insideAs !== '') return this.take({ ...datagram, flow }, protocol, mayHoldTcp);
    const unwrapper = this.options.unwrappers[protocol];
    return unwrapper?.datagram(flow, bytes, at, truncated, frame, frameAt, pieces) ?? protocol;
  }
}
