import type { JitterTrace } from './jitter-buffer.ts';

/** A pause that is this part of a packet longer than the packets in it account for begins a talkspurt. */
const SPURT_PART = 0.5;

/** What lies between two packets of a trace that follow each other in play. Asked in order of play. */
export class LostBetween {
  private readonly trace: JitterTrace;

  constructor(trace: JitterTrace) {
    this.trace = trace;
  }

  /**
   * Packets missing between `before` and `packet`: numbers nobody has, but never more than there is time for, so that a
   * sequence that begins anew is no loss.
   */
  count(before: number, packet: number): number {
    const { sequence, due, packetSeconds } = this.trace;
    const step = sequence[packet] - sequence[before];
    if (!(step > 1)) return 0;
    const fits = Math.max(0, Math.round((due[packet] - due[before]) / packetSeconds) - 1);
    const numbers = step - 1 - this.othersBetween(sequence[before], sequence[packet]);
    return Math.max(0, Math.min(numbers, fits));
  }

  /** Whether the sender was silent before `packet`: its timestamp moved on by more than the packets since account for. */
  isSpurtStart(before: number, packet: number, lost: number): boolean {
    const { due, packetSeconds } = this.trace;
    return due[packet] - due[before] > (1 + lost + SPURT_PART) * packetSeconds;
  }

  private othersBetween(from: number, to: number): number {
    const { others } = this.trace;
    return Math.max(0, firstFrom(others, to) - firstFrom(others, from + 1));
  }
}

/** The index of the first of the ascending `values` that is not below `from`. */
function firstFrom(values: Float64Array, from: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
