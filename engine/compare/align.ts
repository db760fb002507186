import type { ObservedStream } from './observed-stream.ts';

/** How B's sequence numbers follow from A's: `sequence of B = sequence of A + shift`. */
export interface Alignment {
  readonly shift: number;
  readonly by: 'ssrc' | 'payload';
}

/** Packets that must agree before two streams count as one, and their share of the shorter stream. */
const LEAST_AGREEING = 5;
const LEAST_SHARE = 0.3;

/**
 * Whether two points saw the same stream, and how the numbers of one follow from those of the other; null where they do
 * not. Same SSRC: by packets with the same number and timestamp. Else, or where a device rewrote these: by payloads that
 * occur once on each side, so that neither silence nor a tone proves anything.
 */
export function align(a: ObservedStream, b: ObservedStream): Alignment | null {
  const shorter = Math.min(a.first.size, b.first.size);
  const enough = Math.max(LEAST_AGREEING, shorter * LEAST_SHARE);
  if (a.stream.ssrc === b.stream.ssrc) {
    const numbers = mostVoted(a, b, (side, row) => (side.sequence[row] & 0xffff) * 2 ** 32 + side.timestamp[row]);
    if (numbers.votes >= enough) return { shift: numbers.shift, by: 'ssrc' };
  }
  const payloads = mostVoted(a, b, (side, row) => (side.payloadLength[row] < 8 ? 0 : side.hash[row]));
  if (payloads.votes >= enough) return { shift: payloads.shift, by: 'payload' };
  return null;
}

/** The shift that most packets with the same key agree on; keys that occur more than once on a side do not count, nor does 0. */
function mostVoted(
  a: ObservedStream,
  b: ObservedStream,
  keyOf: (side: ObservedStream, row: number) => number,
): { shift: number; votes: number } {
  const ofA = uniqueKeys(a, keyOf);
  const ofB = uniqueKeys(b, keyOf);
  const votes = new Map<number, number>();
  for (const [key, sequence] of ofA) {
    const other = ofB.get(key);
    if (sequence === null || other === undefined || other === null) continue;
    votes.set(other - sequence, (votes.get(other - sequence) ?? 0) + 1);
  }
  let best = { shift: 0, votes: 0 };
  for (const [shift, count] of votes) if (count > best.votes) best = { shift, votes: count };
  return best;
}

/** Sequence number by key; null where a key occurs with several. */
function uniqueKeys(side: ObservedStream, keyOf: (side: ObservedStream, row: number) => number) {
  const keys = new Map<number, number | null>();
  for (const [sequence, row] of side.first) {
    const key = keyOf(side, row);
    if (key !== 0) keys.set(key, keys.has(key) ? null : sequence);
  }
  return keys;
}
