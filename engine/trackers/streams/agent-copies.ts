import type { StreamTracker } from './stream-tracker.ts';

/** Of one agent's reports of a stream. */
interface Seen {
  packets: number;
  readonly firstRow: number;
  lastRow: number;
}

/**
 * Marks what several capture agents reported of one packet as copies of one another. The agent that reported most of a
 * stream is believed: its packets are the stream's, in its clock, and those of the others count where it has none (it was
 * restarted, its report was lost).
 */
export function markAgentCopies({ rtp, streamOfRow, candidates, copies }: StreamTracker): void {
  // No agent reported any RTP.
  if (rtp.agent.lengthBytes === 0) return;
  const primary = primaryAgents(rtp.agent, streamOfRow, rtp.count);
  if (primary.size === 0) return;
  const { sequence, timestamp } = rtp.rows.columns;
  const known = new Map<number, Set<number>>([...primary.keys()].map((stream) => [stream, new Set()]));
  const keyOf = (row: number): number => timestamp.get(row) * 0x10000 + sequence.get(row);
  for (let row = 0; row < rtp.count; row++) {
    const stream = streamOfRow.get(row);
    if (primary.get(stream)?.agent === rtp.agent.get(row)) known.get(stream)?.add(keyOf(row));
  }
  for (let row = 0; row < rtp.count; row++) {
    const stream = streamOfRow.get(row);
    const believed = primary.get(stream);
    if (believed === undefined || believed.agent === rtp.agent.get(row)) continue;
    const keys = known.get(stream);
    const key = keyOf(row);
    if (keys?.has(key) === true) {
      copies.set(row, 1);
      candidates[stream - 1].packets--;
    } else {
      keys?.add(key);
      // It is the stream's own packet, and may be its first or last.
      believed.firstRow = Math.min(believed.firstRow, row);
      believed.lastRow = Math.max(believed.lastRow, row);
    }
  }
  for (const [stream, { firstRow, lastRow }] of primary) {
    candidates[stream - 1].firstFrame = rtp.frame.get(firstRow);
    candidates[stream - 1].lastFrame = rtp.frame.get(lastRow);
  }
}

/** Where frames hold packets of several times: how much later than its frame a stream's first packet was, and its last. */
export function noteFirstAndLast({ rtp, streamOfRow, candidates, copies }: StreamTracker): void {
  if (rtp.later.lengthBytes === 0) return;
  const seen = new Set<number>();
  for (let row = 0; row < rtp.count; row++) {
    const stream = candidates[streamOfRow.get(row) - 1];
    if (stream === undefined || copies.get(row) !== 0) continue;
    stream.lastLater = rtp.later.get(row);
    if (seen.has(stream.index)) continue;
    seen.add(stream.index);
    stream.firstLater = stream.lastLater;
  }
}

/** For each stream (counted from 1) that several agents reported: the one with most packets, of equals the first. */
function primaryAgents(
  agentOf: { get(row: number): number },
  streamOf: { get(row: number): number },
  count: number,
): Map<number, { agent: number; firstRow: number; lastRow: number }> {
  const seen = new Map<number, Map<number, Seen>>();
  for (let row = 0; row < count; row++) {
    const stream = streamOf.get(row);
    const agent = agentOf.get(row);
    if (stream === 0 || agent === 0) continue;
    let agents = seen.get(stream);
    if (agents === undefined) seen.set(stream, (agents = new Map()));
    const known = agents.get(agent);
    if (known === undefined) agents.set(agent, { packets: 1, firstRow: row, lastRow: row });
    else {
      known.packets++;
      known.lastRow = row;
    }
  }
  const primary = new Map<number, { agent: number; firstRow: number; lastRow: number }>();
  for (const [stream, agents] of seen) {
    if (agents.size < 2) continue;
    const [[agent, { firstRow, lastRow }]] = [...agents].toSorted(([, a], [, b]) => b.packets - a.packets);
    primary.set(stream, { agent, firstRow, lastRow });
  }
  return primary;
}
