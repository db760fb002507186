/** Opens single ESP packets with keys (RFC 4303 section 3.4). */
import {
  type CipherChaCha20Poly1305Types,
  type CipherGCMTypes,
  createDecipheriv,
  createHmac,
  timingSafeEqual,
} from 'node:crypto';
import type { EspSa } from './security-association.ts';

const HEADER_BYTES = 8;

/**
 * What the ESP packet encrypts, padding and the two octets after it included; null where it does not authenticate or cannot
 * be such a packet. With `extended` its sequence number has 64 bits, of which the SA says the upper half (RFC 4304).
 */
export function openEsp(sa: EspSa, packet: Uint8Array, extended: boolean): Uint8Array | null {
  const { cipher, authentication } = sa;
  const end = packet.length - authentication.icvBytes - cipher.tagBytes;
  const from = HEADER_BYTES + cipher.ivBytes;
  if (end < from + 2) return null;
  try {
    if (cipher.kind === 'aead') return plainArray(openAead(sa, packet, from, end, extended));
    return authenticates(sa, packet, end, extended) ? plainArray(decrypted(sa, packet, from, end)) : null;
  } catch {
    // Node throws where a tag does not match or the length is no cipher's: a result like any other.
    return null;
  }
}

/** Node gives its own kind of array, which would make the hot pass deal with two. */
function plainArray({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** Whether the SA can tell a packet of its own from others. */
export function isChecked({ cipher, authentication }: EspSa): boolean {
  return cipher.kind === 'aead' || authentication.hash !== '';
}

function authenticates(sa: EspSa, packet: Uint8Array, end: number, extended: boolean): boolean {
  const { hash, icvBytes } = sa.authentication;
  if (hash === '') return true;
  const hmac = createHmac(hash, sa.authenticationKey).update(packet.subarray(0, end));
  if (extended) hmac.update(upperHalf(sa));
  const icv = packet.subarray(end, end + icvBytes);
  return timingSafeEqual(hmac.digest().subarray(0, icvBytes), icv);
}

function decrypted(sa: EspSa, packet: Uint8Array, from: number, end: number): Uint8Array {
  const body = packet.subarray(from, end);
  const iv = packet.subarray(HEADER_BYTES, from);
  const bits = sa.key.length * 8;
  switch (sa.cipher.kind) {
    case 'cbc': {
      const name = sa.cipher.ivBytes === 8 ? 'des-ede3-cbc' : `aes-${bits}-cbc`;
      const decipher = createDecipheriv(name, sa.key, iv).setAutoPadding(false);
      return joined(decipher.update(body), decipher.final());
    }
    case 'ctr': {
      // Nonce, initialisation vector, and a counter that begins with 1 (RFC 3686 section 4).
      const counter = joined(joined(sa.salt, iv), Uint8Array.of(0, 0, 0, 1));
      return createDecipheriv(`aes-${bits}-ctr`, sa.key, counter).update(body);
    }
    default:
      return Uint8Array.from(body);
  }
}

function openAead(sa: EspSa, packet: Uint8Array, from: number, end: number, extended: boolean): Uint8Array {
  const nonce = joined(sa.salt, packet.subarray(HEADER_BYTES, from));
  const header = packet.subarray(0, HEADER_BYTES);
  const associated = extended ? joined(joined(header.subarray(0, 4), upperHalf(sa)), header.subarray(4)) : header;
  const authTagLength = sa.cipher.tagBytes;
  const decipher =
    sa.cipher.name === 'chacha20-poly1305'
      ? createDecipheriv('chacha20-poly1305' satisfies CipherChaCha20Poly1305Types, sa.key, nonce, { authTagLength })
      : createDecipheriv(`aes-${sa.key.length * 8}-gcm` as CipherGCMTypes, sa.key, nonce, { authTagLength });
  const body = packet.subarray(from, end);
  decipher.setAAD(associated, { plaintextLength: body.length });
  decipher.setAuthTag(packet.subarray(end, end + authTagLength));
  return joined(decipher.update(body), decipher.final());
}

function upperHalf({ sequenceHigh: high }: EspSa): Uint8Array {
  return Uint8Array.of(high >>> 24, high >>> 16, high >>> 8, high);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (b.length === 0) return a;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
