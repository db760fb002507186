import type { ProblemRow } from '../../../shared/engine-api.ts';
import { MOST_EVIDENCE } from './thresholds.ts';

/** A problem before it has its place among the others. Its time is that of its first packet. */
export type Finding = Omit<ProblemRow, 'id' | 'time'>;

/** Packet numbers of 0-based frames: ascending, each once, at most 20. Of more, the first given are taken. */
export function packetsOf(frames: Iterable<number>): number[] {
  const packets = new Set<number>();
  for (const frame of frames) {
    if (frame >= 0) packets.add(frame + 1);
    if (packets.size === MOST_EVIDENCE) break;
  }
  return [...packets].toSorted((a, b) => a - b);
}

/** `1 packet`, `3 packets`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `0.4`, `12`: enough digits to tell values apart, no more. */
export function shortNumber(value: number): string {
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** Text of the capture inside a sentence: one line, and not longer than a name. */
export function quoted(text: string, most = 60): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
