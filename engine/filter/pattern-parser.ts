/** Regular expressions to a program for `pattern.ts`. */

export const Op = { Unit: 0, Any: 1, Class: 2, Match: 3, Jump: 4, Split: 5, Start: 6, End: 7, Edge: 8 } as const;

/** Instructions side by side; `a` and `b` are their operands. */
export interface Program {
  readonly code: Uint8Array;
  readonly a: Uint16Array;
  readonly b: Uint16Array;
  readonly classes: readonly ((unit: number) => boolean)[];
  /** The text is folded to lower case before it is looked at; the program is already. */
  readonly isFolding: boolean;
}

/** Repetitions are written out, so a pattern can become long; nobody means one this long. */
const MAX_STEPS = 2000;
const MAX_DEPTH = 100;

type Code = [op: number, a: number, b: number][];
type UnitTest = (unit: number) => boolean;

export function compilePattern(text: string): Program | { readonly message: string; readonly at: number } {
  const options = /^\(\?(-?)i\)/.exec(text);
  const isFolding = options?.[1] !== '-';
  const compiler = new Compiler(text, options?.[0].length ?? 0, isFolding);
  try {
    const code = compiler.whole();
    code.push([Op.Match, 0, 0]);
    return {
      code: Uint8Array.from(code, ([op]) => op),
      a: Uint16Array.from(code, ([, a]) => a),
      b: Uint16Array.from(code, ([, , b]) => b),
      classes: compiler.classes,
      isFolding,
    };
  } catch (error) {
    if (error instanceof PatternFault) return { message: error.message, at: error.at };
    throw error;
  }
}

class PatternFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const NAMED: Readonly<Record<string, UnitTest>> = {
  alpha: (u) => isBetween(u | 32, 97, 122),
  digit: (u) => isBetween(u, 48, 57),
  alnum: (u) => isBetween(u, 48, 57) || isBetween(u | 32, 97, 122),
  xdigit: (u) => isBetween(u, 48, 57) || isBetween(u | 32, 97, 102),
  space: (u) => u === 32 || isBetween(u, 9, 13),
  upper: (u) => isBetween(u | 32, 97, 122),
  lower: (u) => isBetween(u | 32, 97, 122),
  punct: (u) => isBetween(u, 33, 126) && !(isBetween(u, 48, 57) || isBetween(u | 32, 97, 122)),
};
const IS_WORD: UnitTest = (u) => u === 95 || isBetween(u, 48, 57) || isBetween(u | 32, 97, 122);
const SHORT: Readonly<Record<string, UnitTest>> = {
  d: NAMED['digit'],
  D: (u) => !NAMED['digit'](u),
  w: IS_WORD,
  W: (u) => !IS_WORD(u),
  s: NAMED['space'],
  S: (u) => !NAMED['space'](u),
};
const CONTROL: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, e: 27, a: 7 };

function isBetween(unit: number, first: number, last: number): boolean {
  return unit >= first && unit <= last;
}

class Compiler {
  readonly classes: UnitTest[] = [];
  private readonly text: string;
  private readonly isFolding: boolean;
  private at: number;
  private depth = 0;

  constructor(text: string, at: number, isFolding: boolean) {
    this.text = text;
    this.at = at;
    this.isFolding = isFolding;
  }

  whole(): Code {
    const code = this.choice();
    if (this.at < this.text.length) throw new PatternFault('this ")" closes nothing', this.at);
    return code;
  }

  private choice(): Code {
    if (++this.depth > MAX_DEPTH) throw new PatternFault('the pattern is nested too deep', this.at);
    let code = this.sequence();
    while (this.text[this.at] === '|') {
      this.at++;
      const other = this.sequence();
      code = [
        [Op.Split, 1, code.length + 2],
        ...moved(code, 1),
        [Op.Jump, code.length + other.length + 2, 0],
        ...moved(other, code.length + 2),
      ];
      this.checkSize(code);
    }
    this.depth--;
    return code;
  }

  private sequence(): Code {
    const code: Code = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      const from = this.at;
      const atom = this.atom();
      for (const step of moved(this.repeated(atom, from), code.length)) code.push(step);
      this.checkSize(code);
    }
    return code;
  }

  private checkSize(code: Code): void {
    if (code.length > MAX_STEPS) throw new PatternFault('the pattern repeats too much', this.at);
  }

  private repeated(first: Code, from: number): Code {
    let atom = first;
    for (;;) {
      const count = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.text.slice(this.at, this.at + 12));
      if (count === null) return atom;
      const [sign, least, comma, most] = count;
      const isBraced = sign.startsWith('{');
      const low = isBraced ? Number(least) : sign === '+' ? 1 : 0;
      const open = isBraced ? comma !== undefined && most === '' : sign !== '?';
      const high = open ? low : isBraced ? Number(most ?? least) : 1;
      if (high < low) throw new PatternFault(`${sign} has its numbers the wrong way round`, this.at);
      if (Math.max(low, high) * Math.max(1, atom.length) > MAX_STEPS) {
        throw new PatternFault('the pattern repeats too much', from);
      }
      this.at += sign.length;
      // Lazy and possessive forms find the same texts: whether there is a match is all that is asked.
      if (this.text[this.at] === '?' || this.text[this.at] === '+') this.at++;
      atom = times(atom, low, high, open);
      this.checkSize(atom);
    }
  }

  private atom(): Code {
    const { text } = this;
    const at = this.at++;
    switch (text[at]) {
      case '.':
        return [[Op.Any, 0, 0]];
      case '^':
        return [[Op.Start, 0, 0]];
      case '$':
        return [[Op.End, 0, 0]];
      case '[':
        return this.oneOf(this.bracket(at));
      case '(':
        return this.group(at);
      case '*':
      case '+':
      case '?':
        throw new PatternFault(`"${text[at]}" repeats nothing`, at);
      case '\\':
        return this.escape(at);
      default:
        return this.unit(text.charCodeAt(at));
    }
  }

  private unit(unit: number): Code {
    return [[Op.Unit, this.isFolding ? folded(unit) : unit, 0]];
  }

  private oneOf(test: UnitTest): Code {
    this.classes.push(test);
    return [[Op.Class, this.classes.length - 1, 0]];
  }

  private group(at: number): Code {
    const special = /^\?(?::|<[A-Za-z_]\w*>|P<[A-Za-z_]\w*>)/.exec(this.text.slice(this.at, this.at + 40));
    if (special !== null) this.at += special[0].length;
    else if (this.text[this.at] === '?') throw new PatternFault('look-around and options are not supported here', at);
    const code = this.choice();
    if (this.text[this.at] !== ')') throw new PatternFault('this "(" is never closed', at);
    this.at++;
    return code;
  }

  private escape(at: number): Code {
    const letter = this.text[this.at];
    if (letter === undefined) throw new PatternFault('a letter is missing after "\\"', at);
    if (letter === 'b' || letter === 'B') {
      this.at++;
      return [[Op.Edge, letter === 'b' ? 1 : 0, 0]];
    }
    if (letter === 'A' || letter === 'z' || letter === 'Z') {
      this.at++;
      return [[letter === 'A' ? Op.Start : Op.End, 0, 0]];
    }
    const short = SHORT[letter];
    if (short !== undefined) {
      this.at++;
      return this.oneOf(short);
    }
    return this.unit(this.escapedUnit(at));
  }

  /** After a backslash: a unit by its code, or itself. */
  private escapedUnit(at: number): number {
    const code = /^x(?:\{([0-9a-f]{1,4})\}|([0-9a-f]{2}))/i.exec(this.text.slice(this.at, this.at + 8));
    if (code !== null) {
      this.at += code[0].length;
      return Number.parseInt(code[1] ?? code[2], 16);
    }
    const letter = this.text[this.at++];
    if (CONTROL[letter] !== undefined) return CONTROL[letter];
    if (/\d/.test(letter)) throw new PatternFault('back references are not supported', at);
    if (/[A-Za-z]/.test(letter)) throw new PatternFault(`"\\${letter}" means nothing here`, at);
    return letter.charCodeAt(0);
  }

  /** `[^a-z\d]`, after its bracket. */
  private bracket(open: number): UnitTest {
    const { text } = this;
    const isNegated = text[this.at] === '^';
    if (isNegated) this.at++;
    const tests: UnitTest[] = [];
    for (let first = true; ; first = false) {
      if (this.at >= text.length) throw new PatternFault('this "[" is never closed', open);
      if (text[this.at] === ']' && !first) break;
      const named = /^\[:(\^?)([a-z]+):\]/.exec(text.slice(this.at, this.at + 14));
      if (named !== null && NAMED[named[2]] !== undefined) {
        const test = NAMED[named[2]];
        tests.push(named[1] === '' ? test : (u) => !test(u));
        this.at += named[0].length;
        continue;
      }
      const short = text[this.at] === '\\' ? SHORT[text[this.at + 1] ?? ''] : undefined;
      if (short !== undefined) {
        tests.push(short);
        this.at += 2;
        continue;
      }
      tests.push(this.bracketRange());
    }
    this.at++;
    return (unit) => tests.some((test) => test(unit)) !== isNegated;
  }

  private bracketRange(): UnitTest {
    const from = this.at;
    const first = this.bracketUnit();
    if (this.text[this.at] !== '-' || this.text[this.at + 1] === ']' || this.at + 1 >= this.text.length) {
      const only = this.isFolding ? folded(first) : first;
      return (unit) => unit === only;
    }
    this.at++;
    const last = this.bracketUnit();
    if (last < first) throw new PatternFault('a range goes from the lower letter to the higher', from);
    if (!this.isFolding) return (unit) => isBetween(unit, first, last);
    // Units come in lower case.
    return (unit) => isBetween(unit, first, last) || isBetween(upper(unit), first, last);
  }

  private bracketUnit(): number {
    const at = this.at++;
    if (this.text[at] !== '\\') return this.text.charCodeAt(at);
    if (this.at >= this.text.length) throw new PatternFault('a letter is missing after "\\"', at);
    if (this.text[this.at] === 'b') {
      this.at++;
      return 8;
    }
    return this.escapedUnit(at);
  }
}

function folded(unit: number): number {
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

function upper(unit: number): number {
  const text = String.fromCharCode(unit).toUpperCase();
  return text.length === 1 ? text.charCodeAt(0) : unit;
}

/** The code with its jumps `by` further. */
function moved(code: Code, by: number): Code {
  return code.map(([op, a, b]) => {
    if (op === Op.Jump) return [op, a + by, 0];
    return op === Op.Split ? [op, a + by, b + by] : [op, a, b];
  });
}

/** `low` times for sure, then up to `high` times, or any number of times where `open`. */
function times(atom: Code, low: number, high: number, open: boolean): Code {
  const code: Code = [];
  const append = (part: Code): void => {
    for (const step of moved(part, code.length)) code.push(step);
  };
  for (let i = 0; i < low; i++) append(atom);
  for (let i = low; i < high; i++) append([[Op.Split, 1, atom.length + 1], ...moved(atom, 1)]);
  if (open) append([[Op.Split, 1, atom.length + 2], ...moved(atom, 1), [Op.Jump, 0, 0]]);
  return code;
}
