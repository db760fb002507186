/**
 * Attribute types: the IANA registry, and those in use without being in it (browsers, and Microsoft's TURN). Comments
 * name the document where it is not RFC 8489, 8656 or 8445.
 */

/** Types that the hot pass reads, and some that the detail tree treats apart. */
export const StunAttribute = {
  MappedAddress: 0x0001,
  ChangeRequest: 0x0003, // RFC 5780
  SourceAddress: 0x0004, // RFC 3489
  ChangedAddress: 0x0005, // RFC 3489
  Username: 0x0006,
  MessageIntegrity: 0x0008,
  ErrorCode: 0x0009,
  ChannelNumber: 0x000c,
  Lifetime: 0x000d,
  ClassicAlternateServer: 0x000e, // MS-TURN
  MagicCookie: 0x000f, // MS-TURN
  XorPeerAddress: 0x0012,
  Data: 0x0013,
  Realm: 0x0014,
  Nonce: 0x0015,
  XorRelayedAddress: 0x0016,
  RequestedAddressFamily: 0x0017,
  EvenPort: 0x0018,
  RequestedTransport: 0x0019,
  DontFragment: 0x001a,
  AccessToken: 0x001b, // RFC 7635
  MessageIntegritySha256: 0x001c,
  PasswordAlgorithm: 0x001d,
  UserHash: 0x001e,
  XorMappedAddress: 0x0020,
  ReservationToken: 0x0022,
  Priority: 0x0024,
  UseCandidate: 0x0025,
  ConnectionId: 0x002a, // RFC 6062
  AdditionalAddressFamily: 0x8000,
  OldXorMappedAddress: 0x8020, // drafts of RFC 5389, MS-TURN
  Software: 0x8022,
  AlternateServer: 0x8023,
  Fingerprint: 0x8028,
  IceControlled: 0x8029,
  IceControlling: 0x802a,
  ResponseOrigin: 0x802b, // RFC 5780
  OtherAddress: 0x802c, // RFC 5780
  MobilityTicket: 0x8030, // RFC 8016
  Nomination: 0xc001, // draft-thatcher-ice-renomination; the registry has ENF-FLOW-DESCRIPTION there
} as const;

const NAMES: Readonly<Record<number, string>> = {
  0x0001: 'MAPPED-ADDRESS',
  0x0002: 'RESPONSE-ADDRESS', // RFC 3489
  0x0003: 'CHANGE-REQUEST',
  0x0004: 'SOURCE-ADDRESS',
  0x0005: 'CHANGED-ADDRESS',
  0x0006: 'USERNAME',
  0x0007: 'PASSWORD', // RFC 3489
  0x0008: 'MESSAGE-INTEGRITY',
  0x0009: 'ERROR-CODE',
  0x000a: 'UNKNOWN-ATTRIBUTES',
  0x000b: 'REFLECTED-FROM', // RFC 3489
  0x000c: 'CHANNEL-NUMBER',
  0x000d: 'LIFETIME',
  0x000e: 'ALTERNATE-SERVER',
  0x000f: 'MAGIC-COOKIE',
  0x0010: 'BANDWIDTH', // drafts of RFC 5766
  0x0011: 'DESTINATION-ADDRESS', // MS-TURN
  0x0012: 'XOR-PEER-ADDRESS',
  0x0013: 'DATA',
  0x0014: 'REALM',
  0x0015: 'NONCE',
  0x0016: 'XOR-RELAYED-ADDRESS',
  0x0017: 'REQUESTED-ADDRESS-FAMILY',
  0x0018: 'EVEN-PORT',
  0x0019: 'REQUESTED-TRANSPORT',
  0x001a: 'DONT-FRAGMENT',
  0x001b: 'ACCESS-TOKEN',
  0x001c: 'MESSAGE-INTEGRITY-SHA256',
  0x001d: 'PASSWORD-ALGORITHM',
  0x001e: 'USERHASH',
  0x0020: 'XOR-MAPPED-ADDRESS',
  0x0021: 'TIMER-VAL', // drafts of RFC 5766
  0x0022: 'RESERVATION-TOKEN',
  0x0024: 'PRIORITY',
  0x0025: 'USE-CANDIDATE',
  0x0026: 'PADDING', // RFC 5780
  0x0027: 'RESPONSE-PORT', // RFC 5780
  0x0028: 'XOR-REFLECTED-FROM', // drafts of RFC 5780
  0x002a: 'CONNECTION-ID',
  0x0030: 'ICMP', // drafts of RFC 5766
  0x8000: 'ADDITIONAL-ADDRESS-FAMILY',
  0x8001: 'ADDRESS-ERROR-CODE',
  0x8002: 'PASSWORD-ALGORITHMS',
  0x8003: 'ALTERNATE-DOMAIN',
  0x8004: 'ICMP',
  0x8008: 'MS-VERSION',
  0x8020: 'MS-XOR-MAPPED-ADDRESS',
  0x8022: 'SOFTWARE',
  0x8023: 'ALTERNATE-SERVER',
  0x8025: 'TRANSACTION-TRANSMIT-COUNTER', // RFC 7982
  0x8027: 'CACHE-TIMEOUT', // RFC 5780
  0x8028: 'FINGERPRINT',
  0x8029: 'ICE-CONTROLLED',
  0x802a: 'ICE-CONTROLLING',
  0x802b: 'RESPONSE-ORIGIN',
  0x802c: 'OTHER-ADDRESS',
  0x802d: 'ECN-CHECK', // RFC 6679
  0x802e: 'THIRD-PARTY-AUTHORIZATION', // RFC 7635
  0x802f: 'ORIGIN', // draft-ietf-tram-stun-origin
  0x8030: 'MOBILITY-TICKET',
  0x8032: 'MS-ALTERNATE-HOST-NAME',
  0x8037: 'MS-APP-ID',
  0x8039: 'MS-SECURE-TAG',
  0x8050: 'MS-SEQUENCE-NUMBER',
  0x8054: 'CANDIDATE-IDENTIFIER', // MS-ICE2
  0x8055: 'MS-SERVICE-QUALITY',
  0x8056: 'BANDWIDTH-ACM', // MS-TURNBWM, as up to SIP-CALL-ID
  0x8057: 'BANDWIDTH-RSV-ID',
  0x8058: 'BANDWIDTH-RSV-AMOUNT',
  0x8059: 'REMOTE-SITE-ADDR',
  0x805a: 'REMOTE-RELAY-SITE',
  0x805b: 'LOCAL-SITE-ADDR',
  0x805c: 'LOCAL-RELAY-SITE',
  0x805d: 'REMOTE-SITE-ADDR-RP',
  0x805e: 'REMOTE-RELAY-SITE-RP',
  0x805f: 'LOCAL-SITE-ADDR-RP',
  0x8060: 'LOCAL-RELAY-SITE-RP',
  0x8061: 'SIP-DIALOG-ID',
  0x8062: 'SIP-CALL-ID',
  0x8068: 'LOCATION-PROFILE',
  0x8070: 'IMPLEMENTATION-VERSION', // MS-ICE2
  0x8090: 'MS-ALT-MAPPED-ADDRESS',
  0x8095: 'MS-MULTIPLEXED-TURN-SESSION-ID',
  0xc000: 'CISCO-STUN-FLOWDATA',
  0xc001: 'NOMINATION',
  0xc002: 'ENF-NETWORK-STATUS',
  0xc003: 'CISCO-WEBEX-FLOW-INFO',
  0xc056: 'CITRIX-TRANSACTION-ID',
  0xc057: 'GOOG-NETWORK-INFO',
  0xc058: 'GOOG-LAST-ICE-CHECK-RECEIVED',
  0xc059: 'GOOG-MISC-INFO',
  0xc05a: 'GOOG-OBSOLETE-1',
  0xc05b: 'GOOG-CONNECTION-ID',
  0xc05c: 'GOOG-DELTA',
  0xc05d: 'GOOG-DELTA-ACK',
  0xc05e: 'GOOG-DELTA-SYNC-REQ',
  0xc060: 'GOOG-MESSAGE-INTEGRITY-32',
  0xc070: 'META-DTLS-IN-STUN',
  0xc071: 'META-DTLS-IN-STUN-ACK',
  0xff00: 'RETRANSMIT-COUNT',
};

/** What the types meant before RFC 5389, where that differs: the drafts of TURN of which MS-TURN is left. */
const CLASSIC_NAMES: Readonly<Record<number, string>> = {
  0x0012: 'REMOTE-ADDRESS',
  0x0014: 'NONCE',
  0x0015: 'REALM',
  0x0016: 'REQUESTED-ADDRESS-TYPE',
  0x0021: 'XOR-ONLY',
  0x8020: 'XOR-MAPPED-ADDRESS',
  0x8022: 'SERVER',
  0xc001: 'CONNECTION-REQUEST-BINDING',
  0xc002: 'BINDING-CHANGE',
};

/** The name of an attribute type, '' for one that is not known. */
export function attributeName(type: number, isClassic: boolean): string {
  return (isClassic ? CLASSIC_NAMES[type] : undefined) ?? NAMES[type] ?? '';
}

const FIRST_OPTIONAL = 0x8000;
const REQUIRED_TYPES = 0x40;
const isKnownRequired = new Uint8Array(REQUIRED_TYPES).map((_, type) => (NAMES[type] === undefined ? 0 : 1));

/** Whether a receiver must know the attribute to process the message (RFC 8489, section 14). */
export function isComprehensionRequired(type: number): boolean {
  return type < FIRST_OPTIONAL;
}

/** Whether it must be known and is not. Does not allocate. */
export function isUnknownRequired(type: number): boolean {
  return type < FIRST_OPTIONAL && (type >= REQUIRED_TYPES || isKnownRequired[type] === 0);
}
