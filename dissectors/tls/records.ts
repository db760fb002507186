/**
 * Record headers: TLS (RFC 8446, section 5.1), DTLS (RFC 6347, section 4.1), DTLS with a connection identifier
 * (RFC 9146, section 4) and the unified header of DTLS 1.3 (RFC 9147, section 4).
 *
 *     TLS        type · version(2) · length(2)
 *     DTLS       type · version(2) · epoch(2) · sequence(6) · length(2)
 *     tls12_cid  25 · version(2) · epoch(2) · sequence(6) · identifier(n) · length(2)
 *     unified    001CSLEE · identifier(n) where C · sequence(S ? 2 : 1) · length(2) where L
 */
import type { Octets } from '../../base/octets.ts';

/** Content types (IANA, TLS ContentType). */
export const ContentType = {
  ChangeCipherSpec: 20,
  Alert: 21,
  Handshake: 22,
  ApplicationData: 23,
  Heartbeat: 24,
  ConnectionId: 25,
  Ack: 26,
} as const;

export const TLS_RECORD_HEADER = 5;
export const DTLS_RECORD_HEADER = 13;
/** 2^14 octets of content, and what compression and protection may add (RFC 5246, section 6.2.3). */
export const MAX_RECORD_LENGTH = (1 << 14) + 2048;
/** What decrypting the sequence number takes; less is to be rejected (RFC 9147, section 4.2.3). */
const MIN_UNIFIED_LENGTH = 16;
/** Connection identifiers longer than this are in no known implementation; the format has room for 255. */
const MAX_CONNECTION_ID = 20;

/** A record's header, reused by the hot pass: `read…` fills it and keeps nothing else. */
export class RecordHeader {
  /** The content type; of the unified header, which hides it, 0. */
  contentType = 0;
  /** 0 in the unified header. */
  version = 0;
  /** Of the unified header the two lowest bits alone. */
  epoch = 0;
  /** 48 bits; in the unified header the 8 or 16 octets' bits as they are, which is encrypted. */
  sequence = 0;
  connectionIdLength = 0;
  headerLength = 0;
  /** Octets of content, as the header says or, where it does not, to the end of the view. */
  length = 0;
  isUnified = false;
}

/** Whether an octet begins the unified header. */
export function isUnifiedHeader(firstOctet: number): boolean {
  return firstOctet >> 5 === 1;
}

/**
 * Reads the header of the TLS record at `at`; false where none can begin there. A header that is not wholly there is
 * one too as far as it goes: `headerLength` is then more than the view has left.
 */
export function readTlsRecord(data: Octets, at: number, into: RecordHeader): boolean {
  const left = data.length - at;
  const type = data.u8(at);
  if (left < 1 || type < ContentType.ChangeCipherSpec || type > ContentType.Heartbeat) return false;
  if (left >= 2 && data.u8(at + 1) !== 3) return false;
  if (left >= 3 && data.u8(at + 2) > 4) return false;
  const length = left >= TLS_RECORD_HEADER ? data.u16(at + 3) : 0;
  if (length > MAX_RECORD_LENGTH) return false;
  // Of these only application data may be empty (RFC 5246, section 6.2.1).
  if (left >= TLS_RECORD_HEADER && length === 0 && type !== ContentType.ApplicationData) return false;
  into.contentType = type;
  into.version = left >= 3 ? data.u16(at + 1) : 0;
  into.epoch = 0;
  into.sequence = 0;
  into.connectionIdLength = 0;
  into.headerLength = TLS_RECORD_HEADER;
  into.length = length;
  into.isUnified = false;
  return true;
}

/**
 * Reads the header of the DTLS record at `at`, either kind; false where none can begin there, or where it is not wholly
 * there. The length may pass the end of the view. `connectionIdLength` is what the flow's records carry: a negotiated
 * figure that no record tells (see `findConnectionIdLength`).
 */
export function readDtlsRecord(data: Octets, at: number, connectionIdLength: number, into: RecordHeader): boolean {
  const first = data.u8(at);
  if (isUnifiedHeader(first)) return readUnified(data, at, connectionIdLength, into);
  if (first < ContentType.ChangeCipherSpec || first > ContentType.Ack) return false;
  if (!isRecordVersion(data.u16(at + 1))) return false;
  const identifier = first === ContentType.ConnectionId ? connectionIdLength : 0;
  if (at + DTLS_RECORD_HEADER + identifier > data.length) return false;
  into.contentType = first;
  into.version = data.u16(at + 1);
  into.epoch = data.u16(at + 3);
  into.sequence = data.u16(at + 5) * 0x1_0000_0000 + data.u32(at + 7);
  into.connectionIdLength = identifier;
  into.headerLength = DTLS_RECORD_HEADER + identifier;
  into.length = data.u16(at + 11 + identifier);
  into.isUnified = false;
  return true;
}

function readUnified(data: Octets, at: number, connectionIdLength: number, into: RecordHeader): boolean {
  const first = data.u8(at);
  const identifier = (first & 0x10) !== 0 ? connectionIdLength : 0;
  const sequenceAt = at + 1 + identifier;
  const hasLongSequence = (first & 0x08) !== 0;
  const lengthAt = sequenceAt + (hasLongSequence ? 2 : 1);
  const hasLength = (first & 0x04) !== 0;
  const end = lengthAt + (hasLength ? 2 : 0);
  if (end > data.length) return false;
  into.contentType = 0;
  into.version = 0;
  into.epoch = first & 3;
  into.sequence = hasLongSequence ? data.u16(sequenceAt) : data.u8(sequenceAt);
  into.connectionIdLength = identifier;
  into.headerLength = end - at;
  into.length = hasLength ? data.u16(lengthAt) : data.length - end;
  into.isUnified = true;
  return into.length >= MIN_UNIFIED_LENGTH;
}

/** DTLS 1.0, 1.2, and 1.0 as OpenSSL before 0.9.8f wrote it. 1.3 writes 1.2 (RFC 9147, section 4). */
function isRecordVersion(version: number): boolean {
  return version === 0xfeff || version === 0xfefd || version === 0x0100;
}

const probed = new RecordHeader();

/** How far the view is DTLS records on end: its length where it is nothing else, 0 where not even the first fits. */
export function dtlsChainEnd(data: Octets, connectionIdLength: number): number {
  let at = 0;
  while (at < data.length && readDtlsRecord(data, at, connectionIdLength, probed)) {
    const next = at + probed.headerLength + probed.length;
    if (probed.length > MAX_RECORD_LENGTH || next > data.length) return at;
    at = next;
  }
  return at;
}

/**
 * How many octets the connection identifiers of this datagram's records have. What both sides agreed on stands in their
 * hellos; here it is found as the length with which the records fill the datagram. 0 where no record has one, or none fits.
 */
export function findConnectionIdLength(data: Octets): number {
  let plain = dtlsChainEnd(data, 0);
  if (plain === data.length) return 0;
  const first = data.u8(plain);
  if (first !== ContentType.ConnectionId && !(isUnifiedHeader(first) && (first & 0x10) !== 0)) return 0;
  for (let length = 1; length <= MAX_CONNECTION_ID; length++) {
    plain = dtlsChainEnd(data, length);
    if (plain === data.length) return length;
  }
  return 0;
}
