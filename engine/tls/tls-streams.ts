/**
 * Opens TLS over TCP with a key log while the capture is read (RFC 5246, RFC 8446): follows both sides of each connection
 * through hellos, ChangeCipherSpec, key updates and renegotiation, and hands on what is inside.
 */
import {
  HandshakeType,
  parseClientHello,
  parseServerHello,
  TLS_HANDSHAKE_HEADER,
} from '../../dissectors/tls/handshake.ts';
import { ContentType } from '../../dissectors/tls/records.ts';
import type { Octets } from '../../base/octets.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import type { TcpConsumer } from '../network/tcp-reassembly.ts';
import type { FlowTable } from '../store/flow-table.ts';
import { InnerStreams } from './inner-streams.ts';
import type { KeyLog } from './key-log.ts';
import { RECORD_HEADER_BYTES } from './record-cipher.ts';
import { RecordTable } from './record-table.ts';
import { TLS_1_3, TlsConnection } from './tls-connection.ts';
import type { OpenedRecord, TlsSide } from './tls-side.ts';

const MAX_CONNECTIONS = 65_536;
/** Of one connection, until both hellos are known. */
const MAX_HELD_RECORDS = 64;

export class TlsStreams {
  /** In order of their first record. */
  readonly connections: TlsConnection[] = [];
  readonly records = new RecordTable();
  private readonly flows: FlowTable;
  private readonly keyLog: KeyLog;
  private readonly framePieces: (lookup: PieceLookup, at: number, length: number) => FramePiece[];
  private readonly inner: InnerStreams;
  private readonly byFlow = new Map<number, TlsSide>();

  /** `inner` reads what was decrypted; `framePieces` says where octets of a stream lie in frames. */
  constructor(
    flows: FlowTable,
    keyLog: KeyLog,
    inner: TcpConsumer,
    framePieces: (lookup: PieceLookup, at: number, length: number) => FramePiece[],
  ) {
    this.flows = flows;
    this.keyLog = keyLog;
    this.framePieces = framePieces;
    this.inner = new InnerStreams(this.records, inner);
  }

  /** Takes whole records: `length` octets at `at`, as the TLS dissector accepted them in `frame`. */
  take(flow: number, bytes: Uint8Array, at: number, length: number, frame: number, lookup: PieceLookup): void {
    const end = at + length;
    while (at + RECORD_HEADER_BYTES <= end) {
      const lengthBytes = RECORD_HEADER_BYTES + ((bytes[at + 3] << 8) | bytes[at + 4]);
      if (at + lengthBytes > end) return;
      const side = this.sideOf(flow, frame);
      if (side === null) return;
      if (!side.isGivenUp) this.record(side, bytes.subarray(at, at + lengthBytes), at, frame, lookup);
      at += lengthBytes;
    }
  }

  gap(flow: number): void {
    const side = this.byFlow.get(flow);
    if (side === undefined) return;
    side.lose();
    this.inner.gap(flow);
  }

  end(flow: number, frame: number): void {
    const side = this.byFlow.get(flow);
    if (side === undefined) return;
    side.isEnded = true;
    this.inner.end(flow, frame);
    if (side.connection.sides.every(({ isEnded }) => isEnded)) this.forget(side.connection);
  }

  /** Secrets that came too late for a connection are in the key log now: reading again would open it. */
  get hasLateSecrets(): boolean {
    return this.connections.some(
      ({ hasSecret, clientHello }) =>
        hasSecret === false && clientHello !== null && this.keyLog.has(clientHello.random),
    );
  }

  /** The side that sends on a flow, of a new connection where the one before ended; null where there are too many. */
  private sideOf(flow: number, frame: number): TlsSide | null {
    const known = this.byFlow.get(flow);
    if (known !== undefined && !known.isEnded) return known;
    const other = this.byFlow.get(this.flows.reverse[flow])?.connection.sides[1];
    if (known !== undefined || other === undefined || other.flow !== 0) return this.begin(flow, frame);
    // The other direction was seen alone so far.
    other.flow = flow;
    this.byFlow.set(flow, other);
    return other;
  }

  private begin(flow: number, frame: number): TlsSide | null {
    if (this.connections.length >= MAX_CONNECTIONS) return null;
    const reverse = this.flows.reverse[flow];
    const connection = new TlsConnection(flow, reverse, frame);
    this.connections.push(connection);
    for (const side of connection.sides) if (side.flow !== 0) this.byFlow.set(side.flow, side);
    return connection.sides[0];
  }

  private forget(connection: TlsConnection): void {
    for (const side of connection.sides) {
      if (this.byFlow.get(side.flow) === side) this.byFlow.delete(side.flow);
    }
  }

  private record(side: TlsSide, record: Uint8Array, at: number, frame: number, lookup: PieceLookup): void {
    const { connection } = side;
    const { version } = connection;
    const type = record[0];
    const isPlain = type === ContentType.Handshake && !side.isProtected;
    const isReady = version !== 0 && connection.clientHello !== null;
    // The second ClientHello that a server may ask for comes behind early data.
    const isNext = isPlain && (isClientHello(record) || connection.held.every((held) => held.side !== side));
    // Version 1.3 sends it for the sake of middleboxes (RFC 8446 appendix D.4): it says nothing.
    if (type === ContentType.ChangeCipherSpec && (version === TLS_1_3 || connection.isRetried)) return;
    if (!isReady && !isNext) {
      if (connection.clientHello === null && connection.serverHello === null) return;
      this.hold(side, record, frame, lookup.pieces(at, record.length));
      return;
    }
    if (isPlain) {
      side.handshake.push(record.subarray(RECORD_HEADER_BYTES), (message, body) => {
        this.message(side, message, body, frame, false);
      });
      return;
    }
    if (version === TLS_1_3) {
      if (type === ContentType.ApplicationData) this.open(side, record, at, frame, lookup);
      return;
    }
    if (side.isProtected) this.open(side, record, at, frame, lookup);
    if (type === ContentType.ChangeCipherSpec) side.changeCipher();
  }

  private open(side: TlsSide, record: Uint8Array, at: number, frame: number, lookup: PieceLookup): void {
    const { connection } = side;
    if (connection.hasSecret !== true) return;
    const opened = side.open(record);
    if (opened === null) return;
    connection.openedRecords++;
    const { type, bytes } = opened.plain;
    if (type === ContentType.Handshake) {
      side.handshake.push(bytes, (message, body) => {
        this.message(side, message, body, frame, true);
      });
    } else if (type === ContentType.ApplicationData && bytes.length > 0) {
      this.handOn(side, opened, frame, this.framePieces(lookup, at, record.length));
    }
  }

  private handOn(side: TlsSide, opened: OpenedRecord, frame: number, pieces: readonly FramePiece[]): void {
    const { keys, sequence, chainedIv, plain } = opened;
    const id = this.records.add(frame, pieces, keys, sequence, chainedIv);
    if (id === 0 || !this.inner.take(side.flow, plain.bytes, id, frame)) side.isGivenUp = true;
  }

  private message(side: TlsSide, type: number, body: Octets | null, frame: number, isProtected: boolean): void {
    const { connection } = side;
    if (type === HandshakeType.ClientHello) {
      const hello = body === null ? null : parseClientHello(body);
      if (hello === null) return;
      // In the clear again: another connection on the same ports, whose beginning was not seen.
      const isNew = !isProtected && connection.serverHello !== null && connection.clientHello !== null;
      const sender = isNew ? this.begin(side.flow, frame) : side;
      if (sender === null) return;
      sender.connection.takeClientHello(sender, hello);
      // Of a renegotiation the ServerHello decides; keys stay in force until ChangeCipherSpec.
      if (!isProtected) this.establish(sender.connection);
    } else if (type === HandshakeType.ServerHello) {
      const hello = body === null ? null : parseServerHello(body);
      if (hello === null) return;
      if (hello.isHelloRetryRequest) {
        connection.isRetried = true;
        return;
      }
      connection.takeServerHello(side, hello);
      this.establish(connection);
    } else if (connection.version === TLS_1_3) {
      if (type === HandshakeType.Finished) side.finishHandshake();
      else if (type === HandshakeType.KeyUpdate) side.updateKeys();
    }
  }

  private establish(connection: TlsConnection): void {
    if (connection.clientHello === null || connection.serverHello === null) return;
    connection.establish(this.keyLog);
    if (connection.hasSecret !== true) for (const side of connection.sides) side.isGivenUp = true;
    for (const { side, record, frame, pieces } of connection.held.splice(0)) {
      if (!side.isGivenUp) this.record(side, record, 0, frame, { pieces: () => [...pieces] });
    }
  }

  private hold(side: TlsSide, record: Uint8Array, frame: number, pieces: readonly FramePiece[]): void {
    const { held, clientHello } = side.connection;
    const isUseless = clientHello !== null && !this.keyLog.has(clientHello.random);
    if (isUseless || held.length >= MAX_HELD_RECORDS) side.lose();
    else held.push({ side, record: new Uint8Array(record), frame, pieces });
  }
}

/** A record of one ClientHello and nothing else. */
function isClientHello(record: Uint8Array): boolean {
  const at = RECORD_HEADER_BYTES;
  const lengthBytes = (record[at + 1] << 16) | (record[at + 2] << 8) | record[at + 3];
  return record[at] === HandshakeType.ClientHello && lengthBytes + TLS_HANDSHAKE_HEADER === record.length - at;
}
