/** What the ciphers start from for a packet: four words, a counter block or an initialization vector. */
import { sequenceOf, wordAt } from './packet-layout.ts';
import type { SrtpCipher } from './policy.ts';

/** Section 4.1 of RFC 3711: the low 48 bits are the index. */
const COUNTERS = 0x10000;

/** The counter that GCM's tag is masked with; the text begins at the next (NIST SP 800-38D section 7.1). */
export const GCM_TAG_COUNTER = 1;
const GCM_TEXT_COUNTER = 2;

export function rolloverOf(index: number): number {
  return Math.floor(index / COUNTERS);
}

/** Of an RTP packet at `at` with this index (RFC 3711 sections 4.1.1, 4.1.2.2, RFC 7714 section 8.1). */
export function rtpVector(
  out: Int32Array,
  cipher: SrtpCipher,
  salt: Int32Array,
  bytes: Uint8Array,
  at: number,
  index: number,
): void {
  const roc = rolloverOf(index);
  const ssrc = wordAt(bytes, at + 8);
  if (cipher === 'aes-gcm') {
    gcmRtpVector(out, salt, ssrc, roc, sequenceOf(bytes, at));
    out[3] = GCM_TEXT_COUNTER;
  } else if (cipher === 'aes-f8') {
    out[0] = wordAt(bytes, at) & 0x00ffffff;
    out[1] = wordAt(bytes, at + 4);
    out[2] = ssrc;
    out[3] = roc;
  } else {
    out[0] = salt[0];
    out[1] = salt[1] ^ ssrc;
    out[2] = salt[2] ^ roc;
    out[3] = salt[3] ^ (sequenceOf(bytes, at) << 16);
  }
}

/** The block that masks the tag of an RTP packet (RFC 7714 section 8.1). */
export function gcmRtpVector(out: Int32Array, salt: Int32Array, ssrc: number, roc: number, sequence: number): void {
  out[0] = salt[0] ^ (ssrc >>> 16);
  out[1] = salt[1] ^ ((ssrc << 16) | (roc >>> 16));
  out[2] = salt[2] ^ ((roc << 16) | sequence);
  out[3] = GCM_TAG_COUNTER;
}

/** Of an RTCP packet at `at`; `trailer` is its E flag and index (RFC 3711 section 4.1, RFC 7714 section 9.1). */
export function rtcpVector(
  out: Int32Array,
  cipher: SrtpCipher,
  salt: Int32Array,
  bytes: Uint8Array,
  at: number,
  trailer: number,
): void {
  const ssrc = wordAt(bytes, at + 4);
  const index = trailer & 0x7fffffff;
  if (cipher === 'aes-gcm') {
    out[0] = salt[0] ^ (ssrc >>> 16);
    out[1] = salt[1] ^ (ssrc << 16);
    out[2] = salt[2] ^ index;
    out[3] = GCM_TEXT_COUNTER;
  } else if (cipher === 'aes-f8') {
    out[0] = 0;
    out[1] = trailer;
    out[2] = wordAt(bytes, at);
    out[3] = ssrc;
  } else {
    out[0] = salt[0];
    out[1] = salt[1] ^ ssrc;
    out[2] = salt[2] ^ (index >>> 16);
    out[3] = salt[3] ^ (index << 16);
  }
}
