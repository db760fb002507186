/** An SRTP suite that a key can be entered for. */
export interface SuiteChoice {
  readonly name: string;
  /** Octets of master key and master salt. */
  readonly keyBytes: number;
  readonly saltBytes: number;
}

function suite(name: string, keyBytes: number, saltBytes: number): SuiteChoice {
  return { name, keyBytes, saltBytes };
}

/** Those that the engine opens, the usual ones first. */
export const SUITE_CHOICES: readonly SuiteChoice[] = [
  suite('AES_CM_128_HMAC_SHA1_80', 16, 14),
  suite('AES_CM_128_HMAC_SHA1_32', 16, 14),
  suite('AES_192_CM_HMAC_SHA1_80', 24, 14),
  suite('AES_192_CM_HMAC_SHA1_32', 24, 14),
  suite('AES_256_CM_HMAC_SHA1_80', 32, 14),
  suite('AES_256_CM_HMAC_SHA1_32', 32, 14),
  suite('AEAD_AES_128_GCM', 16, 12),
  suite('AEAD_AES_256_GCM', 32, 12),
  suite('F8_128_HMAC_SHA1_80', 16, 14),
  suite('F8_128_HMAC_SHA1_32', 16, 14),
  suite('NULL_HMAC_SHA1_80', 16, 14),
  suite('NULL_HMAC_SHA1_32', 16, 14),
  suite('AES_CM_128_NULL_AUTH', 16, 14),
  suite('AES_192_CM_NULL_AUTH', 24, 14),
  suite('AES_256_CM_NULL_AUTH', 32, 14),
  suite('NULL_CIPHER_NULL_AUTH', 16, 14),
];

/** What to type for a suite: `16 octets of key and 14 of salt: 40 characters of base64 or 60 of hexadecimal together`. */
export function lengthsText({ keyBytes, saltBytes }: SuiteChoice): string {
  const both = keyBytes + saltBytes;
  return `${keyBytes} octets of key and ${saltBytes} of salt: together ${Math.ceil(both / 3) * 4} characters of base64 or ${both * 2} of hexadecimal.`;
}
