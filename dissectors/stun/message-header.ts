/**
 * What a payload begins with, and how far the message goes.
 *
 *     STUN         00 type(14) · length(16) · cookie(32) · transaction ID(96) · attributes   RFC 8489, section 5
 *     RFC 3489     type(16) · length(16) · transaction ID(128) · attributes                  RFC 3489, section 11.1
 *     ChannelData  channel(16) · length(16) · data · over TCP filled to a word               RFC 8656, section 12.4
 *     frame        length(16) · STUN, RTP, RTCP or DTLS                                      RFC 4571, RFC 6544
 *
 * No reader here allocates.
 */
import type { Octets } from '../../base/octets.ts';
import type { Transport } from '../dissector.ts';
import { StunAttribute } from './attributes.ts';
import { StunKind } from './columns.ts';
import { crc32 } from './crc32.ts';
import { classicClassOf, classOf, methodOf } from './methods.ts';

export const MAGIC_COOKIE = 0x2112a442;
/** Octets before the attributes. */
export const STUN_HEADER = 20;
export const CHANNEL_HEADER = 4;
/** Octets of type and length before an attribute's value. */
export const ATTRIBUTE_HEADER = 4;
export const FRAME_HEADER = 2;
const FINGERPRINT_XOR = 0x5354554e;
const FINGERPRINT_HEAD = ((StunAttribute.Fingerprint << 16) | 4) >>> 0;
const FINGERPRINT_LENGTH = 8;
/** MAGIC-COOKIE, the first attribute of every message of MS-TURN (section 2.2.2.8 there). */
const MS_COOKIE_HEAD = ((StunAttribute.MagicCookie << 16) | 4) >>> 0;
const MS_COOKIE = 0x72c64bc6;
const FIRST_CHANNEL_OCTET = 0x40;
/** RFC 8656 ends them at 0x4fff; RFC 5766 (section 11) went on to 0x7fff, and clients of that time are in use. */
const LAST_CHANNEL_OCTET = 0x7f;
/**
 * What is relayed and framed are datagrams, and these are far shorter. Above it begin text, where a stream's ChannelData is
 * looked for, and TLS, where a frame is.
 */
const LONGEST_STREAM_CHANNEL = 0x1fff;
const LAST_FRAME_OCTET = 0x13;

/** What `readHeader` found; one object serves all messages. */
export class MessageHeader {
  /** See `StunKind`. */
  kind = 0;
  /** Where the message's own header begins: 2 inside a frame, else 0. */
  at = 0;
  type = 0;
  class = 0;
  method = 0;
  /** End of the message by its own length field, padding not counted; may pass the end of the view. */
  end = 0;
  /** Octets that the message takes of the payload, padding and frame counted; may pass the end of the view. */
  total = 0;
}

/** How `readHeader` ends. `Short`: a stream has to bring more before it can be told. */
export const HeaderResult = { Found: 0, Not: 1, Short: 2 } as const;
export type HeaderResult = (typeof HeaderResult)[keyof typeof HeaderResult];

/** Reads what the payload begins with. Of a datagram that the capture cut, as much as is there has to do. */
export function readHeader(data: Octets, transport: Transport, truncated: boolean, into: MessageHeader): HeaderResult {
  const first = data.u8(0);
  if (data.length === 0 || first > LAST_CHANNEL_OCTET) return HeaderResult.Not;
  into.at = 0;
  if (first >= FIRST_CHANNEL_OCTET) return readChannel(data, transport, truncated, into);
  return transport === 'tcp' ? readStream(data, into) : readDatagram(data, truncated, into);
}

function readChannel(data: Octets, transport: Transport, truncated: boolean, into: MessageHeader): HeaderResult {
  const { length } = data;
  if (length < CHANNEL_HEADER) return transport === 'tcp' ? HeaderResult.Short : HeaderResult.Not;
  into.kind = StunKind.ChannelData;
  into.end = CHANNEL_HEADER + data.u16(2);
  into.total = transport === 'tcp' ? (into.end + 3) & ~3 : into.end;
  if (transport === 'tcp') return data.u16(2) <= LONGEST_STREAM_CHANNEL ? HeaderResult.Found : HeaderResult.Not;
  // A datagram may be filled to a word, and need not.
  const fits = into.end === length || (into.end < length && ((into.end + 3) & ~3) === length);
  if (fits) into.total = length;
  return fits || (truncated && into.end > length) ? HeaderResult.Found : HeaderResult.Not;
}

function readDatagram(data: Octets, truncated: boolean, into: MessageHeader): HeaderResult {
  const { length } = data;
  if (data.u8(0) > 3) return HeaderResult.Not;
  if (length >= 8 && data.u32(4) === MAGIC_COOKIE) {
    if (length < STUN_HEADER && !truncated) return HeaderResult.Not;
    readMessage(data, 0, into);
    return HeaderResult.Found;
  }
  return readClassic(data, truncated, into) ? HeaderResult.Found : HeaderResult.Not;
}

/** Whether it is a message of RFC 3489: an assigned type, a length that fits, and attributes that fill it. */
function readClassic(data: Octets, truncated: boolean, into: MessageHeader): boolean {
  const { length } = data;
  if (length < STUN_HEADER) return false;
  const type = data.u16(0);
  const messageClass = classicClassOf(type);
  const end = STUN_HEADER + data.u16(2);
  if (messageClass < 0 || (truncated ? end < length : end !== length)) return false;
  let at = STUN_HEADER;
  while (at + ATTRIBUTE_HEADER <= length) at += ATTRIBUTE_HEADER + data.u16(at + 2);
  if (truncated ? at > end : at !== end) return false;
  into.kind = StunKind.Classic;
  into.type = type;
  into.class = messageClass;
  into.method = type & 0xf;
  into.end = end;
  into.total = end;
  return true;
}

function readStream(data: Octets, into: MessageHeader): HeaderResult {
  const { length } = data;
  const first = data.u8(0);
  if (length < FRAME_HEADER + 2) return HeaderResult.Short;
  if (first <= 3) {
    if (length < 8) return isFramedMedia(data) ? readFrame(data, into) : HeaderResult.Short;
    if (data.u32(4) === MAGIC_COOKIE) {
      if (length < STUN_HEADER) return HeaderResult.Short;
      readMessage(data, 0, into);
      return HeaderResult.Found;
    }
  }
  if (first <= LAST_FRAME_OCTET && isFramedMedia(data)) return readFrame(data, into);
  if (first > LAST_FRAME_OCTET || data.u8(FRAME_HEADER) > 3 || data.u16(0) < STUN_HEADER) return HeaderResult.Not;
  if (length < FRAME_HEADER + 8) return HeaderResult.Short;
  if (data.u32(FRAME_HEADER + 4) !== MAGIC_COOKIE) return HeaderResult.Not;
  if (length < FRAME_HEADER + STUN_HEADER) return HeaderResult.Short;
  readMessage(data, FRAME_HEADER, into);
  into.total = FRAME_HEADER + data.u16(0);
  return HeaderResult.Found;
}

/** Whether a frame of RFC 4571 with RTP, RTCP or DTLS can begin here (told apart as RFC 7983 does). */
function isFramedMedia(data: Octets): boolean {
  const first = data.u8(FRAME_HEADER);
  return data.u16(0) > 0 && (first >> 6 === 2 || (first >= 20 && first <= 63 && data.u8(FRAME_HEADER + 1) === 0xfe));
}

function readFrame(data: Octets, into: MessageHeader): HeaderResult {
  into.kind = StunKind.Frame;
  into.end = FRAME_HEADER + data.u16(0);
  into.total = into.end;
  return HeaderResult.Found;
}

function readMessage(data: Octets, at: number, into: MessageHeader): void {
  into.kind = StunKind.Message;
  into.at = at;
  into.type = data.u16(at);
  into.class = classOf(into.type);
  into.method = methodOf(into.type);
  into.end = at + STUN_HEADER + data.u16(at + 2);
  into.total = into.end;
}

/** Whether a whole message from `at` to `end` closes with a FINGERPRINT that is right. */
export function endsWithFingerprint(data: Octets, at: number, end: number): boolean {
  const fingerprintAt = end - FINGERPRINT_LENGTH;
  if (fingerprintAt < at + STUN_HEADER || end > data.length) return false;
  return data.u32(fingerprintAt) === FINGERPRINT_HEAD && isFingerprintRight(data, at, fingerprintAt);
}

/** Whether the FINGERPRINT attribute at `fingerprintAt` agrees with the octets from `at` (RFC 8489, section 14.7). */
export function isFingerprintRight(data: Octets, at: number, fingerprintAt: number): boolean {
  const value = data.u32(fingerprintAt + ATTRIBUTE_HEADER);
  return value === fingerprintOf(data, at, fingerprintAt);
}

/** What FINGERPRINT at `fingerprintAt` of the message from `at` should say. */
export function fingerprintOf(data: Octets, at: number, fingerprintAt: number): number {
  return (crc32(data.bytes, data.start + at, data.start + fingerprintAt) ^ FINGERPRINT_XOR) >>> 0;
}

/** Whether a datagram shows MS-TURN's own cookie, which tells it on any port. */
export function hasMsCookie(data: Octets): boolean {
  return data.length >= STUN_HEADER + 8 && data.u32(20) === MS_COOKIE_HEAD && data.u32(24) === MS_COOKIE;
}
