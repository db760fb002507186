import { F8Keystream } from './f8-keystream.ts';
import { openExtensions } from './header-extensions.ts';
import { BATCH_BLOCKS, BLOCK_BYTES, CounterKeystream, type Keystream } from './keystream.ts';
import { csrcEnd, hasExtension, rtpHeaderBytes } from './packet-layout.ts';
import type { SrtpCipher } from './policy.ts';
import { rtpTrailerBytes } from './rtp-tags.ts';
import type { SessionKeys, SrtpKeys } from './session-keys.ts';
import { rtpVector } from './vectors.ts';

const FIRST_BYTES = 16 * 1024;
const FIRST_TICKETS = 64;
const EXTENSION_HEADER_BYTES = 4;

/**
 * Opens many RTP packets under one master key, of any sender, with few calls of the cipher. Queue packets with the index
 * that `SrtpReceiver` found, flush, then take them: as sent, with the payload and the encrypted header extension elements
 * plain, without MKI and tag. The first packet queued after a flush begins a new batch and ends the old one.
 */
export class SrtpOpener {
  private readonly keys: SrtpKeys;
  private readonly trailerBytes: number;
  private readonly vector = new Int32Array(4);
  private payloads: Keystream | null = null;
  private headers: Keystream | null = null;
  private session: SessionKeys | null = null;
  private words = new Uint32Array(FIRST_BYTES / 4);
  /** Per ticket: where the packet begins, its octets, those of its header. */
  private starts = new Uint32Array(FIRST_TICKETS);
  private lengths = new Uint32Array(FIRST_TICKETS);
  private headerLengths = new Uint32Array(FIRST_TICKETS);
  private end = 0;
  /** First ticket that is still encrypted. */
  private firstPending = 0;
  private isFlushed = false;

  /** Packets of this batch. */
  count = 0;
  /** Holds the packets of this batch; good until the first `queue` of the next. */
  bytes = new Uint8Array(this.words.buffer);

  constructor(keys: SrtpKeys) {
    this.keys = keys;
    this.trailerBytes = rtpTrailerBytes(keys.policy);
  }

  /**
   * Takes a copy of the SRTP packet `bytes[at … at + length)` with this index (as `SrtpReceiver.index`). Gives its ticket,
   * numbered from 0 in each batch; -1 where it is no SRTP packet.
   */
  queue(bytes: Uint8Array, at: number, length: number, index: number): number {
    if (this.isFlushed) this.begin();
    const header = rtpHeaderBytes(bytes, at, length);
    const plainLength = length - this.trailerBytes;
    if (header < 0 || header > plainLength || index < 0) return -1;
    const session = this.keys.rtp(index);
    if (session !== this.session) this.changeSession(session);
    const ticket = this.copy(bytes, at, plainLength, header);
    this.addKeystream(session, ticket, index);
    if (this.payloads !== null && this.payloads.blocks >= BATCH_BLOCKS) this.openPending();
    return ticket;
  }

  /** Makes the packets of this batch plain. */
  flush(): void {
    this.openPending();
    this.isFlushed = true;
  }

  /** Where in `bytes` the packet of a ticket begins. */
  at(ticket: number): number {
    return this.starts[ticket];
  }

  /** Octets of the plain packet of a ticket. */
  length(ticket: number): number {
    return this.lengths[ticket];
  }

  /** The plain packet of a ticket, a view of `bytes`. */
  plain(ticket: number): Uint8Array {
    return this.bytes.subarray(this.starts[ticket], this.starts[ticket] + this.lengths[ticket]);
  }

  private begin(): void {
    this.count = 0;
    this.end = 0;
    this.firstPending = 0;
    this.isFlushed = false;
  }

  /** Behind a key derivation rate the keys change; what was queued needs the old ones. */
  private changeSession(session: SessionKeys): void {
    this.openPending();
    const { policy } = this.keys;
    const { cipher } = policy.suite;
    const isEncrypted = policy.encryptsRtp && cipher !== 'null';
    const hasHeaders = session.headerSalt !== null && cipher !== 'null';
    this.payloads = isEncrypted ? newKeystream(cipher, session.salt, this.keys) : null;
    this.headers = hasHeaders ? newKeystream(cipher, session.headerSalt ?? session.salt, this.keys) : null;
    this.session = session;
  }

  /** Copies a packet so that its payload begins at a whole word. */
  private copy(bytes: Uint8Array, at: number, length: number, header: number): number {
    const start = ((this.end + header + 3) & ~3) - header;
    if (start + length + BLOCK_BYTES > this.bytes.length) this.growBytes(start + length + BLOCK_BYTES);
    if (this.count === this.starts.length) this.growTickets();
    this.bytes.set(bytes.subarray(at, at + length), start);
    const ticket = this.count++;
    this.starts[ticket] = start;
    this.lengths[ticket] = length;
    this.headerLengths[ticket] = header;
    this.end = (start + length + 3) & ~3;
    return ticket;
  }

  private addKeystream(session: SessionKeys, ticket: number, index: number): void {
    const { vector, bytes } = this;
    const { cipher } = this.keys.policy.suite;
    const start = this.starts[ticket];
    if (this.payloads !== null) {
      rtpVector(vector, cipher, session.saltWords, bytes, start, index);
      const blocks = Math.ceil((this.lengths[ticket] - this.headerLengths[ticket]) / BLOCK_BYTES);
      this.payloads.add(vector[0], vector[1], vector[2], vector[3], blocks);
    }
    if (this.headers !== null && hasExtension(bytes, start)) {
      rtpVector(vector, headerCipher(cipher), session.headerSaltWords, bytes, start, index);
      this.headers.add(vector[0], vector[1], vector[2], vector[3], this.extensionBlocks(ticket));
    }
  }

  private extensionBlocks(ticket: number): number {
    const elements = this.headerLengths[ticket] - csrcEnd(this.bytes, this.starts[ticket]) - EXTENSION_HEADER_BYTES;
    return Math.ceil(elements / BLOCK_BYTES);
  }

  private openPending(): void {
    if (this.session !== null && this.firstPending < this.count) {
      if (this.payloads !== null) this.openPayloads(this.payloads.run(this.session.cipherKey));
      if (this.headers !== null && this.session.headerKey !== null) {
        this.openHeaders(this.headers.run(this.session.headerKey));
      }
    }
    this.firstPending = this.count;
  }

  private openPayloads(keystream: Uint8Array): void {
    const key = wholeWords(keystream);
    const { words, starts, lengths, headerLengths } = this;
    for (let ticket = this.firstPending, from = 0; ticket < this.count; ticket++) {
      const payload = lengths[ticket] - headerLengths[ticket];
      const first = (starts[ticket] + headerLengths[ticket]) >>> 2;
      const count = (payload + 3) >>> 2;
      for (let i = 0; i < count; i++) words[first + i] ^= key[from + i];
      from += ((payload + BLOCK_BYTES - 1) >>> 4) << 2;
    }
  }

  private openHeaders(keystream: Uint8Array): void {
    let from = 0;
    for (let ticket = this.firstPending; ticket < this.count; ticket++) {
      const start = this.starts[ticket];
      if (!hasExtension(this.bytes, start)) continue;
      const extensionAt = start + csrcEnd(this.bytes, start);
      const end = start + this.headerLengths[ticket];
      openExtensions(this.bytes, extensionAt, end, this.keys.policy.encryptedExtensions, keystream, from);
      from += this.extensionBlocks(ticket) * BLOCK_BYTES;
    }
  }

  private growBytes(needed: number): void {
    const words = new Uint32Array(Math.max(needed, 2 * this.bytes.length) >>> 2);
    words.set(this.words);
    this.words = words;
    this.bytes = new Uint8Array(words.buffer);
  }

  private growTickets(): void {
    const grown = (from: Uint32Array) => {
      const to = new Uint32Array(2 * from.length);
      to.set(from);
      return to;
    };
    this.starts = grown(this.starts);
    this.lengths = grown(this.lengths);
    this.headerLengths = grown(this.headerLengths);
  }
}

/** Header extensions are in counter mode where payloads are under GCM (RFC 7714 section 8.3): nothing has to be authenticated twice. */
function headerCipher(cipher: SrtpCipher): SrtpCipher {
  return cipher === 'aes-gcm' ? 'aes-cm' : cipher;
}

function newKeystream(cipher: SrtpCipher, salt: Uint8Array, { ciphers }: SrtpKeys): Keystream {
  return cipher === 'aes-f8' ? new F8Keystream(ciphers, salt) : new CounterKeystream(ciphers);
}

/** The octets as words of this machine; a copy where they do not begin at one. */
function wholeWords(octets: Uint8Array): Uint32Array {
  const aligned = octets.byteOffset % 4 === 0 ? octets : octets.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}
