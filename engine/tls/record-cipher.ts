/** Opens one record with keys: TLS 1.0 to 1.3 (RFC 2246, 4346, 5246 section 6.2.3, RFC 7366, RFC 8446 section 5.2). */
import { type CipherCCMTypes, type CipherGCMTypes, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordAlgorithm } from './record-algorithm.ts';

export const RECORD_HEADER_BYTES = 5;

/** What one side's records are opened with until its keys change. */
export interface RecordKeys {
  readonly algorithm: RecordAlgorithm;
  /** As negotiated: 0x0301 to 0x0304. */
  readonly version: number;
  readonly key: Uint8Array;
  /** AEAD: the fixed part of the nonce. CBC in version 1.0: the first record's initialisation vector. */
  readonly iv: Uint8Array;
  readonly macKey: Uint8Array;
  readonly encryptThenMac: boolean;
}

export interface PlainRecord {
  /** Content type; of version 1.3 the one inside. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * The plaintext of the record whose header is at the front of `record`, which holds all of it; null where it does not
 * authenticate or cannot be such a record. `sequence` counts the side's records under these keys; `chainedIv` is the last
 * cipher block of the record before (CBC in version 1.0 only).
 */
export function openRecord(
  keys: RecordKeys,
  sequence: number,
  record: Uint8Array,
  chainedIv: Uint8Array,
): PlainRecord | null {
  try {
    switch (keys.algorithm.kind) {
      case 'aead':
        return openAead(keys, sequence, record);
      case 'cbc':
        return openCbc(keys, sequence, record, chainedIv);
      case 'null':
        return openNull(keys, sequence, record);
    }
  } catch {
    // Node throws where a tag does not match or padding is impossible: a result like any other.
    return null;
  }
}

/** The last cipher block of a record, which in version 1.0 begins the next one. */
export function lastBlock({ algorithm, version, encryptThenMac }: RecordKeys, record: Uint8Array): Uint8Array {
  if (algorithm.kind !== 'cbc' || version !== 0x0301) return NOTHING;
  const end = record.length - (encryptThenMac ? algorithm.macBytes : 0);
  return new Uint8Array(record.subarray(Math.max(RECORD_HEADER_BYTES, end - algorithm.blockBytes), end));
}

function openAead(keys: RecordKeys, sequence: number, record: Uint8Array): PlainRecord | null {
  const { algorithm, version, iv } = keys;
  const is13 = version === 0x0304;
  const explicitBytes = is13 ? 0 : algorithm.explicitNonceBytes;
  const at = RECORD_HEADER_BYTES + explicitBytes;
  const textBytes = record.length - at - algorithm.tagBytes;
  if (textBytes < (is13 ? 1 : 0)) return null;
  let nonce: Uint8Array;
  if (explicitBytes > 0) {
    nonce = Buffer.concat([iv, record.subarray(RECORD_HEADER_BYTES, at)]);
  } else {
    nonce = nonceOf(iv, sequence);
  }
  const header = is13 ? record.subarray(0, RECORD_HEADER_BYTES) : macHeader(sequence, record, textBytes);
  const text = openSealed(algorithm, keys.key, nonce, header, record.subarray(at));
  return is13 ? innerPlaintext(text) : { type: record[0], bytes: text };
}

/** The text of an AEAD: `sealed` is the text encrypted, with its tag behind it. Throws where that does not authenticate. */
export function openSealed(
  { cipher, tagBytes }: RecordAlgorithm,
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const textBytes = sealed.length - tagBytes;
  // All AEAD modes are alike to use; only the types tell them apart.
  const decipher = createDecipheriv(cipher as CipherCCMTypes & CipherGCMTypes, key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(textBytes));
  decipher.setAAD(header, { plaintextLength: textBytes });
  const text = decipher.update(sealed.subarray(0, textBytes));
  decipher.final();
  return text;
}

/** The sequence number over the end of the base (RFC 8446 section 5.3). */
export function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  // A copy whatever kind of array it is: a Buffer's slice would be the same octets.
  const nonce = new Uint8Array(iv);
  const counted = sequenceOctets(sequence);
  for (let i = 0; i < 8; i++) nonce[nonce.length - 8 + i] ^= counted[i];
  return nonce;
}

/** RFC 8446 section 5.2: content, its type, zeros. */
export function innerPlaintext(text: Uint8Array): PlainRecord | null {
  let end = text.length - 1;
  while (end >= 0 && text[end] === 0) end--;
  return end < 0 ? null : { type: text[end], bytes: text.subarray(0, end) };
}

function openCbc(keys: RecordKeys, sequence: number, record: Uint8Array, chainedIv: Uint8Array): PlainRecord | null {
  const { algorithm, version, encryptThenMac } = keys;
  const { blockBytes, macBytes } = algorithm;
  const cipherEnd = encryptThenMac ? record.length - macBytes : record.length;
  if (encryptThenMac) {
    if (cipherEnd < RECORD_HEADER_BYTES) return null;
    const body = record.subarray(RECORD_HEADER_BYTES, cipherEnd);
    if (!isMac(keys, macHeader(sequence, record, body.length), body, record.subarray(cipherEnd))) return null;
  }
  const hasExplicitIv = version >= 0x0302;
  const at = RECORD_HEADER_BYTES + (hasExplicitIv ? blockBytes : 0);
  if (cipherEnd - at < blockBytes || (cipherEnd - at) % blockBytes !== 0) return null;
  const iv = hasExplicitIv ? record.subarray(RECORD_HEADER_BYTES, at) : chainedIv;
  const decipher = createDecipheriv(algorithm.cipher, keys.key, iv).setAutoPadding(false);
  const text = decipher.update(record.subarray(at, cipherEnd));
  const padding = text[text.length - 1];
  const padded = text.length - 1 - padding;
  if (padded < 0) return null;
  for (let i = padded; i < text.length - 1; i++) if (text[i] !== padding) return null;
  if (encryptThenMac) return { type: record[0], bytes: text.subarray(0, padded) };
  return checkedText(keys, sequence, record, text.subarray(0, padded));
}

function openNull(keys: RecordKeys, sequence: number, record: Uint8Array): PlainRecord | null {
  return checkedText(keys, sequence, record, new Uint8Array(record.subarray(RECORD_HEADER_BYTES)));
}

/** Content and the MAC behind it: the content, where the MAC is right. */
function checkedText(keys: RecordKeys, sequence: number, record: Uint8Array, text: Uint8Array): PlainRecord | null {
  const end = text.length - keys.algorithm.macBytes;
  if (end < 0) return null;
  const content = text.subarray(0, end);
  const isAuthentic = isMac(keys, macHeader(sequence, record, end), content, text.subarray(end));
  return isAuthentic ? { type: record[0], bytes: content } : null;
}

function isMac({ algorithm, macKey }: RecordKeys, header: Uint8Array, body: Uint8Array, mac: Uint8Array): boolean {
  const expected = createHmac(algorithm.macHash, macKey).update(header).update(body).digest();
  return mac.length === expected.length && timingSafeEqual(expected, mac);
}

/** Sequence number, type, version, length: what MAC and AEAD cover up to version 1.2. */
function macHeader(sequence: number, record: Uint8Array, lengthBytes: number): Uint8Array {
  const header = new Uint8Array(13);
  header.set(sequenceOctets(sequence));
  header.set(record.subarray(0, 3), 8);
  header[11] = lengthBytes >> 8;
  header[12] = lengthBytes & 0xff;
  return header;
}

function sequenceOctets(sequence: number): Uint8Array {
  const octets = new Uint8Array(8);
  const view = new DataView(octets.buffer);
  view.setUint32(0, Math.floor(sequence / 0x1_0000_0000));
  view.setUint32(4, sequence >>> 0);
  return octets;
}
