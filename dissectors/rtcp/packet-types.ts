/** RTCP packet types: RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611 section 2. */
export const RtcpType = {
  Sr: 200,
  Rr: 201,
  Sdes: 202,
  Bye: 203,
  App: 204,
  Rtpfb: 205,
  Psfb: 206,
  Xr: 207,
} as const;

const NAMES: Readonly<Record<number, readonly [abbreviation: string, name: string]>> = {
  192: ['FIR', 'Full intra-frame request (RFC 2032)'],
  193: ['NACK', 'Negative acknowledgement (RFC 2032)'],
  194: ['SMPTETC', 'SMPTE time code mapping'],
  195: ['IJ', 'Extended interarrival jitter report'],
  200: ['SR', 'Sender report'],
  201: ['RR', 'Receiver report'],
  202: ['SDES', 'Source description'],
  203: ['BYE', 'Goodbye'],
  204: ['APP', 'Application-defined'],
  205: ['RTPFB', 'Transport layer feedback'],
  206: ['PSFB', 'Payload-specific feedback'],
  207: ['XR', 'Extended report'],
  208: ['AVB', 'AVB (IEEE 1733)'],
  209: ['RSI', 'Receiver summary information'],
  210: ['TOKEN', 'Port mapping'],
  211: ['IDMS', 'Inter-destination synchronization settings'],
};

const RTPFB_NAMES: Readonly<Record<number, string>> = {
  1: 'NACK',
  3: 'TMMBR',
  4: 'TMMBN',
  5: 'SR request',
  8: 'ECN feedback',
  11: 'CCFB',
  15: 'transport-cc',
};

const PSFB_NAMES: Readonly<Record<number, string>> = {
  1: 'PLI',
  2: 'SLI',
  3: 'RPSI',
  4: 'FIR',
  5: 'TSTR',
  6: 'TSTN',
  7: 'VBCM',
  15: 'AFB',
};

/** `SR`, `RTPFB`, …; `type N` for one that is not assigned. */
export function packetTypeName(packetType: number): string {
  return NAMES[packetType]?.[0] ?? `type ${packetType}`;
}

/** What the abbreviation stands for, '' for a type that is not assigned. */
export function packetTypeMeaning(packetType: number): string {
  return NAMES[packetType]?.[1] ?? '';
}

/** The feedback message of an FMT (RFC 4585, RFC 5104), `FMT N` for one that is not assigned. */
export function feedbackName(packetType: number, fmt: number): string {
  const names = packetType === RtcpType.Rtpfb ? RTPFB_NAMES : PSFB_NAMES;
  return names[fmt] ?? `FMT ${fmt}`;
}
