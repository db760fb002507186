/** Opens the encrypted handshake records of DTLS 1.3 (RFC 9147 section 4), for what a handshake says in them. */
import { createCipheriv } from 'node:crypto';
import { hkdfExpandLabel, trafficKeys } from './key-schedule.ts';
import { recordAlgorithm } from './record-algorithm.ts';
import { innerPlaintext, nonceOf, openSealed, type PlainRecord } from './record-cipher.ts';

const LONG_SEQUENCE = 0x08;
const HAS_LENGTH = 0x04;
/** What the mask is made of: the first octets of the encrypted text (section 4.2.3). */
const SAMPLE_BYTES = 16;
const NOTHING = new Uint8Array(0);

/** A record with the unified header, as it was sent. */
export interface HiddenRecord {
  readonly bytes: Uint8Array;
  readonly headerLength: number;
  readonly frame: number;
}

/**
 * What opens the records of one side under a traffic secret; null of a suite that cannot be opened here. The numbers of
 * records are taken as they stand in the header, which is right for the first 256 or 65,536 of an epoch.
 */
export function dtls13Opener(
  suiteName: string,
  secret: Uint8Array,
): ((record: HiddenRecord) => PlainRecord | null) | null {
  const algorithm = recordAlgorithm(suiteName);
  if (algorithm === null || algorithm.kind !== 'aead') return null;
  const { keyBytes, prfHash, cipher, tagBytes } = algorithm;
  const { key, iv } = trafficKeys(prfHash, 'dtls13', secret, keyBytes);
  const maskKey = hkdfExpandLabel(prfHash, 'dtls13', secret, 'sn', NOTHING, keyBytes);
  const isChaCha = cipher === 'chacha20-poly1305';
  const maskOf = (sample: Uint8Array): Uint8Array =>
    isChaCha
      ? createCipheriv('chacha20', maskKey, sample).update(new Uint8Array(2))
      : createCipheriv(`aes-${8 * keyBytes}-ecb`, maskKey, null)
          .setAutoPadding(false)
          .update(sample);
  return ({ bytes, headerLength }) => {
    if (bytes.length < headerLength + Math.max(SAMPLE_BYTES, tagBytes + 1)) return null;
    const mask = maskOf(bytes.subarray(headerLength, headerLength + SAMPLE_BYTES));
    const header = new Uint8Array(bytes.subarray(0, headerLength));
    const end = headerLength - ((header[0] & HAS_LENGTH) === 0 ? 0 : 2);
    const isLong = (header[0] & LONG_SEQUENCE) !== 0;
    const at = end - (isLong ? 2 : 1);
    let sequence = 0;
    for (let i = at; i < end; i++) {
      header[i] ^= mask[i - at];
      sequence = sequence * 256 + header[i];
    }
    try {
      return innerPlaintext(openSealed(algorithm, key, nonceOf(iv, sequence), header, bytes.subarray(headerLength)));
    } catch {
      return null;
    }
  };
}
