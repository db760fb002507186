/** The packets that a filter lets through. */
import { Octets } from '../../base/octets.ts';
import type { Capture } from '../capture.ts';
import { PacketMessages } from '../query/packet-messages.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';
import type { CheckedFilter, Leaf, PlanNode } from './check.ts';
import { type Block, blockOf, stateOf } from './conditions.ts';
import { EntryRows } from './entry-conditions.ts';
import { FieldCollector } from './field-collector.ts';
import { and, Maybe, No, not, or, Yes } from './ternary.ts';
import { type FilterOptions, Turns } from './turns.ts';

/** Packets whose conditions are decided together: an octet each and condition. */
const BLOCK = 1 << 15;
/** Packets that are read back together. */
const BATCH = 512;
/**
 * The frames (0-based, ascending) of packets that pass, of those that were there when it was called; null where the
 * filter is empty and lets all through. Rejects with an AbortError when cancelled.
 */
export async function filterPackets(
  capture: Capture,
  { root, leaves }: CheckedFilter,
  options: FilterOptions = {},
): Promise<Uint32Array | null> {
  if (root === null) return null;
  const count = capture.store.frames.count;
  const passed = new FrameList();
  const turns = new Turns(options.signal);
  const decider = new BlockDecider(capture, root, leaves);
  const reader = new PacketDecider(capture, root, leaves);
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(count, from + BLOCK);
    const states = decider.decide(from, to);
    const undecided: number[] = [];
    for (let i = 0; i < to - from; i++) if (states[i] === Maybe) undecided.push(from + i);
    for (let at = 0; at < undecided.length; at += BATCH) {
      const batch = undecided.slice(at, at + BATCH);
      await reader.load(batch);
      for (const frame of batch) {
        states[frame - from] = await reader.decide(frame, (leaf) => decider.stateOf(leaf, frame - from));
        await turns.wait();
      }
      options.onProgress?.(batch[batch.length - 1] + 1, count);
    }
    for (let i = 0; i < to - from; i++) if (states[i] === Yes) passed.add(from + i);
    options.onProgress?.(to, count);
    await turns.wait();
  }
  return passed.toArray();
}

class FrameList {
  private frames = new Uint32Array(1024);
  private count = 0;

  add(frame: number): void {
    if (this.count === this.frames.length) {
      const longer = new Uint32Array(this.count * 2);
      longer.set(this.frames);
      this.frames = longer;
    }
    this.frames[this.count++] = frame;
  }

  toArray(): Uint32Array {
    return this.frames.slice(0, this.count);
  }
}

/** Decides what the columns can tell, for a block of packets at a time. */
class BlockDecider {
  private readonly root: PlanNode;
  private readonly blocks: readonly Block[];
  private readonly states: readonly Uint8Array[];
  private readonly spare: Uint8Array[] = [];

  constructor(capture: Capture, root: PlanNode, leaves: readonly Leaf[]) {
    const rows = new EntryRows(capture);
    this.root = root;
    this.blocks = leaves.map((leaf) => blockOf(capture, leaf, rows));
    this.states = leaves.map(() => new Uint8Array(BLOCK));
  }

  /** One of `Yes`, `No`, `Maybe` for each packet; valid until the next block. */
  decide(from: number, to: number): Uint8Array {
    this.blocks.forEach((block, i) => {
      this.states[i].fill(No);
      block(from, to, this.states[i]);
    });
    const result = this.combine(this.root, to - from);
    this.spare.push(result);
    return result;
  }

  /** What is known of a condition and the packet at `place` of the block. */
  stateOf(leaf: number, place: number): number {
    return this.states[leaf][place];
  }

  private combine(node: PlanNode, count: number): Uint8Array {
    if (node.kind === 'leaf') {
      const copy = this.spare.pop() ?? new Uint8Array(BLOCK);
      copy.set(this.states[node.index]);
      return copy;
    }
    if (node.kind === 'not') {
      const part = this.combine(node.part, count);
      for (let i = 0; i < count; i++) part[i] = not(part[i]);
      return part;
    }
    const result = this.combine(node.parts[0], count);
    for (const other of node.parts.slice(1)) {
      const part = this.combine(other, count);
      if (node.kind === 'and') for (let i = 0; i < count; i++) result[i] = and(result[i], part[i]);
      else for (let i = 0; i < count; i++) result[i] = or(result[i], part[i]);
      this.spare.push(part);
    }
    return result;
  }
}

/** Decides single packets by reading them again. */
class PacketDecider {
  private readonly capture: Capture;
  private readonly root: PlanNode;
  private readonly leaves: readonly Leaf[];
  private readonly reader: FrameReader;
  private readonly collector: FieldCollector;
  private readonly needles: readonly Buffer[];
  private readonly octets = new Octets(new Uint8Array(0));

  constructor(capture: Capture, root: PlanNode, leaves: readonly Leaf[]) {
    this.capture = capture;
    this.root = root;
    this.leaves = leaves;
    this.reader = new FrameReader(capture.source, capture.store.frames);
    this.collector = new FieldCollector(capture, new PacketMessages(capture, this.reader), leaves);
    this.needles = leaves.map(({ needle }) => Buffer.from(needle, 'latin1'));
  }

  load(frames: readonly number[]): Promise<void> {
    return this.reader.load(frames);
  }

  /** `known` says what the columns told of a condition. */
  async decide(frame: number, known: (leaf: number) => number): Promise<number> {
    const { octets, collector, leaves } = this;
    if (!this.reader.read(frame, octets)) return No;
    const quick = this.combine(this.root, (leaf) =>
      known(leaf) === Maybe && this.isRuledOut(leaf, frame) ? No : known(leaf),
    );
    if (quick !== Maybe) return quick;
    await collector.take(frame, octets);
    return this.combine(this.root, (leaf) => {
      const state = known(leaf);
      if (state !== Maybe) return state;
      const { field, mode, test } = leaves[leaf];
      if (test === null) return collector.countOf(field) > 0 ? Yes : No;
      return stateOf(collector.valuesOf(field), mode, test);
    });
  }

  /** The packet does not hold octets that the condition needs. A message may lie in more packets than this one. */
  private isRuledOut(leaf: number, frame: number): boolean {
    const needle = this.needles[leaf];
    if (needle.length === 0) return false;
    const { store, opened } = this.capture;
    // What was decrypted lies nowhere in the frame.
    if (opened.hasRtp || opened.rtcp.size > 0) return false;
    const layer = store.layers[store.frames.protocol.get(frame) - FIRST_DISSECTOR];
    if (layer !== undefined && layer.pieces.size > 0) return false;
    const { bytes, start, length } = this.octets;
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).indexOf(needle) < 0;
  }

  private combine(node: PlanNode, state: (leaf: number) => number): number {
    if (node.kind === 'leaf') return state(node.index);
    if (node.kind === 'not') return not(this.combine(node.part, state));
    const join = node.kind === 'and' ? and : or;
    return node.parts.map((part) => this.combine(part, state)).reduce(join);
  }
}
