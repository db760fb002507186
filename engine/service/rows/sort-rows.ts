import { Turns } from '../../filter/turns.ts';

/** What a row is sorted by: numbers (NaN: not known), or small whole numbers that stand in order for texts. */
export type SortKeys = Float64Array | Uint32Array;

/** In `Uint32Array` keys: not known. */
export const UNKNOWN_KEY = 0xffffffff;

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Rows between two looks at the clock. */
const STRETCH = 1 << 16;

/**
 * The rows in order of their keys (`keys[i]` is that of `rows[i]`): stable, and rows whose key is not known come last,
 * whichever way. A radix sort, since millions of rows have to be sorted between two frames of the screen, or nearly.
 * Rejects with an AbortError when cancelled.
 */
export async function sortRows(
  rows: Uint32Array,
  keys: SortKeys,
  descending: boolean,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const turns = new Turns(signal);
  // Nearly always so for times, and then there is nothing to do.
  if (isAscending(keys)) return descending ? turnedRound(rows, keys) : rows;
  const words = keys instanceof Float64Array ? wordsOfNumbers(keys, descending) : [wordsOfRanks(keys, descending)];
  await turns.wait();
  let order: Uint32Array = new Uint32Array(rows.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let spare: Uint32Array = new Uint32Array(rows.length);
  // The least significant word is the last.
  for (const word of words.toReversed()) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (!(await scatter(word, shift, order, spare, turns))) continue;
      [order, spare] = [spare, order];
    }
  }
  for (let i = 0; i < order.length; i++) spare[i] = rows[order[i]];
  return spare;
}

/** One pass of the radix sort; false, with nothing done, where all have the same digit. */
async function scatter(
  word: Uint32Array,
  shift: number,
  from: Uint32Array,
  to: Uint32Array,
  turns: Turns,
): Promise<boolean> {
  const starts = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < word.length; i++) starts[((word[i] >>> shift) & (DIGITS - 1)) + 1]++;
  await turns.wait();
  if (starts.includes(word.length)) return false;
  for (let digit = 1; digit <= DIGITS; digit++) starts[digit] += starts[digit - 1];
  for (let begin = 0; begin < from.length; begin += STRETCH) {
    const end = Math.min(from.length, begin + STRETCH);
    for (let i = begin; i < end; i++) {
      const place = from[i];
      to[starts[(word[place] >>> shift) & (DIGITS - 1)]++] = place;
    }
    await turns.wait();
  }
  return true;
}

/** The bits of doubles, turned so that they compare as unsigned numbers: the high words, then the low words. */
function wordsOfNumbers(keys: Float64Array, descending: boolean): Uint32Array[] {
  const high = new Uint32Array(keys.length);
  const low = new Uint32Array(keys.length);
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  for (let i = 0; i < keys.length; i++) {
    const value = keys[i];
    if (value !== value) {
      high[i] = low[i] = UNKNOWN_KEY;
      continue;
    }
    const isNegative = bits[2 * i + 1] >>> 31 === 1;
    const flip = isNegative !== descending ? UNKNOWN_KEY : 0;
    // The sign bit: below zero first. -0 is 0.
    const top = value === 0 ? 0x80000000 : bits[2 * i + 1] ^ (isNegative ? UNKNOWN_KEY : 0x80000000);
    high[i] = descending ? ~top : top;
    low[i] = value === 0 ? (descending ? UNKNOWN_KEY : 0) : bits[2 * i] ^ flip;
  }
  return [high, low];
}

function wordsOfRanks(keys: Uint32Array, descending: boolean): Uint32Array {
  if (!descending) return keys;
  return keys.map((key) => (key === UNKNOWN_KEY ? key : UNKNOWN_KEY - 1 - key));
}

/** Whether no key is below the one before, and all are known. */
function isAscending(keys: SortKeys): boolean {
  for (let i = 1; i < keys.length; i++) if (!(keys[i] >= keys[i - 1])) return false;
  return keys.length === 0 || keys instanceof Float64Array || keys[keys.length - 1] !== UNKNOWN_KEY;
}

/** Rows with ascending keys from the last to the first; those with the same key stay in their order. */
function turnedRound(rows: Uint32Array, keys: SortKeys): Uint32Array {
  const turned = new Uint32Array(rows.length);
  let to = 0;
  for (let end = rows.length; end > 0; ) {
    let begin = end - 1;
    while (begin > 0 && keys[begin - 1] === keys[begin]) begin--;
    for (let i = begin; i < end; i++) turned[to++] = rows[i];
    end = begin;
  }
  return turned;
}

/** Ranks of texts in the order people expect: numbers in them by value, case aside. null is not known. */
export function ranksOf(texts: readonly (string | null)[]): Uint32Array {
  const keys = new Map<string, string>();
  for (const text of texts) if (text !== null && !keys.has(text)) keys.set(text, naturalKey(text));
  const sorted = [...new Set(keys.values())].toSorted();
  const ranks = new Map(sorted.map((key, rank) => [key, rank]));
  return Uint32Array.from(texts, (text) => (text === null ? UNKNOWN_KEY : (ranks.get(keys.get(text) ?? '') ?? 0)));
}

/** Long enough for the numbers of addresses, ports and telephones. */
const NUMBER_DIGITS = 16;

function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(NUMBER_DIGITS, '0'));
}
