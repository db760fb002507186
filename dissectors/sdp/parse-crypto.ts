/** SDP security descriptions: the a=crypto attribute (RFC 4568 section 9). */

export interface CryptoKey {
  /** Master key and salt, concatenated, in base64 as written. */
  readonly key: string;
  /** As written (`2^20`, `1048576`), null for none. */
  readonly lifetime: string | null;
  /** The MKI's value as written, null for none. */
  readonly mki: string | null;
  /** Octets of the MKI in a packet, 0 for none. */
  readonly mkiLength: number;
}

/** A crypto attribute. The first key's parts are its own as well: nearly all have one key. */
export interface CryptoAttribute extends CryptoKey {
  readonly tag: number;
  /** E.g. `AES_CM_128_HMAC_SHA1_80`. */
  readonly suite: string;
  readonly keys: readonly CryptoKey[];
  /** Session parameters as written, e.g. `UNENCRYPTED_SRTCP`. */
  readonly sessionParameters: readonly string[];
}

/**
 * Reads the value of an a=crypto line: `<tag> <suite> inline:<key||salt>["|" lifetime]["|" MKI:length] [parameters]`,
 * or null where it is not so.
 */
export function parseCrypto(value: string): CryptoAttribute | null {
  const [tag, suite, keyParams, ...sessionParameters] = value.trim().split(/\s+/);
  if (!/^\d{1,9}$/.test(tag ?? '') || suite === undefined || keyParams === undefined) return null;
  const keys: CryptoKey[] = [];
  for (const param of keyParams.split(';')) {
    const key = parseKey(param);
    if (key === null) return null;
    keys.push(key);
  }
  return { tag: Number(tag), suite, ...keys[0], keys, sessionParameters };
}

function parseKey(param: string): CryptoKey | null {
  if (!/^inline:/i.test(param)) return null;
  const [key, ...rest] = param.slice('inline:'.length).split('|');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return null;
  let lifetime: string | null = null;
  let mki: string | null = null;
  let mkiLength = 0;
  for (const field of rest) {
    // Only the MKI has a colon; either field may be left out (RFC 4568 section 6.1).
    const match = /^(\d+):(\d{1,3})$/.exec(field);
    if (match !== null) {
      mki = match[1];
      mkiLength = Number(match[2]);
    } else if (/^(2\^)?\d+$/.test(field)) lifetime = field;
    else return null;
  }
  return { key, lifetime, mki, mkiLength };
}
