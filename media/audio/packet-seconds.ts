import { timestampStep } from '../../base/sequence.ts';
import type { StreamPackets } from './timeline.ts';

/** Steps of the timestamp that are looked at to tell a packet's length. */
const STEPS_LOOKED_AT = 200;

/**
 * Seconds of audio in a packet, by most of a stream's packets; null where none follows another. `clockRates` by payload type; 0:
 * not looked at.
 */
export function packetSecondsOf(packets: StreamPackets, clockRates: ArrayLike<number>): number | null {
  const counts = new Map<number, number>();
  for (let packet = 1, seen = 0; packet < packets.count && seen < STEPS_LOOKED_AT; packet++) {
    const clock = clockRates[packets.payloadType[packet]];
    if (clock === 0 || ((packets.sequence[packet] - packets.sequence[packet - 1]) & 0xffff) !== 1) continue;
    const seconds = timestampStep(packets.timestamp[packet - 1], packets.timestamp[packet]) / clock;
    if (!(seconds > 0) || seconds > 1) continue;
    counts.set(seconds, (counts.get(seconds) ?? 0) + 1);
    seen++;
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
