/**
 * Regular expressions for `matches`, run without backtracking: every letter of the text costs at most the size of the
 * pattern, whatever the pattern is. The usual syntax without back references and look-around, which need backtracking.
 * A text matches where any part of it does; letters of both cases are equal unless the pattern begins with `(?-i)`.
 */
import { compilePattern, Op, type Program } from './pattern-parser.ts';

export type PatternResult =
  | { readonly ok: true; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly message: string; readonly at: number };

const PLAIN = /^[^\\.[\](){}*+?|^$]*$/;

/** Compiles a pattern; where it is wrong, says what and where in it. */
export function patternOf(text: string): PatternResult {
  if (PLAIN.test(text)) {
    const wanted = text.toLowerCase();
    return { ok: true, test: (value) => value.toLowerCase().includes(wanted) };
  }
  const program = compilePattern(text);
  if (!('code' in program)) return { ok: false, ...program };
  const machine = new Machine(program);
  return { ok: true, test: (value) => machine.test(value) };
}

/** All ways through the program at once (Thompson's construction). */
class Machine {
  private readonly program: Program;
  private current: Uint16Array;
  private following: Uint16Array;
  /** Where an instruction was added last: the position plus one. */
  private readonly added: Int32Array;
  private readonly stack: Uint16Array;

  constructor(program: Program) {
    this.program = program;
    const { length } = program.code;
    this.current = new Uint16Array(length);
    this.following = new Uint16Array(length);
    this.added = new Int32Array(length);
    this.stack = new Uint16Array(length * 2 + 2);
  }

  test(text: string): boolean {
    const { code, a, classes, isFolding } = this.program;
    const folded = isFolding ? fold(text) : text;
    this.added.fill(-1);
    let count = 0;
    for (let at = 0; ; at++) {
      const size = this.add(folded, at, 0, this.current, count);
      if (size < 0) return true;
      count = size;
      if (at >= folded.length) return false;
      const unit = folded.charCodeAt(at);
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const step = this.current[i];
        const takes =
          code[step] === Op.Unit ? a[step] === unit : code[step] === Op.Class ? classes[a[step]](unit) : unit !== 10;
        if (!takes) continue;
        kept = this.add(folded, at + 1, step + 1, this.following, kept);
        if (kept < 0) return true;
      }
      [this.current, this.following] = [this.following, this.current];
      count = kept;
    }
  }

  /** Adds what can be reached from `start` without a letter; -1 where that is the end of the pattern. */
  private add(text: string, at: number, start: number, list: Uint16Array, size: number): number {
    const { code, a, b } = this.program;
    const { stack, added } = this;
    let depth = 0;
    let count = size;
    stack[depth++] = start;
    while (depth > 0) {
      const step = stack[--depth];
      if (added[step] === at) continue;
      added[step] = at;
      switch (code[step]) {
        case Op.Match:
          return -1;
        case Op.Jump:
          stack[depth++] = a[step];
          break;
        case Op.Split:
          stack[depth++] = b[step];
          stack[depth++] = a[step];
          break;
        case Op.Start:
          if (at === 0) stack[depth++] = step + 1;
          break;
        case Op.End:
          if (at === text.length) stack[depth++] = step + 1;
          break;
        case Op.Edge:
          if ((isWord(text, at - 1) !== isWord(text, at)) === (a[step] === 1)) stack[depth++] = step + 1;
          break;
        default:
          list[count++] = step;
      }
    }
    return count;
  }
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /\w/.test(text[at]);
}

/** Lower case, unit by unit, so that places stay: what becomes longer in lower case stays as it is. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, i) => {
    const unit = text[i].toLowerCase();
    return unit.length === 1 ? unit : text[i];
  }).join('');
}
