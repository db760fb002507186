/**
 * Messages of WebSocket connections while the capture is read: put together from frames, made plain, and dissected as what
 * they are. Over TCP and inside TLS alike.
 */
import { HTTP_COLUMNS, type HttpColumns } from '../../dissectors/http/columns.ts';
import { FrameHeader, FrameResult, KEY_OCTETS, Opcode, unmasked } from '../../dissectors/websocket/frame-header.ts';
import { nextFrameAt } from '../../dissectors/websocket/looks-like.ts';
import { MAX_PAYLOAD_OCTETS } from '../../dissectors/websocket/websocket.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';
import { inflateMessage, joined, MAX_MESSAGE_BYTES, slidWindow } from './message-octets.ts';
import { MessageTable } from './message-table.ts';
import { type Negotiated, parseNegotiated, UNKNOWN } from './negotiated.ts';
import { Side } from './side.ts';
import { VertoDescriptions } from './verto-descriptions.ts';

const MAX_SIDES = 65_536;
const MAX_FRAGMENTS = 1024;
/** Unfinished messages and windows, of all connections. */
const MAX_HELD_BYTES = 64 << 20;
/** A window is kept for so many messages or octets, as long as all that are kept are no more than this. */
const WINDOW_EVERY_MESSAGES = 64;
const WINDOW_EVERY_BYTES = 256 << 10;
const MAX_WINDOW_BYTES = 32 << 20;
const OPENING_BRACE = 0x7b;
const SWITCHING_PROTOCOLS = 101;

const JSON_TYPE = 'application/json';

export class WebSockets {
  /** What a frame is shown as whose message nobody took; -1 where the dissector is not loaded. */
  readonly protocol: number;
  readonly httpProtocol: number;
  readonly descriptions: VertoDescriptions;
  private readonly store: CaptureStore;
  private readonly dispatcher: Dispatcher;
  private readonly http: LayerTable<HttpColumns> | null;
  private readonly messages: MessageTable;
  private readonly negotiated = new Map<number, Side>();
  /** Flows that lost octets: where the next frame begins has to be found. */
  private readonly lost = new Set<number>();
  /** Requests to be connected through (RFC 9110 section 9.3.6) that wait for their answer. */
  private readonly tunnels = new Set<number>();
  private readonly header = new FrameHeader();
  private held = 0;
  private windowBytes = 0;

  /** Reads back by way of `store.frames.records`: whoever else does has to be there before. */
  constructor(store: CaptureStore, dispatcher: Dispatcher) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.protocol = protocolOf(store, 'websocket');
    this.httpProtocol = protocolOf(store, 'http');
    this.http = store.layer('http', HTTP_COLUMNS);
    this.messages = new MessageTable(store.frames.records);
    store.frames.records = this.messages;
    this.descriptions = new VertoDescriptions(store, dispatcher, this.messages);
  }

  /**
   * Takes note of the HTTP message that is the newest row. Where it ends HTTP on the connection, `claims` say what follows:
   * WebSocket, or who knows; true then.
   */
  takeHttp(flow: number, claims: Uint8Array): boolean {
    if (this.http === null) return false;
    const { strings, flows } = this.store;
    const c = this.http.rows.columns;
    const row = this.http.count - 1;
    const status = c.status.get(row);
    const reverse = flows.reverse[flow];
    if (status === 0) {
      const isTunnel = strings.text(c.method.get(row)) === 'CONNECT';
      if (isTunnel && this.tunnels.size < MAX_SIDES) this.tunnels.add(flow);
      return false;
    }
    if (this.tunnels.size > 0 && this.tunnels.delete(reverse) && status >= 200 && status < 300) {
      claims[flow] = 0;
      claims[reverse] = 0;
      return true;
    }
    if (status !== SWITCHING_PROTOCOLS) return false;
    const isWebSocket = /(?:^|[\s,])websocket(?:[\s,/]|$)/i.test(strings.text(c.upgrade.get(row)));
    if (!isWebSocket || this.protocol < 0) {
      claims[flow] = 0;
      claims[reverse] = 0;
      return true;
    }
    const settled = parseNegotiated(
      strings.text(c.webSocketProtocol.get(row)),
      strings.text(c.webSocketExtensions.get(row)),
    );
    this.begin(flow, settled, settled.serverKeepsContext);
    claims[flow] = this.protocol - FIRST_DISSECTOR + 1;
    if (reverse !== 0) {
      this.begin(reverse, settled, settled.clientKeepsContext);
      claims[reverse] = claims[flow];
    }
    return true;
  }

  /** Takes a frame, `length` octets at `at`, as its dissector accepted it in `frame`; gives what the packet is shown as. */
  take(flow: number, bytes: Uint8Array, at: number, length: number, frame: number, lookup: PieceLookup): number {
    const { header } = this;
    if (header.read(bytes, at, at + length) !== FrameResult.Found || header.opcode >= Opcode.Close)
      return this.protocol;
    const side = this.sideOf(flow);
    if (side === null) return this.protocol;
    this.held -= side.heldBytes;
    const shown = this.takeData(side, flow, bytes, at, length, frame, lookup);
    this.held += side.heldBytes;
    return shown;
  }

  /** Octets of a flow are missing. */
  lose(flow: number): void {
    const side = this.negotiated.get(flow);
    if (side !== undefined) {
      this.held -= side.heldBytes;
      side.dropMessage();
      side.loseContext();
    }
    if (this.lost.size < MAX_SIDES) this.lost.add(flow);
  }

  /** How many octets, of a flow that lost some, to leave alone until a frame begins; 0 where none are to be. */
  skipped(flow: number, bytes: Uint8Array, at: number, length: number): number {
    if (this.lost.size === 0 || !this.lost.has(flow)) return 0;
    const skipped = nextFrameAt(bytes, at, at + length);
    if (skipped < 0) return length;
    this.lost.delete(flow);
    return skipped;
  }

  end(flow: number): void {
    const side = this.negotiated.get(flow);
    if (side !== undefined) this.held -= side.heldBytes;
    this.negotiated.delete(flow);
    this.lost.delete(flow);
    this.tunnels.delete(flow);
  }

  private begin(flow: number, { subprotocol }: Negotiated, keepsContext: boolean): Side | null {
    this.end(flow);
    if (this.negotiated.size >= MAX_SIDES) return null;
    const side = new Side(subprotocol, keepsContext);
    this.negotiated.set(flow, side);
    return side;
  }

  private sideOf(flow: number): Side | null {
    return this.negotiated.get(flow) ?? this.begin(flow, UNKNOWN, true);
  }

  private takeData(
    side: Side,
    flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    frame: number,
    lookup: PieceLookup,
  ): number {
    const { opcode, headerLength, payloadLength, isMasked, isFinal, isCompressed } = this.header;
    if (opcode === Opcode.Continuation) {
      if (!side.isOpen) return this.protocol;
    } else {
      side.begin(isCompressed);
    }
    const payloadAt = at + headerLength;
    const isTooMuch =
      payloadLength > MAX_PAYLOAD_OCTETS ||
      side.payloadBytes + payloadLength > MAX_MESSAGE_BYTES ||
      side.payloads.length >= MAX_FRAGMENTS ||
      this.held + side.heldBytes + payloadLength > MAX_HELD_BYTES;
    if (isTooMuch && !side.isSkipping) {
      this.store.issues.add('websocket-limit', frame, 0);
      if (side.isCompressed) side.loseContext();
      side.dropMessage();
      side.isOpen = true;
      side.isSkipping = true;
    }
    if (side.isSkipping) {
      if (isFinal) side.dropMessage();
      return this.protocol;
    }
    const payload = unmasked(bytes, isMasked ? payloadAt - KEY_OCTETS : -1, payloadAt, payloadLength);
    if (isFinal && side.payloads.length === 0) {
      side.isOpen = false;
      const isAsIs = !isMasked && !side.isCompressed;
      const where = this.dispatcher.framePieces(lookup, isAsIs ? payloadAt : at, isAsIs ? payloadLength : length);
      return this.message(side, flow, payload, frame, where, isAsIs);
    }
    side.payloads.push(payload);
    side.payloadBytes += payloadLength;
    for (const piece of this.dispatcher.framePieces(lookup, at, length)) side.pieces.push(piece);
    if (!isFinal) return this.protocol;
    const whole = joined(side.payloads);
    const where = side.pieces;
    side.dropMessage();
    return this.message(side, flow, whole, frame, where, false);
  }

  /** `isAsIs`: `where` is where the octets of the message lie, not those of its frames. */
  private message(
    side: Side,
    flow: number,
    payload: Uint8Array,
    frame: number,
    where: readonly FramePiece[],
    isAsIs: boolean,
  ): number {
    if (isAsIs) return this.dissect(side, flow, payload, frame, where);
    if (side.isCompressed) return this.compressed(side, flow, payload, frame, where);
    const record = this.messages.addPlain(frame, where);
    if (record === 0) return this.protocol;
    const shown = this.dissect(side, flow, payload, frame, [{ frame, at: 0, length: payload.length, record }]);
    if (shown === this.protocol) this.messages.drop(record);
    return shown;
  }

  private compressed(
    side: Side,
    flow: number,
    payload: Uint8Array,
    frame: number,
    where: readonly FramePiece[],
  ): number {
    const message = inflateMessage(payload, side.window);
    if (message === null) {
      this.store.issues.add('websocket-inflate', frame, 0);
      side.loseContext();
      return this.protocol;
    }
    const record = this.messages.addCompressed(frame, where, side.previous, this.windowToKeep(side));
    this.noteSaid(side, message, record);
    if (record === 0 || message.length === 0) return this.protocol;
    return this.dissect(side, flow, message, frame, [{ frame, at: 0, length: message.length, record }]);
  }

  /** What the message at hand may refer to, where it is time to keep it. */
  private windowToKeep(side: Side): Uint8Array | null {
    const isDue = side.sinceMessages >= WINDOW_EVERY_MESSAGES || side.sinceBytes >= WINDOW_EVERY_BYTES;
    if (!isDue || this.windowBytes + side.window.length > MAX_WINDOW_BYTES) return null;
    this.windowBytes += side.window.length;
    side.sinceMessages = 0;
    side.sinceBytes = 0;
    return side.window;
  }

  private noteSaid(side: Side, message: Uint8Array, record: number): void {
    if (!side.keepsContext) return;
    side.window = slidWindow(side.window, message);
    side.previous = record;
    side.sinceMessages++;
    side.sinceBytes += message.length;
    if (record === 0 || this.held + side.heldBytes > MAX_HELD_BYTES) side.loseContext();
  }

  private dissect(
    { subprotocol }: Side,
    flow: number,
    message: Uint8Array,
    frame: number,
    pieces: readonly FramePiece[],
  ): number {
    const mediaType = message[0] === OPENING_BRACE ? JSON_TYPE : '';
    const protocol = this.dispatcher.framedMessage(flow, { id: subprotocol, mediaType }, message, frame, pieces);
    if (protocol < FIRST_DISSECTOR) return this.protocol;
    this.descriptions.take(protocol, flow, message, frame, pieces);
    return protocol;
  }
}

function protocolOf(store: CaptureStore, dissector: string): number {
  const index = store.dissectorIds.indexOf(dissector);
  return index < 0 ? -1 : FIRST_DISSECTOR + index;
}
