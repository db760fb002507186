import { cipherSuiteName } from '../../dissectors/tls/cipher-suites.ts';
import { type ClientHello, ExtensionType, type ServerHello } from '../../dissectors/tls/handshake.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { KeyLog } from './key-log.ts';
import { keyBlock } from './key-schedule.ts';
import { recordAlgorithm, type RecordAlgorithm } from './record-algorithm.ts';
import type { RecordKeys } from './record-cipher.ts';
import { TlsSide } from './tls-side.ts';

const TLS_1_0 = 0x0301;
const TLS_1_2 = 0x0303;
export const TLS_1_3 = 0x0304;
/** A host name has no more (RFC 1035 section 2.3.4). */
const MAX_NAME = 255;

/** A record that came before what is needed to open it: frames of the two directions need not be in order. */
export interface HeldRecord {
  readonly side: TlsSide;
  readonly record: Uint8Array;
  readonly frame: number;
  /** Where it lies, as the stream of segments has it. */
  readonly pieces: readonly FramePiece[];
}

/** A TLS connection over TCP, as far as the capture shows it. */
export class TlsConnection {
  /** 0-based frame of its first record. */
  readonly firstFrame: number;
  /** The side that was seen first, and the other. */
  readonly sides: readonly [TlsSide, TlsSide];
  client: TlsSide | null = null;
  clientHello: Pick<ClientHello, 'random' | 'serverName'> | null = null;
  serverHello: Pick<ServerHello, 'version' | 'random' | 'cipherSuite' | 'compression' | 'encryptThenMac'> | null = null;
  /** The client's hello says that early data (0-RTT) follow. */
  offersEarlyData = false;
  /** Version 1.3: the server asked for another ClientHello. */
  isRetried = false;
  /** Of the first handshake; a renegotiation has another. */
  clientRandom: Uint8Array | null = null;
  /** The key log has what it takes, at least of one side; null before that could be asked. */
  hasSecret: boolean | null = null;
  /** The suite, the version or compression cannot be opened here. */
  isUnsupported = false;
  /** The client sent early data, which stay closed. */
  hasEarlyData = false;
  openedRecords = 0;
  failedRecords = 0;
  readonly held: HeldRecord[] = [];

  constructor(flow: number, reverse: number, frame: number) {
    this.firstFrame = frame;
    this.sides = [new TlsSide(flow, this), new TlsSide(reverse, this)];
  }

  /** Negotiated version, 0 before the ServerHello. */
  get version(): number {
    return this.serverHello?.version ?? 0;
  }

  /** IANA name of the suite, '' before the ServerHello, or where it is not known. */
  get cipherSuite(): string {
    return this.serverHello === null ? '' : cipherSuiteName(this.serverHello.cipherSuite);
  }

  sideOf(flow: number): TlsSide {
    return this.sides[0].flow === flow ? this.sides[0] : this.sides[1];
  }

  takeClientHello(side: TlsSide, hello: ClientHello): void {
    const { random, serverName, extensions } = hello;
    this.client = side;
    // No more is kept than is needed: a hello can be long.
    this.clientHello = { random, serverName: serverName.slice(0, MAX_NAME) };
    this.clientRandom ??= random;
    this.offersEarlyData = extensions.some(({ type }) => type === ExtensionType.EarlyData);
  }

  takeServerHello(side: TlsSide, hello: ServerHello): void {
    this.client ??= side === this.sides[0] ? this.sides[1] : this.sides[0];
    const { version, random, cipherSuite, compression, encryptThenMac } = hello;
    this.serverHello = { version, random, cipherSuite, compression, encryptThenMac };
  }

  /** Both hellos are known: gives both sides their keys, where the log has the secrets. */
  establish(keyLog: KeyLog): void {
    const { clientHello, serverHello, version } = this;
    if (clientHello === null || serverHello === null) return;
    const algorithm = recordAlgorithm(this.cipherSuite);
    if (algorithm === null || serverHello.compression !== 0 || version < TLS_1_0 || version > TLS_1_3) {
      this.isUnsupported = true;
      return;
    }
    if (version === TLS_1_3) this.setTrafficSecrets(algorithm, keyLog, clientHello.random);
    else this.setKeyBlock(algorithm, keyLog, clientHello, serverHello);
  }

  private setTrafficSecrets(algorithm: RecordAlgorithm, keyLog: KeyLog, random: Uint8Array): void {
    this.hasSecret = false;
    for (const side of this.sides) {
      const name = side === this.client ? 'CLIENT' : 'SERVER';
      const application = keyLog.find(`${name}_TRAFFIC_SECRET_0`, random);
      if (application !== null) this.hasSecret = true;
      side.setSecrets(algorithm, keyLog.find(`${name}_HANDSHAKE_TRAFFIC_SECRET`, random), application);
    }
  }

  /** RFC 5246 section 6.3: MAC keys, keys, initialisation vectors, the client's first of each. */
  private setKeyBlock(
    algorithm: RecordAlgorithm,
    keyLog: KeyLog,
    clientHello: NonNullable<TlsConnection['clientHello']>,
    serverHello: NonNullable<TlsConnection['serverHello']>,
  ): void {
    const { version } = this;
    const masterSecret = keyLog.find('CLIENT_RANDOM', clientHello.random);
    this.hasSecret = masterSecret !== null;
    if (masterSecret === null) return;
    const { macBytes, keyBytes, kind, blockBytes, fixedIvBytes, prfHash } = algorithm;
    const ivBytes = kind === 'aead' ? fixedIvBytes : version === TLS_1_0 ? blockBytes : 0;
    const hash = version === TLS_1_2 ? prfHash : 'md5-sha1';
    const lengthBytes = 2 * (macBytes + keyBytes + ivBytes);
    const block = keyBlock(hash, masterSecret, clientHello.random, serverHello.random, lengthBytes);
    let at = 0;
    const take = (length: number): Uint8Array => block.subarray(at, (at += length));
    const macKeys = [take(macBytes), take(macBytes)];
    const keys = [take(keyBytes), take(keyBytes)];
    const ivs = [take(ivBytes), take(ivBytes)];
    // RFC 7366 section 3: of CBC suites only.
    const encryptThenMac = serverHello.encryptThenMac && kind === 'cbc';
    for (const side of this.sides) {
      const i = side === this.client ? 0 : 1;
      side.pendingKeys = {
        algorithm,
        version,
        key: keys[i],
        iv: ivs[i],
        macKey: macKeys[i],
        encryptThenMac,
      } satisfies RecordKeys;
    }
  }
}
