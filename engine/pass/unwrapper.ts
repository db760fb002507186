import type { Dispatcher } from '../classify/dispatcher.ts';
import { slicePieces } from '../network/ip-fragments.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';

/**
 * Takes out what the messages of one protocol carry: packets with addresses of their own, dissected as such. Which flow one
 * goes, and where in the message it lies, is for the protocol to say.
 */
export abstract class Unwrapper {
  /** What a payload of the protocol is shown as; -1 where its dissector is not loaded. */
  readonly protocol: number;
  protected readonly store: CaptureStore;
  protected readonly dispatcher: Dispatcher;
  private readonly layer: CaptureStore['layers'][number] | undefined;

  constructor(store: CaptureStore, dispatcher: Dispatcher, dissector: string) {
    const index = store.dissectorIds.indexOf(dissector);
    this.store = store;
    this.dispatcher = dispatcher;
    this.protocol = index < 0 ? -1 : FIRST_DISSECTOR + index;
    this.layer = store.layers[index];
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
    const row = this.newestRow(frame);
    const carried = row < 0 ? 0 : this.carriedFlow(row, flow, bytes, at);
    if (carried === 0) return this.protocol;
    const offset = this.payloadAt(row);
    const length = this.payloadLength(row);
    const inside = pieces === null ? null : slicePieces(pieces, offset, length);
    return this.shownAs(
      this.dissect(row, carried, bytes, at + offset, length, truncated, frame, frameAt + offset, inside),
    );
  }

  /** As `datagram`, of a message of a TCP stream. */
  streamMessage(flow: number, bytes: Uint8Array, at: number, frame: number, lookup: PieceLookup): number {
    return this.rowMessage(this.newestRow(frame), flow, bytes, at, frame, lookup);
  }

  /** As `streamMessage`, of one in the body of another: it has `length` octets and the row given. */
  bodyMessage(
    row: number,
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    frame: number,
    lookup: PieceLookup,
  ): number {
    const { layer } = this;
    if (layer !== undefined) {
      const where = this.dispatcher.framePieces(lookup, at, length);
      const only = pieceIn(where, frame);
      if (only === null) layer.pieces.set(row, where);
      else layer.setAt(row, only.at);
    }
    return this.rowMessage(row, flow, bytes, at, frame, lookup);
  }

  private rowMessage(
    row: number,
    flow: number,
    bytes: Uint8Array,
    at: number,
    frame: number,
    lookup: PieceLookup,
  ): number {
    const carried = row < 0 ? 0 : this.carriedFlow(row, flow, bytes, at);
    if (carried === 0) return this.protocol;
    const from = at + this.payloadAt(row);
    const length = this.payloadLength(row);
    const pieces = this.dispatcher.framePieces(lookup, from, length);
    const only = pieceIn(pieces, frame);
    const inside = only === null ? pieces : null;
    return this.shownAs(this.dissect(row, carried, bytes, from, length, false, frame, only?.at ?? 0, inside));
  }

  /** Takes note of a message, the payload that begins at `at`, and gives the flow of what it carries; 0 for nothing. */
  protected abstract carriedFlow(row: number, flow: number, bytes: Uint8Array, at: number): number;

  /** Where in the message of a row the packet lies, and its octets. */
  protected abstract payloadAt(row: number): number;
  protected abstract payloadLength(row: number): number;

  /** Has the carried packet dissected; the arguments are those of `Dispatcher.carriedDatagram`. */
  protected dissect(
    _row: number,
    carried: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    truncated: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    return this.dispatcher.carriedDatagram(carried, bytes, at, length, truncated, frame, frameAt, pieces);
  }

  private newestRow(frame: number): number {
    const row = (this.layer?.count ?? 0) - 1;
    return row >= 0 && this.layer?.frame.get(row) === frame ? row : -1;
  }

  private shownAs(protocol: number): number {
    // What is carried is not looked into once more.
    this.dispatcher.insideAs = '';
    return protocol === Protocol.Udp ? this.protocol : protocol;
  }
}
