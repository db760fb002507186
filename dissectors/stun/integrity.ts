/**
 * What MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 are made over, for whoever has HMAC and the password: HMAC-SHA1 and
 * HMAC-SHA256, the latter perhaps cut (RFC 8489, sections 14.5 and 14.6). The key is the password as it is (short-term,
 * ICE), or the hash of `longTermKeyText` (section 9.2.2): MD5, or SHA-256 where PASSWORD-ALGORITHM says so.
 */
import type { Octets } from '../../base/octets.ts';
import { ATTRIBUTE_HEADER, MAGIC_COOKIE, STUN_HEADER } from './message-header.ts';

/** RFC 3489, section 11.2.8: the octets are filled with zeros to blocks of 64. */
const CLASSIC_BLOCK = 64;

/**
 * A copy of the octets that the integrity attribute at `at` is made over: those before it, with the length field as if it
 * were the last attribute. `message` begins with the STUN header (in a frame of RFC 4571, two octets into the payload), and
 * `at` counts from there. Empty where the attribute does not lie inside the message.
 */
export function integrityInput(message: Octets, at: number): Uint8Array {
  if (at < STUN_HEADER || at + ATTRIBUTE_HEADER > message.length) return new Uint8Array(0);
  const isClassic = message.u32(4) !== MAGIC_COOKIE;
  const length = isClassic ? Math.ceil(at / CLASSIC_BLOCK) * CLASSIC_BLOCK : at;
  const input = new Uint8Array(length);
  input.set(message.bytes.subarray(message.start, message.start + at));
  const said = at + ATTRIBUTE_HEADER + message.u16(at + 2) - STUN_HEADER;
  input[2] = said >> 8;
  input[3] = said & 0xff;
  return input;
}

/** A copy of the value of the integrity attribute at `at`, as far as the message has it. */
export function integrityValue(message: Octets, at: number): Uint8Array {
  const value = message.sub(at + ATTRIBUTE_HEADER, message.u16(at + 2));
  return value.bytes.slice(value.start, value.start + value.length);
}

/** What the key of the long-term mechanism is the hash of, in UTF-8; the password went through OpaqueString or SASLprep. */
export function longTermKeyText(username: string, realm: string, password: string): string {
  return `${username}:${realm}:${password}`;
}
