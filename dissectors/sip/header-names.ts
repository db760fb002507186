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

const CALL_ID = word('call-id');
const CONTACT = word('contact');
const CONTENT_TYPE = word('content-type');
const CONTENT_LENGTH = word('content-length');
const CONTENT_ENCODING = word('content-encoding');
const USER_AGENT = word('user-agent');
const SERVER = word('server');
const EXPIRES = word('expires');
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

/** The first four letters of a name, lower case, as `headerId` reads them. */
function letters(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24);
}

const VIA_LETTERS = letters('via\0');
const FROM_LETTERS = letters('from');
const CSEQ_LETTERS = letters('cseq');
const RSEQ_LETTERS = letters('rseq');

/**
 * The header field whose name is at `at`: long or compact form (RFC 3261 7.3.3), any case. `view` is that of `bytes`;
 * an octet follows the name. Of names that letters alone make, one comparison of four octets decides.
 */
export function headerId(bytes: Uint8Array, view: DataView, at: number, length: number): HeaderId {
  switch (length) {
    case 1:
      return compactId(bytes[at] | 0x20);
    case 2:
      return (bytes[at] | 0x20) === 0x74 && (bytes[at + 1] | 0x20) === 0x6f ? HeaderId.to : HeaderId.other;
    case 3:
      return ((view.getUint32(at, true) | 0x202020) & 0xffffff) === VIA_LETTERS ? HeaderId.via : HeaderId.other;
    case 4:
      switch (view.getUint32(at, true) | 0x20202020) {
        case FROM_LETTERS:
          return HeaderId.from;
        case CSEQ_LETTERS:
          return HeaderId.cseq;
        case RSEQ_LETTERS:
          return HeaderId.rseq;
        default:
          return HeaderId.other;
      }
    default:
      return longNameId(bytes, at, length, bytes[at] | 0x20);
  }
}

/** Names of five letters and more, by their first letter before all of them are compared. */
function longNameId(bytes: Uint8Array, at: number, length: number, first: number): HeaderId {
  switch (first) {
    case 0x63: // c
      if (length === 7 && sameWord(bytes, at, CALL_ID)) return HeaderId.callId;
      if (length === 7 && sameWord(bytes, at, CONTACT)) return HeaderId.contact;
      if (length === 12 && sameWord(bytes, at, CONTENT_TYPE)) return HeaderId.contentType;
      if (length === 14 && sameWord(bytes, at, CONTENT_LENGTH)) return HeaderId.contentLength;
      if (length === 16 && sameWord(bytes, at, CONTENT_ENCODING)) return HeaderId.contentEncoding;
      return length === 25 && sameWord(bytes, at, TRANSFER_ENCODING) ? HeaderId.transferEncoding : HeaderId.other;
    case 0x72: // r
      if (length === 5 && sameWord(bytes, at, ROUTE)) return HeaderId.route;
      if (length === 6 && sameWord(bytes, at, REASON)) return HeaderId.reason;
      if (length === 8 && sameWord(bytes, at, REFER_TO)) return HeaderId.referTo;
      return length === 8 && sameWord(bytes, at, REPLACES) ? HeaderId.replaces : HeaderId.other;
    case 0x65: // e
      if (length === 5 && sameWord(bytes, at, EVENT)) return HeaderId.event;
      return length === 7 && sameWord(bytes, at, EXPIRES) ? HeaderId.expires : HeaderId.other;
    case 0x73: // s
      return length === 6 && sameWord(bytes, at, SERVER) ? HeaderId.userAgent : HeaderId.other;
    case 0x75: // u
      return length === 10 && sameWord(bytes, at, USER_AGENT) ? HeaderId.userAgent : HeaderId.other;
    case 0x61: // a
      return length === 13 && sameWord(bytes, at, AUTHORIZATION) ? HeaderId.authorization : HeaderId.other;
    case 0x70: // p
      return length === 19 && sameWord(bytes, at, PROXY_AUTHORIZATION) ? HeaderId.authorization : HeaderId.other;
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
