/**
 * As much of WebAssembly's binary format (core specification 2.0, chapter 5) as a module of a few loops over a memory of its own
 * needs. Code is written as in the text format, an instruction each: `[get(0), i32Const(16), I32_ADD, set(0)]`.
 */

/** The octets of an instruction. */
export type Instruction = readonly number[];

/** A function whose parameters are all i32, which gives nothing. Locals count on from the parameters, i32 first. */
export interface CodeOf {
  readonly name: string;
  readonly parameters: number;
  readonly i32Locals: number;
  readonly v128Locals: number;
  /** Instructions, line by line. */
  readonly body: readonly (readonly Instruction[])[];
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

export const LOOP: Instruction = [0x03, EMPTY_BLOCK];
export const END: Instruction = [0x0b];
/** Back to the beginning of the innermost loop, where the number on the stack is not 0. */
export const AGAIN_IF: Instruction = [0x0d, 0];
export const SELECT: Instruction = [0x1b];
export const I32_NE: Instruction = [0x47];
export const I32_LT_S: Instruction = [0x48];
export const I32_ADD: Instruction = [0x6a];
export const I32_SUB: Instruction = [0x6b];
export const I32_SHL: Instruction = [0x74];

export const I8X16_SWIZZLE: Instruction = [0xfd, 0x0e];
export const I8X16_SHR_U: Instruction = [0xfd, 0x6d];
export const V128_AND: Instruction = [0xfd, 0x4e];
export const I16X8_EXTEND_LOW_U: Instruction = [0xfd, 0x89, 0x01];
export const I16X8_EXTEND_HIGH_U: Instruction = [0xfd, 0x8a, 0x01];
export const I16X8_ADD: Instruction = [0xfd, 0x8e, 0x01];
export const I16X8_MUL: Instruction = [0xfd, 0x95, 0x01];

export function get(local: number): Instruction {
  return [0x20, ...unsigned(local)];
}

export function set(local: number): Instruction {
  return [0x21, ...unsigned(local)];
}

/** Sets a local and leaves the value where it was. */
export function tee(local: number): Instruction {
  return [0x22, ...unsigned(local)];
}

/** 0 to 63. */
export function i32Const(value: number): Instruction {
  return [0x41, value];
}

export function i32Load(offset: number): Instruction {
  return [0x28, 0, ...unsigned(offset)];
}

/** At any address: the alignment is only a hint, and says that there is none. */
export function v128Load(offset: number): Instruction {
  return [0xfd, 0x00, 0, ...unsigned(offset)];
}

export function v128Store(offset: number): Instruction {
  return [0xfd, 0x0b, 0, ...unsigned(offset)];
}

export function v128Const(octets: readonly number[]): Instruction {
  return [0xfd, 0x0c, ...octets];
}

/** Octets of two vectors, by number: 0 to 15 of the first, 16 to 31 of the second. */
export function i8x16Shuffle(octets: readonly number[]): Instruction {
  return [0xfd, 0x0d, ...octets];
}

/** A module that exports `functions` by their names, and imports the memory that they work in as `memory` of `here`. */
export function moduleOf(functions: readonly CodeOf[]): Uint8Array {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [I32])),
    0,
  ]);
  const exports = functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]);
  const bodies = functions.map(({ i32Locals, v128Locals, body }) => {
    const locals = vector([
      [...unsigned(i32Locals), I32],
      [...unsigned(v128Locals), V128],
    ]);
    const code = [...locals, ...body.flat(2), ...END];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, types),
    ...section(2, [[...text('here'), ...text('memory'), 0x02, 0x00, 1]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, exports),
    ...section(10, bodies),
  ]);
}

function section(id: number, entries: readonly Instruction[]): number[] {
  const content = vector(entries);
  return [id, ...unsigned(content.length), ...content];
}

function vector(entries: readonly Instruction[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function text(name: string): number[] {
  return vector(Array.from(name, (letter) => [letter.charCodeAt(0)]));
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
