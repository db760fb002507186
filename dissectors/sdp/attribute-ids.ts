/** Finds out which attribute (a= line) a name is, without making a string of it: those that the hot pass reads. */
import { isWord, word } from './octet-words.ts';

export const AttributeId = {
  other: 0,
  rtpmap: 1,
  fmtp: 2,
  ptime: 3,
  maxptime: 4,
  sendrecv: 5,
  sendonly: 6,
  recvonly: 7,
  inactive: 8,
  crypto: 9,
  fingerprint: 10,
  setup: 11,
  mid: 12,
  rtcp: 13,
  rtcpMux: 14,
  iceUfrag: 15,
  icePwd: 16,
  iceLite: 17,
  bundleOnly: 18,
  ssrc: 19,
  extmap: 20,
} as const;
export type AttributeId = (typeof AttributeId)[keyof typeof AttributeId];

const MID = word('mid');
const FMTP = word('fmtp');
const RTCP = word('rtcp');
const SSRC = word('ssrc');
const PTIME = word('ptime');
const SETUP = word('setup');
const RTPMAP = word('rtpmap');
const CRYPTO = word('crypto');
const EXTMAP = word('extmap');
const ICE_PWD = word('ice-pwd');
const MAXPTIME = word('maxptime');
const SENDRECV = word('sendrecv');
const SENDONLY = word('sendonly');
const RECVONLY = word('recvonly');
const INACTIVE = word('inactive');
const RTCP_MUX = word('rtcp-mux');
const ICE_LITE = word('ice-lite');
const ICE_UFRAG = word('ice-ufrag');
const FINGERPRINT = word('fingerprint');
const BUNDLE_ONLY = word('bundle-only');

/** The attribute whose name is at `at`. */
export function attributeId(bytes: Uint8Array, at: number, length: number): AttributeId {
  switch (length) {
    case 3:
      return isWord(bytes, at, length, MID) ? AttributeId.mid : AttributeId.other;
    case 4:
      if (isWord(bytes, at, length, FMTP)) return AttributeId.fmtp;
      if (isWord(bytes, at, length, SSRC)) return AttributeId.ssrc;
      return isWord(bytes, at, length, RTCP) ? AttributeId.rtcp : AttributeId.other;
    case 5:
      if (isWord(bytes, at, length, PTIME)) return AttributeId.ptime;
      return isWord(bytes, at, length, SETUP) ? AttributeId.setup : AttributeId.other;
    case 6:
      if (isWord(bytes, at, length, RTPMAP)) return AttributeId.rtpmap;
      if (isWord(bytes, at, length, EXTMAP)) return AttributeId.extmap;
      return isWord(bytes, at, length, CRYPTO) ? AttributeId.crypto : AttributeId.other;
    case 7:
      return isWord(bytes, at, length, ICE_PWD) ? AttributeId.icePwd : AttributeId.other;
    case 8:
      return eightLetters(bytes, at, length);
    case 9:
      return isWord(bytes, at, length, ICE_UFRAG) ? AttributeId.iceUfrag : AttributeId.other;
    case 11:
      if (isWord(bytes, at, length, FINGERPRINT)) return AttributeId.fingerprint;
      return isWord(bytes, at, length, BUNDLE_ONLY) ? AttributeId.bundleOnly : AttributeId.other;
    default:
      return AttributeId.other;
  }
}

function eightLetters(bytes: Uint8Array, at: number, length: number): AttributeId {
  if (isWord(bytes, at, length, SENDRECV)) return AttributeId.sendrecv;
  if (isWord(bytes, at, length, MAXPTIME)) return AttributeId.maxptime;
  if (isWord(bytes, at, length, SENDONLY)) return AttributeId.sendonly;
  if (isWord(bytes, at, length, RECVONLY)) return AttributeId.recvonly;
  if (isWord(bytes, at, length, INACTIVE)) return AttributeId.inactive;
  if (isWord(bytes, at, length, RTCP_MUX)) return AttributeId.rtcpMux;
  return isWord(bytes, at, length, ICE_LITE) ? AttributeId.iceLite : AttributeId.other;
}
