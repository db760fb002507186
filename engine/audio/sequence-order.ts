import { sequenceStep } from '../../base/sequence.ts';
import { Arrival, SequenceGaps } from '../trackers/streams/sequence-gaps.ts';

/** The packets of a stream by their sequence numbers. */
export interface SequenceOrder {
  /** Places of the packets, each number once, in the order they were sent. Numbers that fit nothing are left out. */
  readonly sent: Uint32Array;
  /** By place: the sequence number with its wraps counted. */
  readonly number: Float64Array;
  /** By place: what the packet is to those before it, one of `Arrival`. */
  readonly arrival: Uint8Array;
  /** Packets missing before `sent[i]`; 0 where the stream began anew there. */
  readonly lostBefore: (i: number) => number;
}

/** Puts packets in the order they were sent, by the same rules that count the stream's lost ones. */
export function orderBySequence(count: number, sequenceOf: (packet: number) => number): SequenceOrder {
  const gaps = new SequenceGaps();
  const number = new Float64Array(count);
  const arrival = new Uint8Array(count);
  const sent = new Uint32Array(count);
  const restarts = new Set<number>();
  let used = 0;
  let stray = -1;
  let isOrdered = true;
  for (let packet = 0; packet < count; packet++) {
    const before = gaps.highest;
    const sequence = sequenceOf(packet);
    const how = gaps.add(sequence);
    arrival[packet] = how;
    if (how === Arrival.Duplicate) continue;
    // A number that fits nothing is taken note of, and only the next one shows what it was.
    if (how === Arrival.AfterGap && gaps.highest === before) {
      stray = packet;
      continue;
    }
    if (how === Arrival.Restart) {
      // It was the first of the stream begun anew.
      number[stray] = gaps.highest - 1;
      restarts.add(number[stray]);
      sent[used++] = stray;
    }
    if (how === Arrival.Late) isOrdered = false;
    number[packet] = how === Arrival.Late ? before + sequenceStep(before, sequence) : gaps.highest;
    sent[used++] = packet;
  }
  const order = sent.subarray(0, used);
  if (!isOrdered) order.sort((a, b) => number[a] - number[b] || a - b);
  return {
    sent: order,
    number,
    arrival,
    lostBefore: (i) => {
      const now = number[order[i]];
      return i === 0 || restarts.has(now) ? 0 : Math.max(0, now - number[order[i - 1]] - 1);
    },
  };
}
