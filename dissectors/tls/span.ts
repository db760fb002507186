import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';

type Meaning = (value: number) => string;

/** Names of the length field of a vector. */
export interface VectorField {
  readonly name: string;
  readonly label: string;
}

/**
 * A part of a record that is put into the tree from front to back. Field names are given without their protocol, which
 * is `tls` or `dtls`; a number is only added where it is wholly there. Cold pass only.
 */
export class Span {
  readonly data: Octets;
  readonly tree: TreeBuilder;
  readonly protocol: 'tls' | 'dtls';
  at: number;
  readonly end: number;

  constructor(data: Octets, tree: TreeBuilder, protocol: 'tls' | 'dtls', at: number, end: number) {
    this.data = data;
    this.tree = tree;
    this.protocol = protocol;
    this.at = at;
    this.end = Math.max(at, end);
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(name: string, label: string, meaning?: Meaning): void {
    this.number(1, name, label, meaning);
  }

  u16(name: string, label: string, meaning?: Meaning): void {
    this.number(2, name, label, meaning);
  }

  u24(name: string, label: string, meaning?: Meaning): void {
    this.number(3, name, label, meaning);
  }

  u32(name: string, label: string, meaning?: Meaning): void {
    this.number(4, name, label, meaning);
  }

  /** `length` octets in hexadecimal, at most what is left. */
  octets(name: string, label: string, length: number, meaning?: string): void {
    const held = Math.min(length, this.left);
    if (held <= 0) return;
    this.add(name, label, held, this.data.hex(this.at, held), meaning);
    this.at += held;
  }

  /** All that is left, in hexadecimal. */
  rest(name: string, label: string, meaning?: string): void {
    this.octets(name, label, this.left, meaning);
  }

  /** All that is left, as text. */
  restText(name: string, label: string): void {
    if (this.left === 0) return;
    this.add(name, label, this.left, this.data.text(this.at, this.left));
    this.at = this.end;
  }

  /** A node over the next `length` octets, at most what is left; what `build` leaves of them is shown in hexadecimal. */
  group(name: string, label: string, length: number, text: string, build: (part: Span) => void): void {
    const part = this.part(length);
    this.tree.group(`${this.protocol}.${name}`, label, this.at, part.left, text, () => {
      build(part);
      part.rest('data', 'Data');
    });
    this.at = part.end;
  }

  /** A length of 8, 16 or 24 bits, and what `build` makes of the octets it counts; a length that lies is a fault. */
  vector(lengthBits: 8 | 16 | 24, length: VectorField, build: (part: Span) => void): void {
    const octets = lengthBits / 8;
    if (this.left < octets) return;
    const { at } = this;
    const said = octets === 1 ? this.data.u8(at) : octets === 2 ? this.data.u16(at) : this.data.u24(at);
    this.add(length.name, length.label, octets, said);
    this.at += octets;
    if (said > this.left) this.fault('length', `The length says ${said} octets, ${this.left} are there`, at, octets);
    const part = this.part(said);
    build(part);
    part.rest('data', 'Data');
    this.at = part.end;
  }

  /** A fault with the protocol's code for it. */
  fault(code: string, message: string, at: number, length: number): void {
    this.tree.fault(`${this.protocol}-${code}`, message, at, length);
  }

  /** A view on the next `length` octets, at most what is left. */
  view(length = this.left): Octets {
    return this.data.sub(this.at, Math.min(length, this.left));
  }

  private part(length: number): Span {
    return new Span(this.data, this.tree, this.protocol, this.at, this.at + Math.min(length, this.left));
  }

  private number(length: 1 | 2 | 3 | 4, name: string, label: string, meaning?: Meaning): void {
    if (this.left < length) return;
    const { at, data } = this;
    const value = length === 1 ? data.u8(at) : length === 2 ? data.u16(at) : length === 3 ? data.u24(at) : data.u32(at);
    this.add(name, label, length, value, meaning?.(value));
    this.at += length;
  }

  private add(name: string, label: string, length: number, value: string | number, meaning?: string): void {
    const full = `${this.protocol}.${name}`;
    if (meaning === undefined) this.tree.field(full, label, this.at, length, value);
    else this.tree.field(full, label, this.at, length, value, meaning);
  }
}
