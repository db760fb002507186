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

const VIA = word('via');
const FROM = word('from');
const CALL_ID = word('call-id');
const CSEQ = word('cseq');
const CONTACT = word('contact');
const CONTENT_TYPE = word('content-type');
const CONTENT_LENGTH = word('content-length');
const CONTENT_ENCODING = word('content-encoding');
const USER_AGENT = word('user-agent');
const SERVER = word('server');
const EXPIRES = word('expires');
const RSEQ = word('rseq');
const REASON = word('reason');
const REFER_TO = word('refer-to');
const REPLACES = word('replaces');
const EVENT = word('event');
const AUTHORIZATION = word('authorization');
const PROXY_AUTHORIZATION = word('proxy-authorization');
const ROUTE = word('route');
const TRANSFER_ENCODING = word('content-transfer-encoding');

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
  switch (length) {
    case 1:
      return compactId(bytes[at] | 0x20);
    case 2:
      return (bytes[at] | 0x20) === 0x74 && (bytes[at + 1] | 0x20) === 0x6f ? HeaderId.to : HeaderId.other;
    case 3:
      return sameWord(bytes, at, VIA) ? HeaderId.via : HeaderId.other;
    case 4:
      if (sameWord(bytes, at, FROM)) return HeaderId.from;
      if (sameWord(bytes, at, CSEQ)) return HeaderId.cseq;
      return sameWord(bytes, at, RSEQ) ? HeaderId.rseq : HeaderId.other;
    case 5:
      if (sameWord(bytes, at, ROUTE)) return HeaderId.route;
      return sameWord(bytes, at, EVENT) ? HeaderId.event : HeaderId.other;
    case 6:
      if (sameWord(bytes, at, SERVER)) return HeaderId.userAgent;
      return sameWord(bytes, at, REASON) ? HeaderId.reason : HeaderId.other;
    case 7:
      if (sameWord(bytes, at, CALL_ID)) return HeaderId.callId;
      if (sameWord(bytes, at, CONTACT)) return HeaderId.contact;
      return sameWord(bytes, at, EXPIRES) ? HeaderId.expires : HeaderId.other;
    case 8:
      if (sameWord(bytes, at, REFER_TO)) return HeaderId.referTo;
      return sameWord(bytes, at, REPLACES) ? HeaderId.replaces : HeaderId.other;
    case 10:
      return sameWord(bytes, at, USER_AGENT) ? HeaderId.userAgent : HeaderId.other;
    case 12:
      return sameWord(bytes, at, CONTENT_TYPE) ? HeaderId.contentType : HeaderId.other;
    case 13:
      return sameWord(bytes, at, AUTHORIZATION) ? HeaderId.authorization : HeaderId.other;
    case 14:
      return sameWord(bytes, at, CONTENT_LENGTH) ? HeaderId.contentLength : HeaderId.other;
    case 16:
      return sameWord(bytes, at, CONTENT_ENCODING) ? HeaderId.contentEncoding : HeaderId.other;
    case 19:
      return sameWord(bytes, at, PROXY_AUTHORIZATION) ? HeaderId.authorization : HeaderId.other;
    case 25:
      return sameWord(bytes, at, TRANSFER_ENCODING) ? HeaderId.transferEncoding : HeaderId.other;
    default:
      return HeaderId.other;
  }
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
