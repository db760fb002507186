/** Media types of bodies as strings, without making one for the types that are met again and again. */
import { sameWord, word } from './header-names.ts';
import { isSpace, SEMICOLON } from './octet-classes.ts';

declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };

export const SDP_TYPE = 'application/sdp';

const KNOWN = [
  SDP_TYPE,
  'multipart/mixed',
  'multipart/related',
  'multipart/alternative',
  'multipart/signed',
  'text/plain',
  'text/html',
  'message/sipfrag',
  'message/sip',
  'message/cpim',
  'message/imdn+xml',
  'application/dtmf',
  'application/dtmf-relay',
  'application/isup',
  'application/qsig',
  'application/gtd',
  'application/simple-message-summary',
  'application/pidf+xml',
  'application/cpim-pidf+xml',
  'application/xpidf+xml',
  'application/dialog-info+xml',
  'application/conference-info+xml',
  'application/reginfo+xml',
  'application/watcherinfo+xml',
  'application/rlmi+xml',
  'application/resource-lists+xml',
  'application/media_control+xml',
  'application/vq-rtcpxr',
  'application/trickle-ice-sdpfrag',
  'application/im-iscomposing+xml',
  'application/rs-metadata+xml',
  'application/vnd.3gpp.ussd+xml',
  'application/vnd.etsi.aoc+xml',
  'application/octet-stream',
] as const;
const WORDS = KNOWN.map(word);

const MULTIPART = word('multipart/');

/** The `type/subtype` at the head of a Content-Type value, lower case. Only a type not in the list costs a string. */
export function mediaTypeOf(bytes: Uint8Array, at: number, length: number): string {
  let end = at;
  const stop = at + length;
  while (end < stop && bytes[end] !== SEMICOLON && !isSpace(bytes[end])) end++;
  const size = end - at;
  for (let i = 0; i < WORDS.length; i++) {
    if (WORDS[i].length === size && sameWord(bytes, at, WORDS[i])) return KNOWN[i];
  }
  return new TextDecoder('utf-8').decode(bytes.subarray(at, end)).toLowerCase();
}

/** Whether a Content-Type value is `multipart/` something. */
export function isMultipart(bytes: Uint8Array, at: number, length: number): boolean {
  return length > MULTIPART.length && sameWord(bytes, at, MULTIPART);
}
