/** Reads fields out of a packet: the tree that a person would see, without keeping it. */
import { Octets } from '../../base/octets.ts';
import type { FieldValue } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import type { DetailSource } from '../query/packet-detail.ts';
import { describeFrame, describePacket } from '../query/packet-detail.ts';
import type { PacketTree } from '../query/detail-tree.ts';
import type { PacketMessages } from '../query/packet-messages.ts';
import type { Leaf } from './check.ts';
import type { Field, Value } from './field.ts';
import { NETWORK_LAYERS } from './network-fields.ts';
import { valueOf } from './values.ts';

/** A node that was shown: its value, and where its octets are. */
interface Found {
  readonly value: FieldValue;
  readonly source: number;
  readonly at: number;
  readonly length: number;
}

/** The values that the fields of some conditions have in one packet after another. */
export class FieldCollector {
  private readonly capture: Capture;
  private readonly messages: PacketMessages;
  private readonly tree: CollectingTree;
  /** All fields lie below the payload. */
  private readonly needsFrameOnly: boolean;
  private sources: readonly DetailSource[] = [];

  constructor(capture: Capture, messages: PacketMessages, leaves: readonly Leaf[]) {
    this.capture = capture;
    this.messages = messages;
    const parts = leaves.filter(({ field }) => isInTree(field)).flatMap(({ field }) => field.parts);
    this.tree = new CollectingTree(parts);
    this.needsFrameOnly = parts.every((part) => NETWORK_LAYERS.has(part.split('.')[0]));
  }

  /** Describes a packet. What `valuesOf` then gives is of that packet, until the next one. */
  async take(frame: number, octets: Octets): Promise<void> {
    this.tree.clear();
    if (this.needsFrameOnly) {
      describeFrame(this.capture, frame, octets, this.tree);
      const bytes = octets.bytes.subarray(octets.start, octets.start + octets.length);
      this.sources = [{ id: 0, name: '', lengthBytes: bytes.length, bytes }];
    } else {
      this.sources = await describePacket(this.capture, frame, octets, this.messages, this.tree);
    }
  }

  /** The values of a field; of one that has none of its own, something for each time it is there. */
  valuesOf(field: Field): Value[] {
    const values: Value[] = [];
    for (const part of field.parts) {
      for (const found of this.tree.found(part)) {
        const value = this.valueIn(field, found);
        if (value !== null) values.push(value);
      }
    }
    return values;
  }

  /** How often a field is there, with or without a value that can be read. */
  countOf(field: Field): number {
    return field.parts.reduce((sum, part) => sum + this.tree.found(part).length, 0);
  }

  private valueIn({ id, type, bit }: Field, found: Found): Value | null {
    if (type === 'protocol' || type === 'octets') {
      // A header's node holds the header; what is looked for may be in what follows it.
      const isLayer = type === 'protocol' && NETWORK_LAYERS.has(id);
      const { bytes } = this.sources[found.source];
      const octets = new Octets(bytes, found.at, isLayer ? bytes.length - found.at : found.length);
      return type === 'octets' ? octets.text() : latin1(octets);
    }
    if (bit === undefined) return valueOf(type, found.value);
    const whole = valueOf('number', found.value);
    return typeof whole === 'number' ? (whole & bit.mask) >> bit.shift : null;
  }
}

/** Whether a field's values are looked for in the packet where the columns do not tell. */
function isInTree({ source }: Field): boolean {
  return source.kind !== 'frame' && source.kind !== 'entry';
}

class CollectingTree implements PacketTree {
  private readonly lists: ReadonlyMap<string, Found[]>;
  private source = 0;
  private base = 0;

  constructor(names: readonly string[]) {
    this.lists = new Map(names.map((name) => [name, []]));
  }

  clear(): void {
    for (const list of this.lists.values()) list.length = 0;
  }

  found(name: string): readonly Found[] {
    return this.lists.get(name) ?? [];
  }

  field(name: string, _label: string, at: number, length: number, value: FieldValue): void {
    this.lists.get(name)?.push({ value, source: this.source, at: this.base + at, length });
  }

  group(name: string, _label: string, at: number, length: number, text: string, build: () => void): void {
    this.field(name, '', at, length, text);
    build();
  }

  fault(): void {}

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

function latin1(octets: Octets): string {
  const { bytes, start, length } = octets;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
}
