import { F64Column, U16Column, U32Column } from '../../base/columns.ts';
import { type Column } from '../../base/columns.ts';
import { type ColumnSpec, Table } from '../../base/table.ts';
import type { FramePiece } from '../network/ip-issues.ts';

/** The rows one dissector wrote, and what the engine knows of each: the frame, and where in it the message lies. */
export class LayerTable<S extends ColumnSpec = ColumnSpec> {
  rows: Table<S>;
  /** 0-based frame that holds (or completed) the message. Rows are in frame order. */
  frame: Column = new U32Column();
  /** Offset of the message in the frame, against the usual one: nearly always equal, and then it costs no memory. */
  private at: Column = new U32Column();
  private usualAt = -1;
  private numbers = new Uint32Array(0);
  /** Row (+ 1) of the message this body was handed on by; 0 where it came from the transport. */
  parent: Column = new U32Column();
  /** Flow of a message that something carries (a TURN relay); 0 where it is the frame's own. */
  flow: Column = new U32Column();
  /** Number of the agent that reported a carried message (see engine/hep/agents.ts); 0 where none did. */
  agent: Column = new U16Column();
  /**
   * Seconds between the time of the frame and when an agent captured this message: a frame can hold what was reported over a
   * second. 0 nearly always, and then it costs no memory.
   */
  later: Column = new F64Column();
  /** Octets of a message that ends before its transport's payload does; 0 where it goes to the end. */
  length: Column = new U16Column();
  /** Where a message came together from several frames: the pieces, by row. */
  pieces = new Map<number, readonly FramePiece[]>();

  constructor(spec: S) {
    this.rows = new Table(spec);
  }

  /** Says that the message of `row` begins `at` octets into its frame. */
  setAt(row: number, at: number): void {
    if (this.usualAt < 0) this.usualAt = at;
    this.at.set(row, at ^ this.usualAt);
  }

  /**
   * Says of `count` rows from `row` on, which are new, that their messages are in the frames from `firstFrame` on, each `values[from]`,
   * `values[from + 1]`, … octets into its own.
   */
  addPlaces(row: number, firstFrame: number, values: Uint16Array, from: number, count: number): void {
    if (this.numbers.length < count) this.numbers = new Uint32Array(count);
    const { numbers } = this;
    if (this.usualAt < 0) this.usualAt = values[from];
    const usual = this.usualAt;
    let unusual = 0;
    for (let i = 0; i < count; i++) {
      numbers[i] = firstFrame + i;
      unusual |= values[from + i] ^ usual;
    }
    this.frame.copyFrom(row, numbers, 0, count);
    if (unusual === 0) return;
    for (let i = 0; i < count; i++) this.setAt(row + i, values[from + i]);
  }

  /** Offset of the message in its frame; means nothing where `pieces` has the row. */
  atOf(row: number): number {
    return this.at.get(row) ^ this.usualAt;
  }

  /** Sets `into[i]` to `atOf(rows[i])`, for `i` below `count`. */
  atsOf(rows: Uint32Array, into: Uint32Array, count: number): void {
    if (this.at.lengthBytes === 0) {
      into.fill(this.usualAt, 0, count);
      return;
    }
    this.at.gather(rows, into, 0, count);
    for (let i = 0; i < count; i++) into[i] ^= this.usualAt;
  }

  /**
   * Writes rows anew, in order: `write` is called for each row and may add others in its place to `into`; where it gives
   * false the row is kept. Rows added get the frame and place of the row they stand for.
   */
  rewrite(write: (row: number, into: Table<S>) => boolean): void {
    const next = new LayerTable<S>(this.rows.spec);
    next.usualAt = this.usualAt;
    const names = Object.keys(this.rows.spec);
    for (let row = 0; row < this.count; row++) {
      const before = next.count;
      if (!write(row, next.rows)) {
        const copy = next.rows.add();
        for (const name of names) next.rows.columns[name].set(copy, this.rows.columns[name].get(row));
      }
      const pieces = this.pieces.get(row);
      for (let added = before; added < next.count; added++) {
        next.frame.set(added, this.frame.get(row));
        next.at.set(added, this.at.get(row));
        next.parent.set(added, this.parent.get(row));
        next.flow.set(added, this.flow.get(row));
        next.agent.set(added, this.agent.get(row));
        next.later.set(added, this.later.get(row));
        next.length.set(added, this.length.get(row));
        if (pieces !== undefined) next.pieces.set(added, pieces);
      }
    }
    this.rows = next.rows;
    this.frame = next.frame;
    this.at = next.at;
    this.parent = next.parent;
    this.flow = next.flow;
    this.agent = next.agent;
    this.later = next.later;
    this.length = next.length;
    this.pieces = next.pieces;
  }

  get count(): number {
    return this.rows.count;
  }

  /** The first row of a frame, or the row after where it would stand. */
  firstRowOf(frame: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.frame.get(middle) < frame) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
