import type { Dispatcher, StreamStep } from '../classify/dispatcher.ts';
import type { CarriedPackets } from '../encap/carried-packets.ts';
import { pieceIn } from '../network/ip-issues.ts';
import type { TcpConsumer } from '../network/tcp-reassembly.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import type { TlsStreams } from '../tls/tls-streams.ts';
import type { WebSockets } from '../websocket/web-sockets.ts';
import type { Unwrapper } from './unwrapper.ts';

/** Tries on a flow that nobody has claimed yet, before its octets are left alone. */
const MAX_TRIES = 4;
const LINE_FEED = 10;

export interface StreamConsumerOptions {
  /** Reads what was decrypted, not what was sent: the flow's claim is `flows.inner`. */
  readonly isInner?: boolean;
}

/**
 * Reads TCP streams message by message. A flow that nobody claims after a few tries is dropped; a flow that was
 * claimed and shows octets its dissector rejects (capture gap, junk) is searched line by line for the next message.
 */
export class StreamConsumer implements TcpConsumer {
  /** Set by the pass before each segment: the frame its messages belong to. */
  frame = 0;
  /** 0-based frame where the newest connection of a flow that somebody reads ended. */
  readonly ends = new Map<number, number>();
  /** Opens the TLS records of the streams. */
  tls: TlsStreams | null = null;
  /** Take out what messages carry, by the protocol number of what carries. */
  unwrappers: readonly (Unwrapper | undefined)[] = [];
  /** Takes out the packets that dissectors hand on. */
  carried: CarriedPackets | null = null;
  /** Puts the messages of WebSocket connections together. */
  webSockets: WebSockets | null = null;
  /** Reads what was decrypted of these streams. */
  inner: StreamConsumer | null = null;
  private readonly dispatcher: Dispatcher;
  private readonly store: CaptureStore;
  private readonly isInner: boolean;
  /** Protocol number of TLS, -1 where its dissector is not loaded. */
  private readonly tlsProtocol: number;
  private readonly step: StreamStep = { protocol: Protocol.Tcp, consumed: 0, beyond: 0 };
  /** Octets that are still to be passed over, by flow. */
  private readonly passing = new Map<number, number>();
  private readonly tries = new Map<number, number>();
  /** Flows of WebSocket connections that ended. */
  private readonly over = new Set<number>();

  constructor(store: CaptureStore, dispatcher: Dispatcher, options: StreamConsumerOptions = {}) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.isInner = options.isInner ?? false;
    const tls = store.dissectorIds.indexOf('tls');
    this.tlsProtocol = tls < 0 ? -1 : FIRST_DISSECTOR + tls;
  }

  data(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): number {
    const passed = this.passed(flow, bytes, at, length);
    if (passed > 0) return passed;
    const claim = this.claims[flow];
    this.dispatcher.streamMessage(flow, bytes, at, length, this.frame, pieces, this.step, this.isInner);
    const { consumed, protocol, beyond } = this.step;
    if (consumed > 0) {
      this.tries.delete(flow);
      if (beyond > 0) this.passing.set(flow, beyond);
      const unwrapper = this.unwrappers[protocol];
      if (this.dispatcher.insideAs !== '') this.takeCarried(flow, bytes, at, consumed, pieces, protocol);
      else if (protocol === this.tlsProtocol) this.openTls(flow, bytes, at, consumed, pieces);
      else if (unwrapper !== undefined) this.takeOut(unwrapper, flow, bytes, at, pieces);
      else if (protocol === this.webSockets?.protocol) this.takeFrame(flow, bytes, at, consumed, pieces);
      else this.store.frames.protocol.set(this.frame, protocol);
      const isHttp = protocol === this.webSockets?.httpProtocol;
      if (isHttp && this.webSockets?.takeHttp(flow, this.claims) === true) this.passing.delete(flow);
      if (this.dispatcher.bodies.length > 0) this.takeBodies(flow, bytes, at + consumed, pieces);
      return consumed;
    }
    if (consumed === 0) return 0;
    if (claim === 0) return this.unclaimed(flow);
    if (!this.isHttp(flow)) this.store.issues.add('stream-resynchronised', this.frame, 0);
    const claimed = FIRST_DISSECTOR + claim - 1;
    if (claimed === this.webSockets?.protocol) {
      this.webSockets.lose(flow);
      return 1;
    }
    return claimed === this.tlsProtocol ? nextRecord(bytes, at, length) : nextLine(bytes, at, length);
  }

  gap(flow: number, lostBytes: number, frame: number): void {
    // Octets missing from what nobody reads are no finding, and neither are those of the web.
    if (this.claims[flow] !== 0 && !this.isHttp(flow)) this.store.issues.add('tcp-gap', frame, 0);
    this.lose(flow, lostBytes);
    this.inner?.lose(flow, 0);
    this.tls?.gap(flow);
  }

  end(flow: number, frame: number): void {
    this.tries.delete(flow);
    if (this.store.flows.dissector[flow] !== 0) this.ends.set(flow, frame);
    this.tls?.end(flow, frame);
    this.passing.delete(flow);
    this.webSockets?.end(flow);
    // What comes next on these ports begins anew.
    if (this.isWebSocket(flow)) this.over.add(flow);
  }

  /** Takes note that octets of a flow are missing, `lostBytes` where that is known. */
  lose(flow: number, lostBytes: number): void {
    const left = this.passing.get(flow);
    if (left !== undefined && lostBytes > 0 && lostBytes < left) {
      this.passing.set(flow, left - lostBytes);
      return;
    }
    this.passing.delete(flow);
    if (this.isWebSocket(flow)) this.webSockets?.lose(flow);
  }

  /** Octets at the front that belong to nothing that is read; 0 as a rule. */
  private passed(flow: number, bytes: Uint8Array, at: number, length: number): number {
    if (this.over.size > 0 && this.over.delete(flow) && this.isWebSocket(flow)) this.claims[flow] = 0;
    const left = this.passing.size === 0 ? undefined : this.passing.get(flow);
    if (left === undefined) return this.webSockets?.skipped(flow, bytes, at, length) ?? 0;
    const passed = Math.min(left, length);
    if (passed === left) this.passing.delete(flow);
    else this.passing.set(flow, left - passed);
    return passed;
  }

  private isWebSocket(flow: number): boolean {
    const claim = this.claims[flow];
    return claim !== 0 && FIRST_DISSECTOR + claim - 1 === this.webSockets?.protocol;
  }

  private isHttp(flow: number): boolean {
    const claim = this.claims[flow];
    return claim !== 0 && FIRST_DISSECTOR + claim - 1 === this.webSockets?.httpProtocol;
  }

  /** The packet is shown as what a message says, where somebody knows; it may hold several frames. */
  private takeFrame(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): void {
    const { protocol } = this.store.frames;
    const shown = this.webSockets?.take(flow, bytes, at, length, this.frame, pieces) ?? 0;
    if (shown !== this.webSockets?.protocol || protocol.get(this.frame) < FIRST_DISSECTOR) {
      protocol.set(this.frame, shown);
    }
  }

  /** The frame is shown as what is inside, where that was found; a frame may hold several records. */
  private openTls(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): void {
    const { protocol } = this.store.frames;
    if (protocol.get(this.frame) < FIRST_DISSECTOR) protocol.set(this.frame, this.tlsProtocol);
    this.tls?.take(flow, bytes, at, length, this.frame, pieces);
  }

  /** The frame is shown as what its messages carry; where they carry different things, as the last that is told. */
  private takeOut(unwrapper: Unwrapper, flow: number, bytes: Uint8Array, at: number, pieces: PieceLookup): void {
    const { protocol } = this.store.frames;
    const shown = unwrapper.streamMessage(flow, bytes, at, this.frame, pieces);
    if (shown !== unwrapper.protocol || protocol.get(this.frame) < FIRST_DISSECTOR) protocol.set(this.frame, shown);
  }

  /** As `takeOut`, of messages in the body of the one that was dissected last; `end` is where that ends. */
  private takeBodies(flow: number, bytes: Uint8Array, end: number, lookup: PieceLookup): void {
    const { protocol } = this.store.frames;
    // What is taken out is dissected by the same dispatcher.
    const bodies = this.dispatcher.bodies.splice(0);
    for (let i = 0; i < bodies.length; i += 3) {
      const [index, row, at] = bodies.slice(i, i + 3);
      const next = i + 3 < bodies.length ? bodies[i + 5] : end;
      const unwrapper = this.unwrappers[FIRST_DISSECTOR + index];
      const shown = unwrapper?.bodyMessage(row, flow, bytes, at, next - at, this.frame, lookup);
      // A log or a report is no more than the body that it came in.
      if (shown !== undefined && shown !== unwrapper?.protocol) protocol.set(this.frame, shown);
    }
  }

  /** As `takeOut`, of a packet that the message's dissector handed on. */
  private takeCarried(
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    lookup: PieceLookup,
    protocol: number,
  ): void {
    const { frame } = this;
    const where = this.dispatcher.framePieces(lookup, at, length);
    const only = pieceIn(where, frame);
    const frameAt = only?.at ?? 0;
    const pieces = only === null ? where : null;
    const payload = { flow, bytes, at, length, truncated: false, frame, frameAt, pieces };
    this.store.frames.protocol.set(frame, this.carried?.take(payload, protocol, false) ?? protocol);
  }

  private get claims(): Uint8Array {
    return this.isInner ? this.store.flows.inner : this.store.flows.dissector;
  }

  private unclaimed(flow: number): number {
    const { claims } = this;
    const reverse = this.store.flows.reverse[flow];
    // The other direction's protocol is this one's.
    if (reverse !== 0 && claims[reverse] !== 0) {
      claims[flow] = claims[reverse];
      return 0;
    }
    const tries = (this.tries.get(flow) ?? 0) + 1;
    if (tries >= MAX_TRIES) {
      this.tries.delete(flow);
      return -1;
    }
    this.tries.set(flow, tries);
    return 0;
  }
}

/** Octets up to and including the next line feed, all where there is none. */
function nextLine(bytes: Uint8Array, at: number, length: number): number {
  for (let i = 0; i < length; i++) if (bytes[at + i] === LINE_FEED) return i + 1;
  return length;
}

/** Octets up to where a TLS record may begin (RFC 8446 section 5.1), all where none does. */
function nextRecord(bytes: Uint8Array, at: number, length: number): number {
  for (let i = 1; i < length; i++) {
    const type = bytes[at + i];
    if (type < 20 || type > 24) continue;
    const isRecord = (i + 1 >= length || bytes[at + i + 1] === 3) && (i + 2 >= length || bytes[at + i + 2] <= 4);
    if (isRecord) return i;
  }
  return length;
}
