import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';

/** Packets of the beginning, where the key is usually decided, and pairs further on, for keys that came later. */
const AT_THE_BEGINNING = 8;
const FURTHER_ON = [0.25, 0.5, 0.75, 0.97];

/** Some RTP rows of each stream, in capture order: one scan of the table for all of them. */
export function sampleRows({ streams }: Capture, wanted: readonly Stream[]): number[][] {
  const { rtp, streamOfRow } = streams;
  const rows: number[][] = wanted.map(() => []);
  const seen = new Uint32Array(wanted.length);
  const places = wanted.map((stream) => placesOf(stream.packets));
  const indexOf = new Map(wanted.map((stream, i) => [stream.index + 1, i]));
  const last = Math.max(...wanted.map((stream) => stream.lastFrame));
  for (let row = rtp.firstRowOf(Math.min(...wanted.map((stream) => stream.firstFrame))); row < rtp.count; row++) {
    const i = indexOf.get(streamOfRow.get(row));
    if (i !== undefined && places[i].has(seen[i]++)) rows[i].push(row);
    if (rtp.frame.get(row) > last) break;
  }
  return rows;
}

function placesOf(packets: number): Set<number> {
  const places = new Set<number>();
  for (let place = 0; place < Math.min(AT_THE_BEGINNING, packets); place++) places.add(place);
  for (const share of FURTHER_ON) {
    const place = Math.floor(packets * share);
    if (place + 1 < packets) places.add(place).add(place + 1);
  }
  return places;
}
