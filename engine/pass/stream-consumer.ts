import type { Dispatcher, StreamStep } from '../classify/dispatcher.ts';
import type { TcpConsumer } from '../network/tcp-reassembly.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { Protocol } from '../store/protocol-list.ts';

/** Tries on a flow that nobody has claimed yet, before its octets are left alone. */
const MAX_TRIES = 4;
const LINE_FEED = 10;

/**
 * Reads TCP streams message by message. A flow that nobody claims after a few tries is dropped; a flow that was
 * claimed and shows octets its dissector rejects (capture gap, junk) is searched line by line for the next message.
 */
export class StreamConsumer implements TcpConsumer {
  /** Set by the pass before each segment: the frame its messages belong to. */
  frame = 0;
  private readonly dispatcher: Dispatcher;
  private readonly store: CaptureStore;
  private readonly step: StreamStep = { protocol: Protocol.Tcp, consumed: 0 };
  private readonly tries = new Map<number, number>();

  constructor(store: CaptureStore, dispatcher: Dispatcher) {
    this.store = store;
    this.dispatcher = dispatcher;
  }

  data(flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): number {
    const claimed = this.store.flows.dissector[flow] !== 0;
    this.dispatcher.streamMessage(flow, bytes, at, length, this.frame, pieces, this.step);
    if (this.step.consumed > 0) {
      this.tries.delete(flow);
      this.store.frames.protocol.set(this.frame, this.step.protocol);
      return this.step.consumed;
    }
    if (this.step.consumed === 0) return 0;
    if (!claimed) return this.unclaimed(flow);
    this.store.issues.add('stream-resynchronised', this.frame, 0);
    return nextLine(bytes, at, length);
  }

  gap(flow: number, _lostBytes: number, frame: number): void {
    // Octets missing from what nobody reads are no finding.
    if (this.store.flows.dissector[flow] !== 0) this.store.issues.add('tcp-gap', frame, 0);
  }

  end(flow: number): void {
    this.tries.delete(flow);
  }

  private unclaimed(flow: number): number {
    const reverse = this.store.flows.reverse[flow];
    // The other direction's protocol is this one's.
    if (reverse !== 0 && this.store.flows.dissector[reverse] !== 0) {
      this.store.flows.dissector[flow] = this.store.flows.dissector[reverse];
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
