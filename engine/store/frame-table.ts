import { F64Column, U8Column, U16Column, U32Column } from '../../base/columns.ts';
import type { Octets } from '../../base/octets.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { FrameBatch } from '../readers/frame-batch.ts';

/** Gives the plaintext of a record (see engine/tls/record-table.ts), given a way to read where its ciphertext lies. */
export interface RecordOpener {
  plaintext(record: number, read: (pieces: readonly FramePiece[]) => Promise<Octets>): Promise<Uint8Array>;
}

/**
 * Every frame of the capture, one row each, in file order. Octets stay in the file: a row says where they are.
 * Packet numbers shown to people count from 1; rows count from 0.
 */
export class FrameTable {
  count = 0;
  /** Where the frame's octets begin in the (decompressed) capture. */
  readonly fileOffset = new F64Column();
  readonly capturedLength = new U32Column();
  /** Octets that were on the wire but not captured; 0 for almost every frame, so the column costs nothing. */
  readonly cutLength = new U32Column();
  /** Capture time as the file has it: whole seconds since the epoch, and nanoseconds. */
  readonly seconds = new U32Column();
  readonly nanoseconds = new U32Column();
  readonly interfaceIndex = new U16Column();
  /** Flow of the frame's transport payload (see FlowTable), 0 for none. */
  readonly flow = new U32Column();
  /** Topmost protocol the frame was recognised as (see ProtocolList). */
  readonly protocol = new U8Column();

  /** Opens the encrypted records that frames hold; null where none were. */
  records: RecordOpener | null = null;

  /**
   * When an agent captured what the frame carries, by its own clock, where that says more than when the frame with its
   * report was captured: seconds 0 for none, as in every capture without reports. `time` and `secondsBetween` go by it.
   */
  private readonly agentSeconds = new U32Column();
  private readonly agentNanoseconds = new U32Column();
  private agentTimes = 0;
  private wholes = new Uint32Array(0);
  private parts = new Uint32Array(0);

  /** Rows of the earliest and the latest frame, -1 before there is one: frames need not be in order of time. */
  earliest = -1;
  latest = -1;

  /** Adds all frames of a batch; the first one's row is the count before. */
  addBatch(batch: FrameBatch): void {
    const { count, capturedLength, wireLength, interfaceIndex } = batch;
    if (count === 0) return;
    const row = this.count;
    if (!batch.isNoted) batch.note();
    // It is filled anew by the next.
    batch.isNoted = false;
    this.fileOffset.copyFrom(row, batch.offset, 0, count);
    this.capturedLength.copyFrom(row, capturedLength, 0, count);
    this.seconds.copyFrom(row, batch.seconds, 0, count);
    this.nanoseconds.copyFrom(row, batch.nanoseconds, 0, count);
    // Nearly always zero, and then the columns stay empty.
    for (let i = batch.isUsual ? count : 0; i < count; i++) {
      if (wireLength[i] !== capturedLength[i]) this.cutLength.set(row + i, wireLength[i] - capturedLength[i]);
      if (interfaceIndex[i] !== 0) this.interfaceIndex.set(row + i, interfaceIndex[i]);
    }
    this.count += count;
    const first = row + batch.earliest;
    const last = row + batch.latest;
    if (this.earliest < 0 || this.arrivalSecondsBetween(this.earliest, first) < 0) this.earliest = first;
    if (this.latest < 0 || this.arrivalSecondsBetween(this.latest, last) > 0) this.latest = last;
  }

  wireLength(row: number): number {
    return this.capturedLength.get(row) + this.cutLength.get(row);
  }

  /** Says when an agent captured what the frame carries. Of several reports in a frame the first counts. */
  setAgentTime(row: number, seconds: number, nanoseconds: number): void {
    if (seconds === 0 || this.agentSeconds.get(row) !== 0) return;
    this.agentSeconds.set(row, seconds);
    this.agentNanoseconds.set(row, nanoseconds);
    this.agentTimes++;
  }

  /** Sets an agent's clock right by so many seconds, for one frame. */
  shiftAgentTime(row: number, seconds: number): void {
    if (!this.hasAgentTime(row)) return;
    const total = this.agentNanoseconds.get(row) + Math.round(seconds * 1e9);
    const whole = Math.floor(total / 1e9);
    this.agentSeconds.set(row, this.agentSeconds.get(row) + whole);
    this.agentNanoseconds.set(row, total - whole * 1e9);
  }

  /** Some frame has the time of an agent. */
  get hasAgentTimes(): boolean {
    return this.agentTimes > 0;
  }

  hasAgentTime(row: number): boolean {
    return this.agentTimes > 0 && this.agentSeconds.get(row) !== 0;
  }

  /** When the packet was captured: whole seconds since the epoch. */
  wholeSeconds(row: number): number {
    return this.hasAgentTime(row) ? this.agentSeconds.get(row) : this.seconds.get(row);
  }

  /** What `wholeSeconds` leaves out. */
  partNanoseconds(row: number): number {
    return this.hasAgentTime(row) ? this.agentNanoseconds.get(row) : this.nanoseconds.get(row);
  }

  /** When the packet was captured, in seconds since the epoch; a double keeps about a quarter of a microsecond. */
  time(row: number): number {
    return this.wholeSeconds(row) + this.partNanoseconds(row) / 1e9;
  }

  /** As `time`, of the frame itself: what the file says. */
  arrivalTime(row: number): number {
    return this.seconds.get(row) + this.nanoseconds.get(row) / 1e9;
  }

  /** Seconds from frame `from` to frame `to`, exact to the nanosecond for captures of days. */
  secondsBetween(from: number, to: number): number {
    if (this.agentTimes === 0) return this.arrivalSecondsBetween(from, to);
    const seconds = this.wholeSeconds(to) - this.wholeSeconds(from);
    return seconds + (this.partNanoseconds(to) - this.partNanoseconds(from)) / 1e9;
  }

  /** Sets `into[i]` to the seconds from frame `zero` to frame `rows[i]`, as `secondsBetween`, for `from ≤ i < to`. */
  secondsSince(zero: number, rows: Uint32Array, into: Float64Array, from: number, to: number): void {
    const count = to - from;
    if (this.agentTimes > 0) {
      for (let i = from; i < to; i++) into[i] = this.secondsBetween(zero, rows[i]);
      return;
    }
    if (this.wholes.length < count) {
      this.wholes = new Uint32Array(count);
      this.parts = new Uint32Array(count);
    }
    const { wholes, parts } = this;
    const some = rows.subarray(from, to);
    this.seconds.gather(some, wholes, 0, count);
    this.nanoseconds.gather(some, parts, 0, count);
    differences(wholes, parts, this.seconds.get(zero), this.nanoseconds.get(zero), into.subarray(from, to));
  }

  /** As `secondsBetween`, by what the file says. */
  arrivalSecondsBetween(from: number, to: number): number {
    return (
      this.seconds.get(to) - this.seconds.get(from) + (this.nanoseconds.get(to) - this.nanoseconds.get(from)) / 1e9
    );
  }

  get lengthBytes(): number {
    const columns = [this.fileOffset, this.capturedLength, this.cutLength, this.seconds, this.nanoseconds];
    const more = [this.interfaceIndex, this.flow, this.protocol, this.agentSeconds, this.agentNanoseconds];
    return [...columns, ...more].reduce((sum, c) => sum + c.lengthBytes, 0);
  }
}

/** Seconds from a time to the others, given in whole seconds and nanoseconds. */
function differences(
  seconds: Uint32Array,
  nanoseconds: Uint32Array,
  zeroSeconds: number,
  zeroNanoseconds: number,
  into: Float64Array,
): void {
  for (let i = 0; i < into.length; i++) {
    into[i] = seconds[i] - zeroSeconds + (nanoseconds[i] - zeroNanoseconds) / 1e9;
  }
}
