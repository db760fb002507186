import { viewOf } from './scan.ts';

/** A 32-bit hash of `length` octets at `at`, four octets a step. Not for secrets. */
export function hashOf(source: DataView, at: number, length: number): number {
  let hash = length | 0;
  let i = at | 0;
  const last = (at + length - 4) | 0;
  for (; i < last; i = (i + 4) | 0) {
    hash = Math.imul(hash ^ source.getInt32(i, true), 0x9e3779b1);
    hash = (hash << 13) | (hash >>> 19);
  }
  // The last four octets once more, those of them that were taken already too: no loop over what is left.
  if (length >= 4) hash = Math.imul(hash ^ source.getInt32(last, true), 0x9e3779b1);
  else for (const end = at + length; i < end; i++) hash = Math.imul(hash ^ source.getUint8(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** As `hashOf`, of octets in an array, and never 0: so that 0 can stand for none. */
export function octetsHash(bytes: Uint8Array, at: number, length: number): number {
  return hashOf(viewOf(bytes), at, length) || 1;
}

/**
 * A hash table's slots, moved into twice as many: pairs of hash and value side by side, so that a look-up meets memory
 * once; value 0 is a free slot, and a hash's first slot is `(hash << 1) & (length - 2)`.
 */
export function doubledSlots(slots: Uint32Array): Uint32Array<ArrayBuffer> {
  const doubled = new Uint32Array(slots.length * 2);
  const mask = doubled.length - 2;
  for (let i = 0; i < slots.length; i += 2) {
    if (slots[i + 1] === 0) continue;
    let slot = (slots[i] << 1) & mask;
    while (doubled[slot + 1] !== 0) slot = (slot + 2) & mask;
    doubled[slot] = slots[i];
    doubled[slot + 1] = slots[i + 1];
  }
  return doubled;
}
