/** What the payload of a HEP message is (chunk 0x000b), as the HEP3 registry numbers it. */

/** What versions 1 and 2 carry, which have no number for it. */
export const SIP_TYPE = 1;
/** A line that somebody logged. */
export const LOG_TYPE = 100;

const NAMES: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'SIP',
  2: 'XMPP',
  3: 'SDP',
  4: 'RTP',
  5: 'RTCP',
  6: 'MGCP',
  7: 'MEGACO/H.248',
  8: 'M2UA',
  9: 'M3UA',
  10: 'IAX',
  11: 'H.322',
  12: 'H.321',
  13: 'M2PA',
  34: 'MOS report',
  35: 'MOS report, short',
  50: 'SIP as JSON',
  53: 'DNS as JSON',
  54: 'ISUP as JSON',
  55: 'RTSP as JSON',
  56: 'Diameter as JSON',
  57: 'GSM MAP as JSON',
  58: 'RTCP of PION',
  60: 'CDR',
  [LOG_TYPE]: 'log',
};

/** Types whose payload is what somebody wrote about packets, and no packet. */
const REPORTS: ReadonlySet<number> = new Set([34, 35, 50, 53, 54, 55, 56, 57, 58, 60, LOG_TYPE]);

/** `SIP`, or `type 77` where the registry has no name. */
export function protocolTypeName(type: number): string {
  return NAMES[type] ?? `type ${type}`;
}

/** Whether a payload of this type is a report or a log, and not a packet that was on a wire. */
export function isReport(type: number): boolean {
  return REPORTS.has(type);
}
