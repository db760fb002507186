/** JSON (RFC 8259) with the place of every value, as the detail tree shows it. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';

/** Deeper than any report, and shallow enough for a hostile one. */
const DEEPEST = 32;
const MOST_SHOWN = 500;

/** A value; `at` and `length` are its octets. */
export interface JsonValue {
  readonly at: number;
  readonly length: number;
  /** Its text as it stands there; of a string without quotes, its escapes resolved. Of an array or object its children count. */
  readonly text: string;
  /** null of what has none. */
  readonly members: readonly { readonly name: string; readonly value: JsonValue }[] | null;
}

const SCALAR = /(?:"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const SPACE = /[ \t\r\n]*/y;

/** The document in `length` octets from `at`; null where they are no JSON object or array. */
export function parseJson(data: Octets, at: number, length: number): JsonValue | null {
  const text = data.text(at, length);
  // Checks everything once; below, only places are looked for.
  try {
    const whole: unknown = JSON.parse(text);
    if (typeof whole !== 'object' || whole === null) return null;
  } catch {
    return null;
  }
  const reader = new Reader(text, at);
  const document = reader.document();
  // What is no UTF-8 (section 8.1) was replaced, and the places are not those of the octets.
  return reader.end === at + length ? document : null;
}

class Reader {
  private readonly text: string;
  private place = 0;
  /** Octets of the text before `counted`. */
  private octets: number;
  private counted = 0;

  constructor(text: string, at: number) {
    this.text = text;
    this.octets = at;
  }

  document(): JsonValue | null {
    this.skip();
    return this.value(0);
  }

  /** Where the text ends, once the document was read. */
  get end(): number {
    return this.offset(this.text.length);
  }

  private value(depth: number): JsonValue | null {
    const open = this.text[this.place];
    if (open === '{' || open === '[') return this.container(depth, open === '{' ? '}' : ']');
    const at = this.offset(this.place);
    const scalar = this.match(SCALAR);
    if (scalar === '') return null;
    const text = scalar.startsWith('"') ? String(JSON.parse(scalar)) : scalar;
    return { at, length: this.offset(this.place) - at, text, members: null };
  }

  private container(depth: number, close: string): JsonValue | null {
    if (depth >= DEEPEST) return null;
    const at = this.offset(this.place++);
    const members: { name: string; value: JsonValue }[] = [];
    for (;;) {
      this.skip();
      if (this.text[this.place] === close) break;
      let name = String(members.length);
      if (close === '}') {
        name = String(JSON.parse(this.match(SCALAR) || '""'));
        this.skip();
        if (this.text[this.place++] !== ':') return null;
        this.skip();
      }
      const value = this.value(depth + 1);
      if (value === null) return null;
      members.push({ name, value });
      this.skip();
      if (this.text[this.place] === ',') this.place++;
      else if (this.text[this.place] !== close) return null;
    }
    this.place++;
    const count = `${members.length} ${close === '}' ? 'member' : 'value'}${members.length === 1 ? '' : 's'}`;
    return { at, length: this.offset(this.place) - at, text: count, members };
  }

  private skip(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.place += found.length;
    return found;
  }

  /** Where in the octets a place in the text is (UTF-8); places are asked for in order. */
  private offset(place: number): number {
    for (; this.counted < place; this.counted++) {
      const unit = this.text.charCodeAt(this.counted);
      // Each half of a pair is counted as two.
      const isHalf = unit >= 0xd800 && unit < 0xe000;
      this.octets += unit < 0x80 ? 1 : unit < 0x800 || isHalf ? 2 : 3;
    }
    return this.octets;
  }
}

/** Shows a document below the current node; the first values of a large one. */
export function describeJson(document: JsonValue, tree: TreeBuilder): void {
  let left = MOST_SHOWN;
  const show = ({ members }: JsonValue): void => {
    for (const { name, value } of members ?? []) {
      if (left-- <= 0) return;
      if (value.members === null) tree.field('hep.report.value', name, value.at, value.length, value.text);
      else tree.group('hep.report.object', name, value.at, value.length, value.text, () => show(value));
    }
  };
  show(document);
}
