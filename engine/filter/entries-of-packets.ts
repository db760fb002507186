/** Calls and streams by their packets: what a filter on packets lets through of them. */
import type { Capture } from '../capture.ts';
import type { FilterTable } from './check.ts';

/**
 * Indices of the entries (or, for streams, places in the list of recognised streams), ascending, that have one of the
 * packets; `frames` are ascending. A call has its SIP messages and the RTP of its streams.
 */
export function entriesOfFrames(
  capture: Capture,
  frames: Uint32Array,
  table: Exclude<FilterTable, 'packets'>,
): Uint32Array {
  const streams = streamsOfFrames(capture, frames);
  const list = capture.streams.streams;
  if (table === 'streams') return indicesOf(list.length, (place) => streams[list[place].index] === 1);
  const { calls } = capture;
  const marks = new Uint8Array(calls.entries.length);
  for (const stream of list) if (stream.call >= 0 && streams[stream.index] === 1) marks[stream.call] = 1;
  const { sip, callOfRow } = calls;
  eachRowOf(
    sip.count,
    (row) => sip.frame.get(row),
    frames,
    (row) => {
      const entry = callOfRow.get(row) - 1;
      if (entry >= 0) marks[entry] = 1;
    },
  );
  return indicesOf(marks.length, (index) => marks[index] === 1);
}

/** 1 for each candidate stream that has one of the frames. */
function streamsOfFrames({ streams }: Capture, frames: Uint32Array): Uint8Array {
  const marks = new Uint8Array(streams.candidates.length);
  const { rtp, streamOfRow } = streams;
  eachRowOf(
    rtp.count,
    (row) => rtp.frame.get(row),
    frames,
    (row) => {
      const stream = streamOfRow.get(row) - 1;
      if (stream >= 0) marks[stream] = 1;
    },
  );
  return marks;
}

/** Calls `take` for each row of a layer whose frame is listed; rows and list are both in the order of frames. */
function eachRowOf(
  count: number,
  frameOf: (row: number) => number,
  frames: Uint32Array,
  take: (row: number) => void,
): void {
  for (let row = 0, at = 0; row < count && at < frames.length; row++) {
    const frame = frameOf(row);
    while (at < frames.length && frames[at] < frame) at++;
    if (frames[at] === frame) take(row);
  }
}

function indicesOf(count: number, isWanted: (index: number) => boolean): Uint32Array {
  const found: number[] = [];
  for (let index = 0; index < count; index++) if (isWanted(index)) found.push(index);
  return Uint32Array.from(found);
}
