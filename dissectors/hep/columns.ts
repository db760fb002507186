/** What the hot pass keeps of HEP, as whoever unwraps it reads it. */

/** Bits of the `flags` column. */
export const HepFlag = {
  /** The payload is deflated (chunk 0x0010). */
  Compressed: 1 << 0,
  /** The capture holds less of the message than was sent. */
  Truncated: 1 << 1,
  /** There is an authentication key. */
  AuthKey: 1 << 2,
  /** The sender said when the packet was captured: `seconds` and `micros`. */
  HasTime: 1 << 3,
} as const;

/** One row a message. Of several payloads or addresses the first counts. Offsets are from the message's start, 0 for none. */
export const hepColumns = {
  /** 1, 2 or 3. */
  version: 'u8',
  /** Of the carried packet's addresses: 4 or 6; 0 for none. */
  ipVersion: 'u8',
  /** Of the carried packet, an IP protocol number: 17 UDP, 6 TCP; 0 for none. */
  transport: 'u8',
  /** Where its addresses stand: 4 octets each, or 16. Both are there, or neither. */
  sourceAt: 'u16',
  destinationAt: 'u16',
  sourcePort: 'u16',
  destinationPort: 'u16',
  /** When the agent captured it, since 1970. */
  seconds: 'u32',
  micros: 'u32',
  /** What the payload is, see protocol-types.ts; versions 1 and 2 do not say and count as SIP. */
  protocolType: 'u8',
  /** Capture agent ID. */
  agent: 'u32',
  /** Number of the agent in the capture's list of them, from 1; the engine's to set, 0 until then. */
  agentNumber: 'u16',
  nodeName: 'text',
  correlation: 'text',
  payloadAt: 'u16',
  /** Octets that the capture has. */
  payloadLength: 'u16',
  /** See `HepFlag`. */
  flags: 'u8',
  /** Chunks of vendors, 255 for more. */
  vendorChunks: 'u8',
} as const;
export type HepColumns = typeof hepColumns;
