/** Earshot's RTP streams against Wireshark's. */
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { Capture } from '../../engine/capture.ts';
import type { SharkStream } from './sharkd.ts';

/** Half of sharkd's last digit, and what adding up in another order may come to. */
const TOLERANCE_MS = 1.5e-6;

/** Every stream that only one has or whose figures differ, a line each; none where the two agree. */
export function compareStreams(capture: Capture, theirs: readonly SharkStream[]): string[] {
  const differences: string[] = [];
  const left = new Map(theirs.map((stream) => [keyOf(stream), stream]));
  for (const row of streamRows(capture)) {
    // Wireshark lists no streams inside TURN, and those on the other side of the relay have the same addresses.
    if (row.carriedIn.startsWith('turn-')) continue;
    const key = `${row.ssrc} ${row.src} > ${row.dst}`;
    const other = left.get(key);
    left.delete(key);
    if (other === undefined) {
      differences.push(`only here: ${key}, ${row.packets} packets, ${row.recognisedBy}`);
      continue;
    }
    const { wireshark } = row;
    const figures = [
      ['packets', row.packets, other.pkts, 0],
      ['lost', wireshark.lost, other.expectednr - other.pkts, 0],
      ['max delta', wireshark.maxDeltaMs, Math.max(0, other.max_delta), TOLERANCE_MS],
      ['mean jitter', wireshark.meanJitterMs, other.mean_jitter, TOLERANCE_MS],
      ['max jitter', wireshark.maxJitterMs, other.max_jitter, TOLERANCE_MS],
    ] as const;
    const wrong = figures.filter(([, ours, their, tolerance]) => !(Math.abs(ours - their) <= tolerance));
    if (wrong.length === 0) continue;
    differences.push(`${key}: ${wrong.map(([name, ours, their]) => `${name} ${ours}, not ${their}`).join('; ')}`);
  }
  for (const [key, stream] of left) differences.push(`only there: ${key}, ${stream.pkts} packets, ${stream.payload}`);
  return differences;
}

function keyOf(stream: SharkStream): string {
  const ssrc = `0x${stream.ssrc.toString(16).padStart(8, '0')}`;
  return `${ssrc} ${endpoint(stream.saddr, stream.sport)} > ${endpoint(stream.daddr, stream.dport)}`;
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
