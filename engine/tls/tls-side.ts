import { HandshakeReader } from './handshake-reader.ts';
import { type HkdfHash, nextTrafficSecret, trafficKeys } from './key-schedule.ts';
import type { RecordAlgorithm } from './record-algorithm.ts';
import { lastBlock, openRecord, type PlainRecord, type RecordKeys } from './record-cipher.ts';
import type { TlsConnection } from './tls-connection.ts';

/** Records that a hole in the capture may have swallowed: so many numbers are tried behind it. */
const LOST_RECORDS = 64;
/** So many records on end that do not open: the secret is wrong, or the place in the stream is lost. */
const MAX_FAILURES = 16;
/** A client's early data, encrypted under a secret of its own, come before anything that opens. */
const MAX_EARLY_RECORDS = 4096;

const NOTHING = new Uint8Array(0);

/** A record that was opened, and what opens it again. */
export interface OpenedRecord {
  readonly plain: PlainRecord;
  readonly keys: RecordKeys;
  readonly sequence: number;
  readonly chainedIv: Uint8Array;
}

/** Keys of version 1.3 with the secret that the next ones are made of. */
interface Generation {
  readonly keys: RecordKeys;
  readonly secret: Uint8Array;
}

/** What one side of a connection sends: its place in the stream of records, and the keys it has come to. */
export class TlsSide {
  /** 0 until it is seen. */
  flow: number;
  readonly connection: TlsConnection;
  readonly handshake = new HandshakeReader();
  /** The other side's finish does not end this one. */
  isEnded = false;
  /** Up to version 1.2: ChangeCipherSpec was sent. */
  isProtected = false;
  /** Nobody reads what is inside, or it cannot be opened any more: records pass by. */
  isGivenUp = false;
  /** Keys that the next ChangeCipherSpec puts in force. */
  pendingKeys: RecordKeys | null = null;
  private keys: RecordKeys | null = null;
  /** Version 1.3: the secret of `keys`, null under handshake keys. */
  private secret: Uint8Array | null = null;
  /** Version 1.3: what follows the handshake keys. */
  private application: Generation | null = null;
  private sequence = 0;
  private chainedIv: Uint8Array = NOTHING;
  private isLost = false;
  private failures = 0;
  private hasOpened = false;

  constructor(flow: number, connection: TlsConnection) {
    this.flow = flow;
    this.connection = connection;
  }

  /** ChangeCipherSpec up to version 1.2. */
  changeCipher(): void {
    this.isProtected = true;
    this.begin(this.pendingKeys);
    this.pendingKeys = null;
  }

  /** Version 1.3, once both hellos are known: the secrets of this side, null where the log does not have them. */
  setSecrets(algorithm: RecordAlgorithm, handshake: Uint8Array | null, application: Uint8Array | null): void {
    this.begin(handshake === null ? null : generation(algorithm, handshake).keys);
    this.application = application === null ? null : generation(algorithm, application);
    this.isGivenUp = handshake === null && application === null;
  }

  /** Version 1.3: this side's Finished. The one after the handshake (RFC 8446 section 4.6.2) changes nothing. */
  finishHandshake(): void {
    if (this.application === null) return;
    const { keys, secret } = this.application;
    this.begin(keys);
    this.secret = secret;
    this.application = null;
  }

  /** Version 1.3: this side's KeyUpdate (RFC 8446 section 7.2). */
  updateKeys(): void {
    if (this.secret === null || this.keys === null) return;
    const { algorithm } = this.keys;
    const next = generation(algorithm, nextTrafficSecret(algorithm.prfHash, 'tls13 ', this.secret));
    this.begin(next.keys);
    this.secret = next.secret;
  }

  /** Octets were lost: records may be missing. */
  lose(): void {
    this.isLost = true;
    this.handshake.reset();
  }

  /** Opens the next record, all of it with its header; null where nothing opens it. */
  open(record: Uint8Array): OpenedRecord | null {
    let opened = this.search(this.keys, this.sequence, record);
    if (opened === null && this.application !== null) {
      // The log has no handshake secret, or the Finished was lost.
      opened = this.search(this.application.keys, 0, record);
      if (opened !== null) this.finishHandshake();
    }
    if (opened === null) {
      this.fail(record);
      return null;
    }
    this.sequence = opened.sequence + 1;
    this.chainedIv = lastBlock(opened.keys, record);
    this.isLost = false;
    this.hasOpened = true;
    this.failures = 0;
    return opened;
  }

  private begin(keys: RecordKeys | null): void {
    this.keys = keys;
    this.secret = null;
    this.sequence = 0;
    this.chainedIv = keys !== null && keys.algorithm.kind === 'cbc' ? keys.iv : NOTHING;
  }

  private search(keys: RecordKeys | null, from: number, record: Uint8Array): OpenedRecord | null {
    if (keys === null) return null;
    const { chainedIv } = this;
    const to = from + (this.isLost ? LOST_RECORDS : 0);
    for (let sequence = from; sequence <= to; sequence++) {
      const plain = openRecord(keys, sequence, record, chainedIv);
      if (plain !== null) return { plain, keys, sequence, chainedIv };
    }
    return null;
  }

  private fail(record: Uint8Array): void {
    const { connection } = this;
    this.failures++;
    const maybeEarly = !this.hasOpened && connection.offersEarlyData && connection.client === this;
    if (maybeEarly) {
      connection.hasEarlyData = true;
      if (this.failures >= MAX_EARLY_RECORDS) this.isGivenUp = true;
      return;
    }
    connection.failedRecords++;
    this.isLost = true;
    this.sequence++;
    if (this.keys !== null) this.chainedIv = lastBlock(this.keys, record);
    if (this.failures >= MAX_FAILURES) this.isGivenUp = true;
  }
}

function generation(algorithm: RecordAlgorithm, secret: Uint8Array): Generation {
  const hash: HkdfHash = algorithm.prfHash;
  const { key, iv } = trafficKeys(hash, 'tls13 ', secret, algorithm.keyBytes);
  return { secret, keys: { algorithm, version: 0x0304, key, iv, macKey: NOTHING, encryptThenMac: false } };
}
