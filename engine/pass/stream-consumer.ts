import type { Dispatcher, StreamStep } from '../classify/dispatcher.ts';
import type { TcpConsumer } from '../network/tcp-reassembly.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import type { TlsStreams } from '../tls/tls-streams.ts';
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
  private readonly dispatcher: Dispatcher;
  private readonly store: CaptureStore;
  private readonly isInner: boolean;
  /** Protocol number of TLS, -1 where its dissector is not loaded. */
  private readonly tlsProtocol: number;
  private readonly step: StreamStep = { protocol: Protocol.Tcp, consumed: 0 };
  private readonly tries = new Map<number, number>();

  constructor(store: CaptureStore, dispatcher: Dispatcher, options: StreamConsumerOptions = {}) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.isInner = options.isInner ?? false;
    const tls = store.dissectorIds.indexOf('tls');
    this.tlsProtocol = tls < 0 ? -1 : FIRST_DISSECTOR + tls;
  }

  data(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): number {
    const claim = this.claims[flow];
    this.dispatcher.streamMessage(flow, bytes, at, length, this.frame, pieces, this.step, this.isInner);
    const { consumed, protocol } = this.step;
    if (consumed > 0) {
      this.tries.delete(flow);
      const unwrapper = this.unwrappers[protocol];
      if (protocol === this.tlsProtocol) this.openTls(flow, bytes, at, consumed, pieces);
      else if (unwrapper !== undefined) this.takeOut(unwrapper, flow, bytes, at, pieces);
      else this.store.frames.protocol.set(this.frame, protocol);
      return consumed;
    }
    if (consumed === 0) return 0;
    if (claim === 0) return this.unclaimed(flow);
    this.store.issues.add('stream-resynchronised', this.frame, 0);
    return FIRST_DISSECTOR + claim - 1 === this.tlsProtocol
      ? nextRecord(bytes, at, length)
      : nextLine(bytes, at, length);
  }

  gap(flow: number, _lostBytes: number, frame: number): void {
    // Octets missing from what nobody reads are no finding.
    if (this.claims[flow] !== 0) this.store.issues.add('tcp-gap', frame, 0);
    this.tls?.gap(flow);
  }

  end(flow: number, frame: number): void {
    this.tries.delete(flow);
    if (this.store.flows.dissector[flow] !== 0) this.ends.set(flow, frame);
    this.tls?.end(flow, frame);
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
