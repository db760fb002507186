import { type Cipher, createCipheriv } from 'node:crypto';
import type { Ciphers } from '../../media/srtp/ciphers.ts';

/** Keys whose ciphers are kept ready: making one costs as much as a dozen packets. */
const MOST_KEPT = 256;

const NO_BLOCKS = new Uint8Array(0);

/** The block ciphers of SRTP over Node's, which are OpenSSL's. */
export class NodeCiphers implements Ciphers {
  /** By the key's octets; whole blocks in ECB mode leave no state behind, so a cipher serves again and again. */
  private readonly ready = new Map<string, Cipher>();
  private lastKey: Uint8Array = NO_BLOCKS;
  private last: Cipher | null = null;

  /** `key` of 16, 24 or 32 octets; see `Ciphers`. */
  aesBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
    if (blocks.length === 0) return NO_BLOCKS;
    if (this.last === null || !isSame(key, this.lastKey)) {
      this.last = this.cipher(key);
      this.lastKey = key.slice();
    }
    return this.last.update(blocks);
  }

  private cipher(key: Uint8Array): Cipher {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
    const known = this.ready.get(name);
    if (known) return known;
    if (this.ready.size >= MOST_KEPT) this.ready.clear();
    const made = createCipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false);
    this.ready.set(name, made);
    return made;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
