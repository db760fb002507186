import type { SrtpPolicy } from '../policy.ts';
import { suiteByName } from '../suites.ts';

/** Octets as hexadecimal digits, spaces between them allowed. */
export function fromHex(digits: string): Uint8Array {
  const text = digits.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** A policy as the plainest a=crypto makes it: no MKI, no key derivation rate, all encrypted and authenticated. */
export function policyOf(
  suiteName: string,
  masterKey: Uint8Array,
  masterSalt: Uint8Array,
  more: Partial<SrtpPolicy> = {},
): SrtpPolicy {
  const suite = suiteByName(suiteName);
  if (suite === null) throw new Error(`no suite ${suiteName}`);
  return {
    suite,
    masterKey,
    masterSalt,
    mki: new Uint8Array(0),
    keyDerivationRate: 0,
    encryptsRtp: true,
    encryptsRtcp: true,
    authenticatesRtp: true,
    encryptedExtensions: [],
    ...more,
  };
}
