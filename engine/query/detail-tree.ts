import type { FieldValue, TreeBuilder } from '../../dissectors/dissector.ts';

/** A node of the detail tree; `at` and `length` count in the byte source `source`. */
export interface DetailNode {
  readonly name: string;
  readonly label: string;
  readonly source: number;
  readonly at: number;
  readonly length: number;
  readonly value: FieldValue;
  /** What the value means. */
  readonly meaning?: string;
  /** The line of a node with children. */
  readonly text?: string;
  /** Code of a fault shown here. */
  readonly fault?: string;
  readonly children?: DetailNode[];
}

/** A tree whose nodes lie in several byte sources. */
export interface PacketTree extends TreeBuilder {
  /** Runs `build` with offsets that count from `at` of `source`. */
  within(source: number, at: number, build: () => void): void;
}

/** Builds the tree of one packet; payloads inside are described with offsets of their own source. */
export class DetailTree implements PacketTree {
  readonly nodes: DetailNode[] = [];
  private list = this.nodes;
  private source = 0;
  private base = 0;

  field(name: string, label: string, at: number, length: number, value: FieldValue, meaning?: string): void {
    const place = { name, label, source: this.source, at: this.base + at, length, value };
    this.list.push(meaning === undefined || meaning === '' ? place : { ...place, meaning });
  }

  group(name: string, label: string, at: number, length: number, text: string, build: () => void): void {
    const children: DetailNode[] = [];
    this.list.push({ name, label, source: this.source, at: this.base + at, length, value: null, text, children });
    const outer = this.list;
    this.list = children;
    try {
      build();
    } finally {
      this.list = outer;
    }
  }

  fault(code: string, message: string, at: number, length: number): void {
    const place = { source: this.source, at: this.base + at, length };
    this.list.push({ name: 'fault', label: 'Fault', ...place, value: message, fault: code });
  }

  within(source: number, at: number, build: () => void): void {
    const { source: outerSource, base } = this;
    this.source = source;
    this.base = at;
    try {
      build();
    } finally {
      this.source = outerSource;
      this.base = base;
    }
  }
}
