/**
 * Tells the names of header fields that nearly all lines begin with, colon included, by four words of four octets: no
 * walk to the colon, and no branch for every letter.
 */
import { HeaderId, LONG_NAMES } from './header-names.ts';

/** Octets that are read of a line: the longest name told here with its colon. */
export const KNOWN_NAME_OCTETS = 16;

/** Fields that the hot pass does not read, and that are in many messages all the same. */
const PASSED_OVER = [
  'max-forwards',
  'allow',
  'supported',
  'record-route',
  'date',
  'require',
  'accept',
  'allow-events',
  'session-expires',
  'min-se',
] as const;

/**
 * Rows of `STRIDE` numbers, the first one of none: for each of four words what to set in it (the bit that tells small
 * letters from capitals; all bits where the name has ended) and what it is then; what `knownName` gives; where the row is
 * of the next name with the same first letters.
 */
const STRIDE = 10;
const RESULT = 8;
const NEXT = 9;
const names = LONG_NAMES.concat(PASSED_OVER.map((name) => [name, HeaderId.other])).filter(
  ([name]) => name.length < KNOWN_NAME_OCTETS,
);
const rows = new Int32Array((names.length + 1) * STRIDE);
/** By `slotOf` the first four octets: the row of the first name that begins so. */
const heads = new Uint16Array(64);

for (const [i, [name, id]] of names.entries()) {
  const row = (i + 1) * STRIDE;
  // Four octets decide where a name is looked for: `To:` without the space is not found here.
  const text = `${name}: `.slice(0, Math.max(4, name.length + 1));
  for (let at = 0; at < KNOWN_NAME_OCTETS; at++) {
    const letter = text.charCodeAt(at);
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    rows[row + (at >> 2) * 2] |= (Number.isNaN(letter) ? 0xff : isLetter ? 0x20 : 0) << ((at & 3) * 8);
    rows[row + (at >> 2) * 2 + 1] |= (Number.isNaN(letter) ? 0xff : letter) << ((at & 3) * 8);
  }
  const slot = slotOf(rows[row + 1]);
  rows[row + RESULT] = (id << 8) | (name.length + 1);
  rows[row + NEXT] = heads[slot];
  heads[slot] = row;
}

/**
 * Of the line at `at`, of which `KNOWN_NAME_OCTETS` can be read: the octets of its name with the colon, and from bit 8 on
 * its HeaderId; 0 where the name is not known here, is written otherwise (a compact form, a space before the colon) or
 * is no name.
 */
export function knownName(view: DataView, at: number): number {
  const a = view.getInt32(at, true);
  const b = view.getInt32(at + 4, true);
  const c = view.getInt32(at + 8, true);
  const d = view.getInt32(at + 12, true);
  for (let row = heads[slotOf(a)]; row !== 0; row = rows[row + NEXT]) {
    const differs =
      ((a | rows[row]) ^ rows[row + 1]) |
      ((b | rows[row + 2]) ^ rows[row + 3]) |
      ((c | rows[row + 4]) ^ rows[row + 5]) |
      ((d | rows[row + 6]) ^ rows[row + 7]);
    if (differs === 0) return rows[row + RESULT];
  }
  return 0;
}

function slotOf(letters: number): number {
  return Math.imul(letters | 0x20202020, 0x9e3779b1) >>> 26;
}
