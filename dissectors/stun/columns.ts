/** What the hot pass keeps of STUN and TURN, as trackers read it. */

/** Values of the `kind` column. */
export const StunKind = {
  /** A message with the magic cookie (RFC 5389, RFC 8489). */
  Message: 0,
  /** TURN's ChannelData (RFC 8656, section 12.4). */
  ChannelData: 1,
  /** A message without the cookie: RFC 3489, and the drafts of TURN that came after it. */
  Classic: 2,
  /** Over TCP on an ICE candidate pair: a frame of RFC 4571 that holds no STUN but RTP, RTCP or DTLS. */
  Frame: 3,
} as const;

/** Values of the `class` column (RFC 8489, section 5). */
export const StunClass = { Request: 0, Indication: 1, Success: 2, Error: 3 } as const;

/** Bits of the `flags` column. */
export const StunFlag = {
  /** There is a MESSAGE-INTEGRITY; `integrityAt` says where. */
  Integrity: 1 << 0,
  /** There is a MESSAGE-INTEGRITY-SHA256; `integritySha256At` says where. */
  IntegritySha256: 1 << 1,
  /** There is a FINGERPRINT, and it is right. */
  Fingerprint: 1 << 2,
  /** There is a FINGERPRINT, and it is wrong or not the last attribute. */
  FingerprintBad: 1 << 3,
  UseCandidate: 1 << 4,
  /** ICE-CONTROLLING, and ICE-CONTROLLED: `tieBreaker0` and `tieBreaker1` are its value. */
  Controlling: 1 << 5,
  Controlled: 1 << 6,
  DontFragment: 1 << 7,
  EvenPort: 1 << 8,
  /** REQUESTED-ADDRESS-FAMILY or ADDITIONAL-ADDRESS-FAMILY asks for IPv6. */
  RequestedAddressFamily6: 1 << 9,
  AdditionalAddressFamily: 1 << 10,
  /** `dataAt` and `dataLength` say where the payload is; it may be empty. */
  HasData: 1 << 11,
  /** An attribute below 0x8000 that no document known here defines. */
  HasUnknownRequired: 1 << 12,
  /** The capture holds less of the message than was sent. */
  Truncated: 1 << 13,
  HasNonce: 1 << 14,
  HasRealm: 1 << 15,
  HasPriority: 1 << 16,
  MobilityTicket: 1 << 17,
  ReservationToken: 1 << 18,
  /** The message stands in a frame of RFC 4571: its header begins two octets after the payload's start. */
  Framed: 1 << 19,
  ChangeIp: 1 << 20,
  ChangePort: 1 << 21,
  UserHash: 1 << 22,
  /** NOMINATION of an ICE agent that may nominate again. */
  Nomination: 1 << 23,
  AccessToken: 1 << 24,
} as const;

/**
 * One row a message. Of an attribute that is there twice the first counts, and what follows an integrity attribute is not
 * read, as receivers must not (RFC 8489, sections 14 and 14.5). Offsets count from the payload's start.
 */
export const stunColumns = {
  /** See `StunKind`. */
  kind: 'u8',
  /** See `StunClass`. */
  class: 'u8',
  /** See `StunMethod`. */
  method: 'u16',
  /** The 96 bits of the transaction ID; of RFC 3489's 128 the last 96. */
  transaction0: 'u32',
  transaction1: 'u32',
  transaction2: 'u32',
  /** 300 to 699, 0 for none. */
  errorCode: 'u16',
  /** The reason phrase as sent. */
  reason: 'text',
  /** ChannelData's channel, or that of the CHANNEL-NUMBER attribute. */
  channel: 'u16',
  /** See `StunFlag`. */
  flags: 'u32',
  /** Transport addresses as text: `10.0.0.1:4000`, `[2001:db8::1]:4000`. XOR-MAPPED-ADDRESS counts before MAPPED-ADDRESS. */
  mappedAddress: 'text',
  relayedAddress: 'text',
  /** Several are joined by a space (CreatePermission). */
  peerAddress: 'text',
  alternateServer: 'text',
  /** OTHER-ADDRESS, or RFC 3489's CHANGED-ADDRESS. */
  otherAddress: 'text',
  /** RESPONSE-ORIGIN, or RFC 3489's SOURCE-ADDRESS. */
  responseOrigin: 'text',
  username: 'text',
  realm: 'text',
  nonce: 'text',
  software: 'text',
  /** Where `HasPriority` is set. */
  priority: 'u32',
  /** Where `Controlling` or `Controlled` is set: the upper and lower half. */
  tieBreaker0: 'u32',
  tieBreaker1: 'u32',
  /** Seconds and one, 0 for none; seconds of 2³² − 1 are kept as one less. */
  lifetime: 'u32',
  /** An IP protocol number: 17 UDP, 6 TCP; 0 for none. */
  requestedTransport: 'u8',
  /** RFC 6062's CONNECTION-ID. */
  connectionId: 'u32',
  /** PASSWORD-ALGORITHM of a request: 1 MD5, 2 SHA-256, 0 for none (which means MD5). */
  passwordAlgorithm: 'u16',
  /** The value of the DATA attribute, or the payload of ChannelData or a frame: where, and how many octets the capture has. */
  dataAt: 'u16',
  dataLength: 'u16',
  /** Where the attribute itself begins, 0 for none. */
  integrityAt: 'u16',
  integritySha256At: 'u16',
} as const;
export type StunColumns = typeof stunColumns;
