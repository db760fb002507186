/** What is done to samples sixteen or eight at a time, as code for WebAssembly's vectors. */
import {
  AGAIN_IF,
  type CodeOf,
  END,
  get,
  I8X16_SHR_U,
  I8X16_SWIZZLE,
  i8x16Shuffle,
  I16X8_ADD,
  I16X8_EXTEND_HIGH_U,
  I16X8_EXTEND_LOW_U,
  I16X8_MUL,
  I32_ADD,
  I32_LT_S,
  I32_NE,
  I32_SHL,
  I32_SUB,
  i32Const,
  i32Load,
  type Instruction,
  LOOP,
  SELECT,
  set,
  tee,
  V128_AND,
  v128Const,
  v128Load,
  v128Store,
} from './assembler.ts';

const LOW_HALVES = v128Const(Array.from({ length: 16 }, () => 0x0f));
const LOW_OCTETS = i8x16Shuffle([0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]);
const HIGH_OCTETS = i8x16Shuffle([8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31]);
const LOW_SAMPLES = i8x16Shuffle([0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23]);
const HIGH_SAMPLES = i8x16Shuffle([8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31]);

/**
 * `expand(law, pieces, end)`: octets to 16-bit samples, in pieces: from the address `pieces` to `end`, which is more, lie three numbers for
 * each, where its octets are, where its samples go, and how many it has, 16 at least. Both laws of G.711 are lines: the high half of an octet
 * says which, the low half how far along. At `law` are five times sixteen octets: by the low half, how far; by the high half, the step's
 * low and high octet, and the low and high octet of the sample where the line begins.
 */
export const EXPAND: CodeOf = expandCode();

function expandCode(): CodeOf {
  const [law, piece, end, from, to, count, last, lastTo] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [far, stepLow, stepHigh, firstLow, firstHigh, octets, along, steps, stepsHigh, firsts, firstsHigh] = [
    8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
  ];
  const tables = [far, stepLow, stepHigh, firstLow, firstHigh];
  const ofHighHalf = (table: number): Instruction[] => [get(table), get(octets), I8X16_SWIZZLE];
  const times = (half: Instruction): Instruction[] => [get(steps), get(stepsHigh), half, I16X8_MUL];
  const plus = (half: Instruction): Instruction[] => [get(firsts), get(firstsHigh), half, I16X8_ADD];
  return {
    name: 'expand',
    parameters: 3,
    i32Locals: 5,
    v128Locals: 11,
    body: [
      ...tables.map((table, i) => [get(law), v128Load(16 * i), set(table)]),
      [LOOP],
      [get(piece), i32Load(0), set(from), get(piece), i32Load(4), set(to), get(piece), i32Load(8), set(count)],
      [get(from), get(count), I32_ADD, i32Const(16), I32_SUB, set(last)],
      [get(to), get(count), i32Const(1), I32_SHL, I32_ADD, i32Const(32), I32_SUB, set(lastTo)],
      [LOOP],
      [get(far), get(from), v128Load(0), tee(octets), LOW_HALVES, V128_AND, I8X16_SWIZZLE, set(along)],
      [get(octets), i32Const(4), I8X16_SHR_U, set(octets)],
      [...ofHighHalf(stepLow), set(steps), ...ofHighHalf(stepHigh), set(stepsHigh)],
      [...ofHighHalf(firstLow), set(firsts), ...ofHighHalf(firstHigh), set(firstsHigh)],
      [get(to), get(along), I16X8_EXTEND_LOW_U, ...times(LOW_OCTETS), ...plus(LOW_OCTETS), v128Store(0)],
      [get(to), get(along), I16X8_EXTEND_HIGH_U, ...times(HIGH_OCTETS), ...plus(HIGH_OCTETS), v128Store(16)],
      // The last sixteen overlap those before, where sixteens do not fill it.
      [get(from), get(last), I32_NE],
      [get(to), i32Const(32), I32_ADD, tee(to), get(lastTo), get(to), get(lastTo), I32_LT_S, SELECT, set(to)],
      [get(from), i32Const(16), I32_ADD, tee(from), get(last), get(from), get(last), I32_LT_S, SELECT, set(from)],
      [AGAIN_IF],
      [END],
      [get(piece), i32Const(12), I32_ADD, tee(piece), get(end), I32_LT_S, AGAIN_IF],
      [END],
    ],
  };
}

/**
 * `interleave(left, right, to, end)`: samples at `left` and `right` by turns to `to`, eight of each at a time, until `to` is `end` or past
 * it: up to 28 octets past it are written too, and up to 14 octets more are read than there are samples.
 */
export const INTERLEAVE: CodeOf = interleaveCode();

function interleaveCode(): CodeOf {
  const [left, right, to, end] = [0, 1, 2, 3];
  const [lefts, rights] = [4, 5];
  return {
    name: 'interleave',
    parameters: 4,
    i32Locals: 0,
    v128Locals: 2,
    body: [
      [LOOP],
      [get(left), v128Load(0), set(lefts), get(right), v128Load(0), set(rights)],
      [get(to), get(lefts), get(rights), LOW_SAMPLES, v128Store(0)],
      [get(to), get(lefts), get(rights), HIGH_SAMPLES, v128Store(16)],
      [get(left), i32Const(16), I32_ADD, set(left), get(right), i32Const(16), I32_ADD, set(right)],
      [get(to), i32Const(32), I32_ADD, tee(to), get(end), I32_LT_S, AGAIN_IF],
      [END],
    ],
  };
}
