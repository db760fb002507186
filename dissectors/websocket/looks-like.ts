/** Tells WebSocket frames by what is in them, where the capture has not seen how the connection began. */
import { FrameHeader, FrameResult, KEY_OCTETS, Opcode } from './frame-header.ts';

/** Octets of a payload that are looked at. */
const LOOK = 32;
/** No SIP message and no request of Verto is shorter. */
const MIN_PAYLOAD_OCTETS = 20;
const MAX_METHOD_OCTETS = 12;
/** So many sound frames in a row are no accident. */
const ENOUGH_FRAMES = 16;

const SPACE = 0x20;
const QUOTE = 0x22;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SIP_VERSION = Uint8Array.from('SIP/2.0 ', (letter) => letter.charCodeAt(0));
const SCHEMES = ['sip:', 'sips:', 'tel:'].map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

const header = new FrameHeader();
const front = new Uint8Array(LOOK);

/** Whether a sound first frame with SIP or JSON in it begins at `at`. */
export function looksLikeFrame(bytes: Uint8Array, at: number, end: number): boolean {
  if (header.read(bytes, at, end) !== FrameResult.Found) return false;
  const { opcode, payloadLength, headerLength, isMasked } = header;
  if (opcode !== Opcode.Text && opcode !== Opcode.Binary) return false;
  if (header.isCompressed || !header.isMinimal || payloadLength < MIN_PAYLOAD_OCTETS) return false;
  const payloadAt = at + headerLength;
  const there = Math.min(payloadLength, end - payloadAt, LOOK);
  if (there < MIN_PAYLOAD_OCTETS) return false;
  const keyAt = isMasked ? payloadAt - KEY_OCTETS : -1;
  for (let i = 0; i < there; i++) front[i] = bytes[payloadAt + i] ^ (isMasked ? bytes[keyAt + (i & 3)] : 0);
  if (isSip(there)) return true;
  if (front[0] !== OPENING_BRACE || front[1] !== QUOTE || !isText(there)) return false;
  if (payloadAt + payloadLength > end || !header.isFinal) return true;
  const last = payloadLength - 1;
  return (bytes[payloadAt + last] ^ (isMasked ? bytes[keyAt + (last & 3)] : 0)) === CLOSING_BRACE;
}

/**
 * Octets from `at` to where whole frames begin that end where the octets do, which chance hardly does; -1 where there is
 * no such place. For a connection that lost octets.
 */
export function nextFrameAt(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i + 2 <= end; i++) {
    // The most are told by their first octet: text, binary, their compressed kin, and control frames.
    const opcode = bytes[i] & 0x3f;
    if (bytes[i] < 0x81 || (opcode > 2 && opcode < 8) || opcode > 10) continue;
    if (framesUntil(bytes, i, end) || looksLikeFrame(bytes, i, end)) return i - at;
  }
  return -1;
}

function framesUntil(bytes: Uint8Array, at: number, end: number): boolean {
  for (let frames = 0; at < end; frames++) {
    if (frames === ENOUGH_FRAMES) return true;
    if (header.read(bytes, at, end) !== FrameResult.Found || !header.isMinimal) return false;
    at += header.headerLength + header.payloadLength;
  }
  return at === end;
}

/** `SIP/2.0 ` or a method and the scheme of its URI. */
function isSip(there: number): boolean {
  if (startsWith(0, there, SIP_VERSION)) return true;
  let at = 0;
  while (at < MAX_METHOD_OCTETS && front[at] >= 0x41 && front[at] <= 0x5a) at++;
  return at >= 3 && front[at] === SPACE && SCHEMES.some((scheme) => startsWith(at + 1, there, scheme));
}

function startsWith(at: number, there: number, text: Uint8Array): boolean {
  if (at + text.length > there) return false;
  for (let i = 0; i < text.length; i++) if ((front[at + i] | SPACE) !== (text[i] | SPACE)) return false;
  return true;
}

function isText(there: number): boolean {
  for (let i = 0; i < there; i++)
    if (front[i] < SPACE && front[i] !== 9 && front[i] !== 10 && front[i] !== 13) return false;
  return true;
}
