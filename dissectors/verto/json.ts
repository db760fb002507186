/** JSON (RFC 8259) with the place of every value, for the detail tree and for what is handed on. */
import type { Octets } from '../../base/octets.ts';

/** Deeper or larger text is not read: nobody signals with it. */
const MAX_DEPTH = 32;
const MAX_NODES = 4096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

export type JsonScalar = string | number | boolean | null;

export interface JsonNode {
  /** Name of the member, index of the item, '' of the whole. */
  readonly name: string;
  /** Where the value lies, and where its member begins; in the octets given. Quotation marks are part of a text. */
  readonly at: number;
  readonly length: number;
  readonly memberAt: number;
  /** null of an object or array, whose values are `children`. */
  readonly value: JsonScalar;
  readonly children: readonly JsonNode[] | null;
  readonly isArray: boolean;
}

class JsonError extends Error {}

/** The whole text as one value; null where it is no JSON, too deep or too large. */
export function parseJson(data: Octets): JsonNode | null {
  try {
    return new JsonReader(data).whole();
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

/** The member of an object with this name, undefined where there is none. */
export function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.isArray === false ? node.children?.find((child) => child.name === name) : undefined;
}

/** A text or number as text, '' for anything else. */
export function scalarText(node: JsonNode | undefined): string {
  return typeof node?.value === 'string' || typeof node?.value === 'number' ? String(node.value) : '';
}

class JsonReader {
  private readonly data: Octets;
  private at = 0;
  private nodes = 0;

  constructor(data: Octets) {
    this.data = data;
  }

  whole(): JsonNode {
    this.skipSpace();
    const node = this.value('', this.at, 0);
    this.skipSpace();
    if (this.at !== this.data.length) throw new JsonError();
    return node;
  }

  private value(name: string, memberAt: number, depth: number): JsonNode {
    if (depth > MAX_DEPTH || ++this.nodes > MAX_NODES) throw new JsonError();
    const { at } = this;
    const octet = this.peek();
    const isArray = octet === 0x5b;
    if (isArray || octet === 0x7b) {
      const children = this.items(isArray, depth);
      return { name, at, length: this.at - at, memberAt, value: null, children, isArray };
    }
    const value = octet === QUOTE ? this.text() : this.word();
    return { name, at, length: this.at - at, memberAt, value, children: null, isArray: false };
  }

  private items(isArray: boolean, depth: number): JsonNode[] {
    const closing = isArray ? 0x5d : 0x7d;
    const children: JsonNode[] = [];
    this.at++;
    this.skipSpace();
    if (this.peek() === closing) {
      this.at++;
      return children;
    }
    for (;;) {
      this.skipSpace();
      const memberAt = this.at;
      let name = `${children.length}`;
      if (!isArray) {
        name = this.text();
        this.skipSpace();
        this.expect(COLON);
        this.skipSpace();
      }
      children.push(this.value(name, memberAt, depth + 1));
      this.skipSpace();
      if (this.peek() === closing) {
        this.at++;
        return children;
      }
      this.expect(COMMA);
    }
  }

  private text(): string {
    const from = this.at;
    this.expect(QUOTE);
    let isPlain = true;
    for (;;) {
      const octet = this.peek();
      if (octet === QUOTE) break;
      if (octet < 0x20) throw new JsonError();
      if (octet === BACKSLASH) {
        isPlain = false;
        this.at++;
      }
      this.at++;
    }
    this.at++;
    const { data } = this;
    if (isPlain) return data.text(from + 1, this.at - from - 2);
    return unescaped(data.text(from, this.at - from));
  }

  /** A number, true, false or null. */
  private word(): JsonScalar {
    const from = this.at;
    while (this.at < this.data.length && isWordOctet(this.data.u8(this.at))) this.at++;
    const word = this.data.text(from, this.at - from);
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (!/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word)) throw new JsonError();
    return Number(word);
  }

  private skipSpace(): void {
    while (this.at < this.data.length) {
      const octet = this.data.u8(this.at);
      if (octet !== 0x20 && octet !== 9 && octet !== 10 && octet !== 13) return;
      this.at++;
    }
  }

  private peek(): number {
    if (this.at >= this.data.length) throw new JsonError();
    return this.data.u8(this.at);
  }

  private expect(octet: number): void {
    if (this.peek() !== octet) throw new JsonError();
    this.at++;
  }
}

/** What a text with escapes says, its quotation marks included. */
export function unescaped(quoted: string): string {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : '';
  } catch {
    throw new JsonError();
  }
}

function isWordOctet(octet: number): boolean {
  const letter = octet | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (octet >= 0x30 && octet <= 0x39) ||
    octet === 0x2d ||
    octet === 0x2b ||
    octet === 0x2e
  );
}
