/** Puts placed packets in the order of play and settles who is heard where two claim the same moment. */
import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';

/** Placed packets in the order of the file, as the timeline's planner fills them in. */
export class Placement {
  rows = 0;
  readonly packet: Uint32Array;
  /** From 1; rises with every new anchor. */
  readonly segment: Uint32Array;
  readonly at: Float64Array;
  readonly sampleRate: Uint32Array;
  /** Samples after the packet that are to be bridged; null where nothing is. */
  readonly bridged: Uint32Array | null;

  /** With room for `most` packets. */
  constructor(most: number, { isBridged = false } = {}) {
    this.packet = new Uint32Array(most);
    this.segment = new Uint32Array(most);
    this.at = new Float64Array(most);
    this.sampleRate = new Uint32Array(most);
    this.bridged = isBridged ? new Uint32Array(most) : null;
  }
}

/** The columns of a timeline. */
export interface Arranged {
  readonly rows: number;
  readonly packet: Uint32Array;
  readonly at: Float64Array;
  readonly room: Uint32Array;
  readonly sampleRate: Uint32Array;
  /** The distinct rates among `sampleRate`, in the order they come up. */
  readonly rates: readonly number[];
  readonly bridged: Uint32Array | null;
}

/** Moves allowed a row before the sort that suits captures gives way to the one that suits anything. */
const MOVES_PER_ROW = 32;

/**
 * Two rules. A packet is heard up to the beginning of the next one, so that every packet begins exactly where its
 * timestamp says, whatever its neighbours claim and in whichever order they came. And from the beginning of a later
 * segment on, the earlier ones are no longer heard: `covered` counts their packets that begin after it.
 */
export function arrange(placed: Placement): { timeline: Arranged; covered: number } {
  const { rows } = placed;
  if (isInOrder(placed)) return { timeline: asPlaced(placed), covered: 0 };
  const start = new Float64Array(rows);
  for (let row = 0; row < rows; row++) start[row] = placed.at[row] / placed.sampleRate[row];

  const kept = rowsHeard(placed, start);
  sortByStart(kept, start);

  const rates: number[] = [];
  const timeline: Arranged = {
    rows: kept.length,
    packet: new Uint32Array(kept.length),
    at: new Float64Array(kept.length),
    room: new Uint32Array(kept.length),
    sampleRate: new Uint32Array(kept.length),
    rates,
    bridged: placed.bridged === null ? null : new Uint32Array(kept.length),
  };
  for (let i = 0; i < kept.length; i++) {
    const row = kept[i];
    timeline.packet[i] = placed.packet[row];
    timeline.at[i] = placed.at[row];
    const rate = placed.sampleRate[row];
    timeline.sampleRate[i] = rate;
    if (!rates.includes(rate)) rates.push(rate);
    if (timeline.bridged !== null && placed.bridged !== null) timeline.bridged[i] = placed.bridged[row];
    timeline.room[i] = i + 1 < kept.length ? samplesBetween(placed, row, kept[i + 1]) : 0xffffffff;
  }
  return { timeline, covered: rows - kept.length };
}

/** Whether rows are of one segment, at one rate and each where the one before is or later: as most streams are captured. */
function isInOrder(placed: Placement): boolean {
  for (let from = 1; from < placed.rows; from += ROWS_AT_ONCE) {
    if (!arePartInOrder(placed, from, Math.min(placed.rows, from + ROWS_AT_ONCE))) return false;
  }
  return true;
}

function arePartInOrder({ segment, at, sampleRate }: Placement, from: number, to: number): boolean {
  for (let row = from; row < to; row++) {
    if (!(at[row] >= at[row - 1]) || segment[row] !== segment[0] || sampleRate[row] !== sampleRate[0]) return false;
  }
  return true;
}

/** Rows that are in order of play already, without copies of them. */
function asPlaced({ rows, packet, at, sampleRate, bridged }: Placement): Arranged {
  const room = new Uint32Array(rows);
  for (let from = 1; from < rows; from += ROWS_AT_ONCE) roomOfPart(at, room, from, Math.min(rows, from + ROWS_AT_ONCE));
  if (rows > 0) room[rows - 1] = 0xffffffff;
  return {
    rows,
    packet: packet.subarray(0, rows),
    at: at.subarray(0, rows),
    room,
    sampleRate: sampleRate.subarray(0, rows),
    rates: rows === 0 ? [] : [sampleRate[0]],
    bridged: bridged?.subarray(0, rows) ?? null,
  };
}

function roomOfPart(at: Float64Array, room: Uint32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) room[row - 1] = Math.min(0xffffffff, at[row] - at[row - 1]);
}

function samplesBetween(placed: Placement, row: number, next: number): number {
  const rate = placed.sampleRate[row];
  const nextRate = placed.sampleRate[next];
  const nextAt = nextRate === rate ? placed.at[next] : Math.floor((placed.at[next] * rate) / nextRate);
  return Math.max(0, Math.min(0xffffffff, nextAt - placed.at[row]));
}

/** The rows of `placed` that begin before every later segment does, in the order of the file. */
function rowsHeard(placed: Placement, start: Float64Array): Uint32Array {
  const { rows, segment } = placed;
  let segments = 0;
  for (let row = 0; row < rows; row++) segments = Math.max(segments, segment[row]);
  // cutAt[s]: where the segments after s begin.
  const cutAt = new Float64Array(segments + 1).fill(Infinity);
  for (let row = 0; row < rows; row++) cutAt[segment[row] - 1] = Math.min(cutAt[segment[row] - 1], start[row]);
  for (let s = segments - 1; s >= 0; s--) cutAt[s] = Math.min(cutAt[s], cutAt[s + 1]);

  const kept = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (start[row] < cutAt[segment[row]]) kept[count++] = row;
  return kept.subarray(0, count);
}

/**
 * Sorts rows by start, rows of one start staying in the order of the file. Captures are nearly in order, where
 * insertion is one pass; a budget of moves keeps hostile ones from making it quadratic.
 */
function sortByStart(order: Uint32Array, start: Float64Array): void {
  let moves = MOVES_PER_ROW * order.length;
  for (let i = 1; i < order.length; i++) {
    const row = order[i];
    let hole = i;
    while (hole > 0 && start[order[hole - 1]] > start[row]) {
      order[hole] = order[hole - 1];
      hole--;
      moves--;
    }
    order[hole] = row;
    if (moves < 0) {
      order.sort((a, b) => start[a] - start[b] || a - b);
      return;
    }
  }
}
