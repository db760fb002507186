/** Finds out which header field a name is, without making a string of it: the few that the hot pass reads. */

/** The header fields that the hot pass reads. */
export const HeaderId = {
  other: 0,
  via: 1,
  from: 2,
  to: 3,
  callId: 4,
  cseq: 5,
  contact: 6,
  contentType: 7,
  contentLength: 8,
  contentEncoding: 9,
  userAgent: 10,
  expires: 11,
  rseq: 12,
  reason: 13,
  referTo: 14,
  replaces: 15,
  event: 16,
  authorization: 17,
  route: 18,
  transferEncoding: 19,
} as const;
export type HeaderId = (typeof HeaderId)[keyof typeof HeaderId];

/** Lower-case octets of an ASCII word. */
export function word(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The names in full, lower case. */
export const LONG_NAMES: readonly (readonly [name: string, id: HeaderId])[] = [
  ['via', HeaderId.via],
  ['from', HeaderId.from],
  ['to', HeaderId.to],
  ['call-id', HeaderId.callId],
  ['cseq', HeaderId.cseq],
  ['contact', HeaderId.contact],
  ['content-type', HeaderId.contentType],
  ['content-length', HeaderId.contentLength],
  ['content-encoding', HeaderId.contentEncoding],
  ['content-transfer-encoding', HeaderId.transferEncoding],
  ['user-agent', HeaderId.userAgent],
  ['server', HeaderId.userAgent],
  ['expires', HeaderId.expires],
  ['rseq', HeaderId.rseq],
  ['reason', HeaderId.reason],
  ['refer-to', HeaderId.referTo],
  ['replaces', HeaderId.replaces],
  ['event', HeaderId.event],
  ['authorization', HeaderId.authorization],
  ['proxy-authorization', HeaderId.authorization],
  ['route', HeaderId.route],
];
const LONG_WORDS = LONG_NAMES.map(([name]) => word(name));

/** Whether the octets at `at` are `lower` in any case. The caller has compared the lengths. */
export function sameWord(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) {
    const want = lower[i];
    const have = bytes[at + i];
    // Only letters have two cases; `have | 0x20` alone would take control characters for punctuation.
    if (have !== want && (want < 0x61 || (have | 0x20) !== want)) return false;
  }
  return true;
}

/** The header field whose name is at `at`: long or compact form (RFC 3261 7.3.3), any case. */
export function headerId(bytes: Uint8Array, at: number, length: number): HeaderId {
  if (length === 1) return compactId(bytes[at] | 0x20);
  for (let i = 0; i < LONG_WORDS.length; i++) {
    if (LONG_WORDS[i].length === length && sameWord(bytes, at, LONG_WORDS[i])) return LONG_NAMES[i][1];
  }
  return HeaderId.other;
}

function compactId(letter: number): HeaderId {
  switch (letter) {
    case 0x76: // v
      return HeaderId.via;
    case 0x66: // f
      return HeaderId.from;
    case 0x74: // t
      return HeaderId.to;
    case 0x69: // i
      return HeaderId.callId;
    case 0x6d: // m
      return HeaderId.contact;
    case 0x63: // c
      return HeaderId.contentType;
    case 0x6c: // l
      return HeaderId.contentLength;
    case 0x65: // e
      return HeaderId.contentEncoding;
    case 0x72: // r
      return HeaderId.referTo;
    case 0x6f: // o
      return HeaderId.event;
    default:
      return HeaderId.other;
  }
}
