/**
 * What the hot pass keeps of a session description: one row for each media section (`m=` line).
 *
 * Where a line may stand at session level or in a section (c=, direction, fingerprint, setup, ICE), a row holds what
 * is in effect for its section: its own, else the session's.
 *
 * - `index`: which `m=` line, from 0. Offer and answer correspond by it (RFC 3264 section 6).
 * - `media` (`audio`), `port`, `portCount` (1 where no `/n` follows the port, 255 for 255 and more),
 *   `protocol` (`RTP/AVP`).
 * - `address`: the address of c= alone, without `IN IP4`, TTL and number of addresses.
 * - `direction`: see SdpDirection. `setup`: see SdpSetup. `flags`: see SdpFlag.
 * - `rtcpPort`: the port of a=rtcp (RFC 3605), 0 for none.
 * - `formats`: all that decides what the payload types mean, as one text, so that equal maps have equal ids:
 *       formats = format-list *( LF line )
 *       line    = ("rtpmap:" / "fmtp:" / "ptime:" / "maxptime:") value
 *   The first line is the format list of the m= line, formats separated by one space; the lines are the values of
 *   the section's a= lines of these names, in the order found. `parseFormats` reads it.
 * - `crypto`: the values of a=crypto (RFC 4568), joined by LF, in the order found.
 * - `ssrcs`: the SSRCs of a=ssrc lines (RFC 5576) in decimal, separated by a space; lines that go on about the same
 *   SSRC count once.
 * - `encryptedExtensions`: ids of header extensions that are encrypted (RFC 6904), separated by a space.
 * - `mid`, `fingerprint` (`sha-256 AB:CD…`), `ufrag`, `pwd`: the values of the attributes of these names.
 */
export const SDP_COLUMNS = {
  index: 'u8',
  media: 'text',
  port: 'u16',
  portCount: 'u8',
  protocol: 'text',
  address: 'text',
  direction: 'u8',
  rtcpPort: 'u16',
  flags: 'u8',
  formats: 'text',
  crypto: 'text',
  ssrcs: 'text',
  mid: 'text',
  fingerprint: 'text',
  setup: 'u8',
  ufrag: 'text',
  pwd: 'text',
  encryptedExtensions: 'text',
} as const;
export type SdpColumns = typeof SDP_COLUMNS;

/** Values of `direction`. A description that says nothing means sendrecv (RFC 3264 section 5.1). */
export const SdpDirection = { sendrecv: 1, sendonly: 2, recvonly: 3, inactive: 4 } as const;
export const SDP_DIRECTIONS = ['', 'sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** Values of `setup` (RFC 4145), 0 for none. */
export const SdpSetup = { none: 0, active: 1, passive: 2, actpass: 3, holdconn: 4 } as const;
export const SDP_SETUPS = ['', 'active', 'passive', 'actpass', 'holdconn'] as const;

/** Bits of the `flags` column. */
export const SdpFlag = {
  rtcpMux: 1,
  crypto: 2,
  fingerprint: 4,
  /** a=ice-ufrag or a=ice-lite. */
  ice: 8,
  bundleOnly: 16,
  /** Port 0: refused or ended (RFC 3264 section 6). Not set of bundle-only sections, whose port 0 says less. */
  rejected: 32,
} as const;
