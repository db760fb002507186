import type { DescribeContext, FieldValue, Transport, TreeBuilder } from '../../../dissectors/dissector.ts';
import type { DescribeFacts, TreeStep } from '../messages.ts';

/** What one packet may show; the window would not survive what a loop can make. */
const MOST_NODES = 20_000;
const MOST_DEPTH = 64;

/** The tree inside the sandbox: writes down its nodes, for the host to build again. */
export class GuestTree implements TreeBuilder {
  readonly steps: TreeStep[] = [];
  private list = this.steps;
  private count = 0;
  private depth = 0;

  field(name: string, label: string, at: number, length: number, value: FieldValue, meaning?: string): void {
    const plain = typeof value === 'bigint' ? { big: String(value) } : value;
    this.add(['field', name, label, at, length, plain, meaning ?? '']);
  }

  group(name: string, label: string, at: number, length: number, text: string, build: () => void): void {
    if (this.depth >= MOST_DEPTH) throw new RangeError(`a tree of more than ${MOST_DEPTH} levels`);
    const inside: TreeStep[] = [];
    this.add(['group', name, label, at, length, text, inside]);
    const outer = this.list;
    this.list = inside;
    this.depth++;
    try {
      build();
    } finally {
      this.depth--;
      this.list = outer;
    }
  }

  fault(code: string, message: string, at: number, length: number): void {
    this.add(['fault', code, message, at, length]);
  }

  child(mediaType: string, at: number, length: number): void {
    this.add(['child', mediaType, at, length]);
  }

  private add(step: TreeStep): void {
    if (this.count++ >= MOST_NODES) throw new RangeError(`a tree of more than ${MOST_NODES} nodes`);
    this.list.push(step);
  }
}

/** The context of the cold pass inside the sandbox. */
export class GuestDescribeContext implements DescribeContext {
  readonly truncated: boolean;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly mediaType: string;
  readonly srtp: DescribeContext['srtp'];
  private readonly encodings: DescribeFacts['encodings'];
  private readonly tree: GuestTree;

  constructor(facts: DescribeFacts, tree: GuestTree) {
    [this.truncated, this.transport, this.sourcePort, this.destinationPort] = facts.context;
    this.mediaType = facts.mediaType;
    this.srtp = facts.srtp;
    this.encodings = facts.encodings;
    this.tree = tree;
  }

  encodingOf(payloadType: number): string {
    return this.encodings[payloadType] ?? '';
  }

  child(mediaType: string, at: number, length: number): void {
    this.tree.child(mediaType, at, length);
  }
}
