/** The Internet checksum (RFC 1071). */

/** Adds the 16-bit words of `length` octets at `at` to `sum`; an odd last octet is the high half of a word. */
export function addWords(sum: number, bytes: Uint8Array, at: number, length: number): number {
  const end = at + length - 1;
  let i = at;
  for (; i < end; i += 2) sum += (bytes[i] << 8) | bytes[i + 1];
  if (i === end) sum += bytes[i] << 8;
  return sum;
}

/** Folds the carries of a sum of words into 16 bits. */
export function foldWords(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return sum;
}

/** What a checksum field comes to: `verdict` for a person, `expected` what the field should hold. */
export interface ChecksumResult {
  readonly verdict: 'correct' | 'incorrect';
  readonly expected: number;
}

/**
 * Verifies the checksum `stored` at offset `fieldAt` of a message of `length` octets at `at`. `start` is what the
 * pseudo-header adds (0 where there is none).
 */
export function verifyChecksum(
  start: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  stored: number,
): ChecksumResult {
  const all = foldWords(addWords(start, bytes, at, length));
  // Taking the stored value out of the folded sum leaves the sum of everything else.
  const expected = 0xffff ^ foldWords(all + (0xffff ^ stored));
  return { verdict: all === 0xffff ? 'correct' : 'incorrect', expected };
}
