/** What a cipher suite does to records, read from its registered name (IANA's TLS Cipher Suites). */
import { getCiphers } from 'node:crypto';
import type { HkdfHash } from './key-schedule.ts';

export interface RecordAlgorithm {
  readonly kind: 'aead' | 'cbc' | 'null';
  /** Node's name of the cipher, '' of `null`. */
  readonly cipher: string;
  readonly keyBytes: number;
  /** AEAD: octets of the nonce that the key block gives up to version 1.2. */
  readonly fixedIvBytes: number;
  /** AEAD: octets of the nonce that each record carries up to version 1.2. */
  readonly explicitNonceBytes: number;
  /** CBC: of the cipher. */
  readonly blockBytes: number;
  /** AEAD: of the tag. */
  readonly tagBytes: number;
  /** Not AEAD: hash of the MAC, and its octets. */
  readonly macHash: string;
  readonly macBytes: number;
  /** Hash of the pseudorandom function of version 1.2, and of HKDF in 1.3. */
  readonly prfHash: HkdfHash;
}

/** Name in the suite → Node's name, octets of key and block. */
const BLOCK_CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number, blockBytes: number]>> = {
  AES_128: ['aes-128', 16, 16],
  AES_256: ['aes-256', 32, 16],
  ARIA_128: ['aria-128', 16, 16],
  ARIA_256: ['aria-256', 32, 16],
  CAMELLIA_128: ['camellia-128', 16, 16],
  CAMELLIA_256: ['camellia-256', 32, 16],
  '3DES_EDE': ['des-ede3', 24, 8],
};

const MACS: Readonly<Record<string, readonly [hash: string, macBytes: number]>> = {
  MD5: ['md5', 16],
  SHA: ['sha1', 20],
  SHA256: ['sha256', 32],
  SHA384: ['sha384', 48],
};

const NONE = {
  cipher: '',
  keyBytes: 0,
  fixedIvBytes: 0,
  explicitNonceBytes: 0,
  blockBytes: 0,
  tagBytes: 0,
  macHash: '',
  macBytes: 0,
};

let available: Set<string> | null = null;

function isAvailable(cipher: string): boolean {
  available ??= new Set(getCiphers());
  return available.has(cipher);
}

/**
 * The algorithm of a suite, e.g. of `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` or `TLS_AES_128_GCM_SHA256`; null of those that
 * cannot be opened here (RC4, and what nobody uses).
 */
export function recordAlgorithm(suiteName: string): RecordAlgorithm | null {
  // Drafts of ChaCha20-Poly1305 made their nonces otherwise.
  if (suiteName.startsWith('TLS_OLD_')) return null;
  const algorithm = algorithmByName(suiteName);
  return algorithm !== null && (algorithm.kind === 'null' || isAvailable(algorithm.cipher)) ? algorithm : null;
}

/** Hash of a suite's pseudorandom function in version 1.2 (RFC 5246 section 5: SHA-256 unless it says more), and of HKDF. */
export function suiteHash(suiteName: string): HkdfHash {
  return suiteName.endsWith('_SHA384') ? 'sha384' : 'sha256';
}

function algorithmByName(suiteName: string): RecordAlgorithm | null {
  const match = /^TLS_(?:\w+_WITH_)?(\w+?)_(?:(GCM|CCM_8|CCM|CBC)(?:_|$))?(MD5|SHA|SHA256|SHA384)?$/.exec(suiteName);
  if (match === null) return null;
  const [, name, mode, hash] = match;
  const prfHash = suiteHash(suiteName);
  if (name === 'CHACHA20_POLY1305') {
    return {
      ...NONE,
      kind: 'aead',
      cipher: 'chacha20-poly1305',
      keyBytes: 32,
      fixedIvBytes: 12,
      tagBytes: 16,
      prfHash,
    };
  }
  const [macHash, macBytes] = MACS[hash ?? ''] ?? ['', 0];
  if (name === 'NULL') return macBytes === 0 ? null : { ...NONE, kind: 'null', macHash, macBytes, prfHash };
  const block = BLOCK_CIPHERS[name];
  if (block === undefined || mode === undefined) return null;
  const [cipher, keyBytes, blockBytes] = block;
  if (mode === 'CBC') {
    if (macBytes === 0) return null;
    return { ...NONE, kind: 'cbc', cipher: `${cipher}-cbc`, keyBytes, blockBytes, macHash, macBytes, prfHash };
  }
  return {
    ...NONE,
    kind: 'aead',
    cipher: `${cipher}-${mode.slice(0, 3).toLowerCase()}`,
    keyBytes,
    // RFC 5288 section 3, RFC 6655 section 3
    fixedIvBytes: 4,
    explicitNonceBytes: 8,
    tagBytes: mode === 'CCM_8' ? 8 : 16,
    prfHash,
  };
}
