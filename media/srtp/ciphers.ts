/** The block ciphers that SRTP is made of, done by whoever has a fast one: `media` itself has none. */
export interface Ciphers {
  /**
   * AES of whole blocks, each by itself (ECB), in one call for many: that is what counter mode needs, and a call costs
   * more than a hundred blocks. `key` of 16, 24 or 32 octets. Gives as many octets as `blocks` has, good until the next call.
   */
  aesBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array;
}
