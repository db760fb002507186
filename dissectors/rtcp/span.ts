import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { formatSsrc } from './units.ts';

/**
 * A part of the datagram that is put into the tree from front to back: `at` moves on with each field, and a field is
 * only added where it is wholly there. Cold pass only.
 */
export class Span {
  readonly data: Octets;
  readonly tree: TreeBuilder;
  at: number;
  readonly end: number;

  constructor(data: Octets, tree: TreeBuilder, at: number, end: number) {
    this.data = data;
    this.tree = tree;
    this.at = at;
    this.end = Math.max(at, end);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Whether `length` octets are left. */
  has(length: number): boolean {
    return this.at + length <= this.end;
  }

  u8(name: string, label: string, meaning?: (value: number) => string): void {
    this.number(1, name, label, meaning);
  }

  u16(name: string, label: string, meaning?: (value: number) => string): void {
    this.number(2, name, label, meaning);
  }

  u32(name: string, label: string, meaning?: (value: number) => string): void {
    this.number(4, name, label, meaning);
  }

  ssrc(name: string, label: string): void {
    this.number(4, name, label, formatSsrc);
  }

  text(name: string, label: string, length: number): void {
    if (length <= 0 || !this.has(length)) return;
    this.tree.field(name, label, this.at, length, this.data.text(this.at, length));
    this.at += length;
  }

  /** `length` octets in hexadecimal, at most what is left. */
  octets(name: string, label: string, length: number): void {
    const held = Math.min(length, this.left);
    if (held <= 0) return;
    this.tree.field(name, label, this.at, held, this.data.hex(this.at, held));
    this.at += held;
  }

  /** All that is left. */
  rest(name: string, label: string): void {
    this.octets(name, label, this.left);
  }

  /** A node over the next `length` octets, at most what is left; what `build` leaves of them is shown in hexadecimal. */
  group(name: string, label: string, length: number, text: string, build: (part: Span) => void): void {
    const held = Math.min(length, this.left);
    const part = new Span(this.data, this.tree, this.at, this.at + held);
    this.tree.group(name, label, this.at, held, text, () => {
      build(part);
      part.rest('rtcp.data', 'Data');
    });
    this.at += held;
  }

  private number(length: 1 | 2 | 4, name: string, label: string, meaning?: (value: number) => string): void {
    if (!this.has(length)) return;
    const value = length === 1 ? this.data.u8(this.at) : length === 2 ? this.data.u16(this.at) : this.data.u32(this.at);
    if (meaning === undefined) this.tree.field(name, label, this.at, length, value);
    else this.tree.field(name, label, this.at, length, value, meaning(value));
    this.at += length;
  }
}
