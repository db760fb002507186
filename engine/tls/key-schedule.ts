/**
 * How TLS and DTLS make keys of secrets: the pseudorandom functions of RFC 2246, 4346 and 5246 (section 5), HKDF as RFC 8446
 * (section 7) and RFC 9147 (section 5.9) use it, and the exporters of RFC 5705 and RFC 8446 section 7.5.
 */
import { createHash, createHmac } from 'node:crypto';

/** Hash of the pseudorandom function: `md5-sha1` up to version 1.1, the suite's own from 1.2 on. */
export type PrfHash = 'md5-sha1' | 'sha256' | 'sha384';
/** Hash of a suite of version 1.3. */
export type HkdfHash = 'sha256' | 'sha384';
/** What stands before every label: DTLS 1.3 has its own (RFC 9147 section 5.9). */
export type LabelPrefix = 'tls13 ' | 'dtls13';

const NOTHING = new Uint8Array(0);

/** PRF(secret, label, seed): `lengthBytes` octets (RFC 5246 section 5, RFC 2246 section 5). */
export function prf(
  hash: PrfHash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  if (hash !== 'md5-sha1') return expandSeed(hash, secret, labelled, lengthBytes);
  // Each half of the secret, with the middle octet in both where their number is odd.
  const half = (secret.length + 1) >> 1;
  const out = expandSeed('md5', secret.subarray(0, half), labelled, lengthBytes);
  const other = expandSeed('sha1', secret.subarray(secret.length - half), labelled, lengthBytes);
  for (let i = 0; i < lengthBytes; i++) out[i] ^= other[i];
  return out;
}

/** The key block of a connection up to version 1.2 (RFC 5246 section 6.3). */
export function keyBlock(
  hash: PrfHash,
  masterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  return prf(hash, masterSecret, 'key expansion', Buffer.concat([serverRandom, clientRandom]), lengthBytes);
}

/** Keying material that a connection up to version 1.2 exports, without context (RFC 5705 section 4). */
export function exportKeyingMaterial(
  hash: PrfHash,
  masterSecret: Uint8Array,
  label: string,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  return prf(hash, masterSecret, label, Buffer.concat([clientRandom, serverRandom]), lengthBytes);
}

/** HKDF-Expand-Label(secret, label, context, length) (RFC 8446 section 7.1). */
export function hkdfExpandLabel(
  hash: HkdfHash,
  prefix: LabelPrefix,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  const name = Buffer.from(prefix + label, 'latin1');
  const lengths = [lengthBytes >> 8, lengthBytes & 0xff, name.length];
  const info = Buffer.concat([Uint8Array.from(lengths), name, Uint8Array.of(context.length), context]);
  const blocks: Buffer[] = [];
  let block: Buffer = Buffer.alloc(0);
  for (let have = 0; have < lengthBytes; have += block.length) {
    const hmac = createHmac(hash, secret).update(block).update(info);
    block = hmac.update(Uint8Array.of(blocks.length + 1)).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, lengthBytes);
}

/** Key and nonce base that a traffic secret gives (RFC 8446 section 7.3). */
export function trafficKeys(
  hash: HkdfHash,
  prefix: LabelPrefix,
  secret: Uint8Array,
  keyBytes: number,
): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  return {
    key: hkdfExpandLabel(hash, prefix, secret, 'key', NOTHING, keyBytes),
    iv: hkdfExpandLabel(hash, prefix, secret, 'iv', NOTHING, 12),
  };
}

/** The traffic secret after a KeyUpdate (RFC 8446 section 7.2). */
export function nextTrafficSecret(hash: HkdfHash, prefix: LabelPrefix, secret: Uint8Array): Uint8Array {
  return hkdfExpandLabel(hash, prefix, secret, 'traffic upd', NOTHING, secret.length);
}

/** Keying material that a connection of version 1.3 exports, with an empty context (RFC 8446 section 7.5). */
export function exportKeyingMaterial13(
  hash: HkdfHash,
  prefix: LabelPrefix,
  exporterSecret: Uint8Array,
  label: string,
  lengthBytes: number,
): Uint8Array {
  const empty = createHash(hash).digest();
  const derived = hkdfExpandLabel(hash, prefix, exporterSecret, label, empty, empty.length);
  return hkdfExpandLabel(hash, prefix, derived, 'exporter', empty, lengthBytes);
}

/** P_hash(secret, seed) (RFC 5246 section 5). */
function expandSeed(hash: string, secret: Uint8Array, seed: Uint8Array, lengthBytes: number): Uint8Array {
  const blocks: Buffer[] = [];
  let a: Uint8Array = seed;
  for (let have = 0; have < lengthBytes; have += blocks[blocks.length - 1].length) {
    a = createHmac(hash, secret).update(a).digest();
    blocks.push(createHmac(hash, secret).update(a).update(seed).digest());
  }
  return Buffer.concat(blocks).subarray(0, lengthBytes);
}
