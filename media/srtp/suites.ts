import type { SrtpCipher, SrtpSuite } from './policy.ts';

const SALT_BYTES = 14;
const GCM_SALT_BYTES = 12;
const TAG_80 = 10;
const TAG_32 = 4;
const GCM_TAG = 16;

function suite(
  name: string,
  cipher: SrtpCipher,
  keyBytes: number,
  saltBytes: number,
  rtpTagBytes: number,
  rtcpTagBytes: number,
): SrtpSuite {
  return { name, cipher, keyBytes, saltBytes, rtpTagBytes, rtcpTagBytes };
}

/**
 * Every suite that can be opened. Where RTP has the short tag of 4 octets, RTCP keeps 10 (RFC 4568 section 6.2.2, RFC
 * 5764 section 4.1.2, RFC 6188 section 4); RTCP is always authenticated (RFC 3711 section 3.4) where the suite can.
 */
export const SUITES: readonly SrtpSuite[] = [
  suite('AES_CM_128_HMAC_SHA1_80', 'aes-cm', 16, SALT_BYTES, TAG_80, TAG_80),
  suite('AES_CM_128_HMAC_SHA1_32', 'aes-cm', 16, SALT_BYTES, TAG_32, TAG_80),
  suite('AES_192_CM_HMAC_SHA1_80', 'aes-cm', 24, SALT_BYTES, TAG_80, TAG_80),
  suite('AES_192_CM_HMAC_SHA1_32', 'aes-cm', 24, SALT_BYTES, TAG_32, TAG_80),
  suite('AES_256_CM_HMAC_SHA1_80', 'aes-cm', 32, SALT_BYTES, TAG_80, TAG_80),
  suite('AES_256_CM_HMAC_SHA1_32', 'aes-cm', 32, SALT_BYTES, TAG_32, TAG_80),
  suite('AEAD_AES_128_GCM', 'aes-gcm', 16, GCM_SALT_BYTES, GCM_TAG, GCM_TAG),
  suite('AEAD_AES_256_GCM', 'aes-gcm', 32, GCM_SALT_BYTES, GCM_TAG, GCM_TAG),
  suite('F8_128_HMAC_SHA1_80', 'aes-f8', 16, SALT_BYTES, TAG_80, TAG_80),
  suite('F8_128_HMAC_SHA1_32', 'aes-f8', 16, SALT_BYTES, TAG_32, TAG_80),
  suite('NULL_HMAC_SHA1_80', 'null', 16, SALT_BYTES, TAG_80, TAG_80),
  suite('NULL_HMAC_SHA1_32', 'null', 16, SALT_BYTES, TAG_32, TAG_80),
  suite('AES_CM_128_NULL_AUTH', 'aes-cm', 16, SALT_BYTES, 0, TAG_80),
  suite('AES_192_CM_NULL_AUTH', 'aes-cm', 24, SALT_BYTES, 0, TAG_80),
  suite('AES_256_CM_NULL_AUTH', 'aes-cm', 32, SALT_BYTES, 0, TAG_80),
  suite('NULL_CIPHER_NULL_AUTH', 'null', 16, SALT_BYTES, 0, 0),
];

/**
 * DTLS-SRTP protection profiles by number, as the registry of RFC 5764 section 8 (and RFC 7714, 8269, 8723) names them;
 * of those in use, not all can be opened.
 */
export const PROFILE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0001, 'SRTP_AES128_CM_HMAC_SHA1_80'],
  [0x0002, 'SRTP_AES128_CM_HMAC_SHA1_32'],
  [0x0005, 'SRTP_NULL_HMAC_SHA1_80'],
  [0x0006, 'SRTP_NULL_HMAC_SHA1_32'],
  [0x0007, 'SRTP_AEAD_AES_128_GCM'],
  [0x0008, 'SRTP_AEAD_AES_256_GCM'],
  [0x0009, 'DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM'],
  [0x000a, 'DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM'],
  [0x000b, 'SRTP_ARIA_128_CTR_HMAC_SHA1_80'],
  [0x000c, 'SRTP_ARIA_128_CTR_HMAC_SHA1_32'],
  [0x000d, 'SRTP_ARIA_256_CTR_HMAC_SHA1_80'],
  [0x000e, 'SRTP_ARIA_256_CTR_HMAC_SHA1_32'],
  [0x000f, 'SRTP_AEAD_ARIA_128_GCM'],
  [0x0010, 'SRTP_AEAD_ARIA_256_GCM'],
]);

/** Other spellings that are in use: the registry's, openssl's, libsrtp's, GStreamer's; drafts had the size behind. */
const ALIASES: Readonly<Record<string, string>> = {
  SRTP_AES128_CM_HMAC_SHA1_80: 'AES_CM_128_HMAC_SHA1_80',
  SRTP_AES128_CM_HMAC_SHA1_32: 'AES_CM_128_HMAC_SHA1_32',
  SRTP_AES128_CM_SHA1_80: 'AES_CM_128_HMAC_SHA1_80',
  SRTP_AES128_CM_SHA1_32: 'AES_CM_128_HMAC_SHA1_32',
  AES_128_CM_HMAC_SHA1_80: 'AES_CM_128_HMAC_SHA1_80',
  AES_128_CM_HMAC_SHA1_32: 'AES_CM_128_HMAC_SHA1_32',
  AES_CM_192_HMAC_SHA1_80: 'AES_192_CM_HMAC_SHA1_80',
  AES_CM_192_HMAC_SHA1_32: 'AES_192_CM_HMAC_SHA1_32',
  AES_CM_256_HMAC_SHA1_80: 'AES_256_CM_HMAC_SHA1_80',
  AES_CM_256_HMAC_SHA1_32: 'AES_256_CM_HMAC_SHA1_32',
  SRTP_AES256_CM_SHA1_80: 'AES_256_CM_HMAC_SHA1_80',
  SRTP_AES256_CM_SHA1_32: 'AES_256_CM_HMAC_SHA1_32',
  AES_CM_192_NULL_AUTH: 'AES_192_CM_NULL_AUTH',
  AES_CM_256_NULL_AUTH: 'AES_256_CM_NULL_AUTH',
  SRTP_AEAD_AES_128_GCM: 'AEAD_AES_128_GCM',
  SRTP_AEAD_AES_256_GCM: 'AEAD_AES_256_GCM',
  AES_GCM_128: 'AEAD_AES_128_GCM',
  AES_GCM_256: 'AEAD_AES_256_GCM',
  AES_128_GCM: 'AEAD_AES_128_GCM',
  AES_256_GCM: 'AEAD_AES_256_GCM',
  AES_GCM_128_16_AUTH: 'AEAD_AES_128_GCM',
  AES_GCM_256_16_AUTH: 'AEAD_AES_256_GCM',
  SRTP_NULL_HMAC_SHA1_80: 'NULL_HMAC_SHA1_80',
  SRTP_NULL_HMAC_SHA1_32: 'NULL_HMAC_SHA1_32',
  SRTP_NULL_SHA1_80: 'NULL_HMAC_SHA1_80',
  SRTP_NULL_SHA1_32: 'NULL_HMAC_SHA1_32',
  NULL_CIPHER_HMAC_SHA1_80: 'NULL_HMAC_SHA1_80',
  NULL_CIPHER_HMAC_SHA1_32: 'NULL_HMAC_SHA1_32',
  NULL_CIPHER_HMAC_NULL: 'NULL_CIPHER_NULL_AUTH',
  NULL_NULL: 'NULL_CIPHER_NULL_AUTH',
};

const BY_NAME: ReadonlyMap<string, SrtpSuite> = new Map(SUITES.map((each) => [each.name, each]));

/** The suite of this name or of another spelling of it, in any case, `-` for `_` allowed; null where there is none. */
export function suiteByName(name: string): SrtpSuite | null {
  const written = name.trim().toUpperCase().replaceAll('-', '_');
  return BY_NAME.get(Object.hasOwn(ALIASES, written) ? ALIASES[written] : written) ?? null;
}

/** The suite of a DTLS-SRTP protection profile (RFC 5764 section 4.1.2); null where it cannot be opened. */
export function suiteByProfile(dtlsProfileId: number): SrtpSuite | null {
  const name = PROFILE_NAMES.get(dtlsProfileId);
  return name === undefined ? null : suiteByName(name);
}
