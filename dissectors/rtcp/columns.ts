/** What the hot pass keeps of RTCP, as trackers read it. */

/** Values of the `kind` column. The rows of a packet follow the packet's own row. */
export const RtcpRow = {
  /** One RTCP packet of a compound. */
  Packet: 0,
  /** A report block of an SR or RR (RFC 3550, section 6.4.1). */
  ReportBlock: 1,
  /** The VoIP metrics block of an XR (RFC 3611, section 4.7). */
  VoipMetrics: 2,
  /** A source that a BYE names (RFC 3550, section 6.6). */
  ByeSource: 3,
  /** The first CNAME of an SDES chunk (RFC 3550, section 6.5.1). */
  Cname: 4,
  /** The receiver reference time of an XR (RFC 3611, section 4.4). */
  ReferenceTime: 5,
  /** A sub-block of the DLRR block of an XR (RFC 3611, section 4.5). */
  Dlrr: 6,
  /** The statistics summary of an XR (RFC 3611, section 4.6). */
  Statistics: 7,
} as const;

/** Bits of the `flags` column, of packet rows only. */
export const RtcpFlag = {
  /** SRTCP: only the first eight octets were readable. The other packets of the compound, if any, are not known. */
  Encrypted: 1,
  /** The capture holds less than was sent. */
  Truncated: 2,
  HasPadding: 4,
  /** SRTCP without encryption: the compound is followed by an index and a tag. */
  Authenticated: 8,
} as const;

/**
 * Every packet of a compound has a row, and so has each part of it that a tracker follows; `kind` says which. A
 * column that the kind does not use is 0. Fields are as on the wire unless a unit is in the name.
 */
export const rtcpColumns = {
  /** See `RtcpRow`. */
  kind: 'u8',
  /** Of the packet the row belongs to: 200 SR, 201 RR, 202 SDES, 203 BYE, 204 APP, 205 RTPFB, 206 PSFB, 207 XR. */
  packetType: 'u8',
  /** The five bits beside version and padding: RC, SC, subtype or FMT. */
  count: 'u8',
  /** See `RtcpFlag`. */
  flags: 'u8',
  /** The SSRC of the packet's sender; of an SDES or BYE packet, the first source. */
  ssrc: 'u32',
  /**
   * The SSRC the row is about: the source reported on (1, 2, 6, 7), that left (3), that has the CNAME (4); of a feedback
   * packet, the media source, or the first FCI entry's SSRC where the header has 0 (FIR, TMMBR, REMB).
   */
  aboutSsrc: 'u32',
  /** CNAME (4), BYE reason (3), name of an APP packet (0). */
  text: 'text',

  /** SR, and ReferenceTime rows: the NTP timestamp. */
  ntpSeconds: 'u32',
  ntpFraction: 'u32',
  /** SR only. */
  rtpTimestamp: 'u32',
  packetCount: 'u32',
  octetCount: 'u32',

  /** Report blocks; lost packets as a part of 256. */
  fractionLost: 'u8',
  /** Signed: the 24 bits are extended to 32, so read it with `| 0`. */
  cumulativeLost: 'u32',
  highestSequence: 'u32',
  /** In units of the RTP timestamp. */
  jitter: 'u32',
  /** Report blocks and Dlrr rows: middle 32 bits of the NTP timestamp last received, 0 for none. */
  lsr: 'u32',
  /** Report blocks and Dlrr rows: delay since then in units of 1/65536 s. */
  dlsr: 'u32',

  /** VoipMetrics: parts of 256. */
  lossRate: 'u8',
  discardRate: 'u8',
  burstDensity: 'u8',
  gapDensity: 'u8',
  burstDurationMs: 'u16',
  gapDurationMs: 'u16',
  roundTripDelayMs: 'u16',
  endSystemDelayMs: 'u16',
  /** dBm0, two's complement of 8 bits (`<< 24 >> 24`); 127 is unavailable. */
  signalLevelDbm0: 'u8',
  noiseLevelDbm0: 'u8',
  /** 127 is unavailable. */
  residualEchoReturnLossDb: 'u8',
  gmin: 'u8',
  /** 0 to 100, 127 is unavailable. */
  rFactor: 'u8',
  externalRFactor: 'u8',
  /** MOS × 10 (10 to 50), 127 is unavailable. */
  mosLq: 'u8',
  mosCq: 'u8',
  /** Loss concealment, and how the jitter buffer adapts. */
  receiverConfig: 'u8',
  jitterBufferNominalMs: 'u16',
  jitterBufferMaximumMs: 'u16',
  jitterBufferAbsoluteMaximumMs: 'u16',

  /** Statistics: L, D, J and ToH of RFC 3611, section 4.6; what they leave out is not reported. */
  summaryFlags: 'u8',
  beginSequence: 'u16',
  /** The first that is not reported on. */
  endSequence: 'u16',
  lostPackets: 'u32',
  duplicatePackets: 'u32',
  /** Of the interarrival jitter, in units of the RTP timestamp. */
  minJitter: 'u32',
  maxJitter: 'u32',
  meanJitter: 'u32',
  jitterDeviation: 'u32',

  /** TMMBR, TMMBN and REMB packets: the bit rate of the first entry. */
  bitrateBps: 'f64',
} as const;
export type RtcpColumns = typeof rtcpColumns;
