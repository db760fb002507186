/** What the hot pass keeps of TLS and DTLS, as trackers read it. */

/** Bits of the `flags` column. */
export const RecordFlag = {
  /** The content is encrypted, or continues a handshake message of the record before it: one record cannot tell. */
  Encrypted: 1,
  /** The capture holds less of the record than was sent. */
  Truncated: 2,
  /** The header is DTLS 1.3's unified one: type and version are hidden, epoch is two bits, the sequence is encrypted. */
  Unified: 4,
  /** The header carries a connection identifier. */
  ConnectionId: 8,
  /** More handshake messages, or parts of them, follow the one the row tells of. */
  SeveralMessages: 16,
} as const;

/** One row a record. Several records of a datagram are rows of the same payload; of TCP each is a payload of its own. */
export const recordColumns = {
  /** Where the record begins in its payload; over TCP always 0. */
  at: 'u16',
  headerLength: 'u8',
  /** Octets of content by the header; the capture may hold fewer. */
  length: 'u16',
  /** See `ContentType`; 0 where the unified header hides it. */
  contentType: 'u8',
  /** The record's, e.g. 0x0303 or 0xfefd, which is not what was negotiated; 0 of the unified header. */
  version: 'u16',
  /** See `RecordFlag`. */
  flags: 'u8',
  /** DTLS: epoch and the 48 bits of the sequence number. */
  epoch: 'u16',
  sequence: 'f64',
  /** Of a handshake record that is not encrypted: type of the first message (0 is also HelloRequest), its whole length. */
  handshakeType: 'u8',
  messageLength: 'u32',
  /** DTLS: number of the message, and what part of it the record has. */
  messageSequence: 'u16',
  fragmentOffset: 'u32',
  /** Over TCP as many octets of the message as the record has. */
  fragmentLength: 'u32',
  /** Of an alert that is not encrypted. */
  alertLevel: 'u8',
  alertDescription: 'u8',
} as const;
export type RecordColumns = typeof recordColumns;
