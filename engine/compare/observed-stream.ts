import { extendSequence } from '../../base/sequence.ts';
import { RtpFlag } from '../../dissectors/rtp/rtp.ts';
import type { Capture } from '../capture.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { PayloadHashes } from './payload-hashes.ts';

/** A stream as one capture point saw it: a row a packet, in order of capture. */
export interface ObservedStream {
  readonly capture: Capture;
  readonly stream: Stream;
  /** Interface of the capture; -1 where one saw all of the stream. */
  readonly nic: number;
  readonly count: number;
  /** 0-based. */
  readonly frame: Uint32Array;
  /** Milliseconds since `zeroSeconds`. */
  readonly timeMs: Float64Array;
  /** Extended. */
  readonly sequence: Float64Array;
  readonly timestamp: Uint32Array;
  readonly payloadType: Uint8Array;
  readonly marker: Uint8Array;
  readonly hasExtension: Uint8Array;
  readonly payloadLength: Uint16Array;
  /** Of the payload, plain where a key opened it; 0 where it is not all there. */
  readonly hash: Uint32Array;
  /** Row that first showed a sequence number. */
  readonly first: ReadonlyMap<number, number>;
  readonly lowest: number;
  readonly highest: number;
}

/** Interfaces of a stream's packets where each of several saw at least half of them; else none. */
export function interfacesOf(capture: Capture, stream: Stream): number[] {
  const rows = rowsByStream(capture.streams).of(stream);
  const { interfaceIndex } = capture.store.frames;
  const seen = new Map<number, number>();
  for (const row of rows) {
    const nic = interfaceIndex.get(capture.streams.rtp.frame.get(row));
    seen.set(nic, (seen.get(nic) ?? 0) + 1);
  }
  const most = Math.max(...seen.values());
  const halves = [...seen].filter(([, packets]) => packets * 2 >= most).map(([nic]) => nic);
  return halves.length > 1 ? halves.toSorted((a, b) => a - b) : [];
}

/** Lays a stream out, of one interface where `nic` is not -1. Its payloads' hashes are known. */
export function observe(
  capture: Capture,
  stream: Stream,
  nic: number,
  zeroSeconds: number,
  hashes: PayloadHashes,
): ObservedStream {
  const { frames } = capture.store;
  const { rtp } = capture.streams;
  const all = rowsByStream(capture.streams).of(stream);
  const rows = nic < 0 ? all : all.filter((row) => frames.interfaceIndex.get(rtp.frame.get(row)) === nic);
  const count = rows.length;
  const observed = {
    frame: new Uint32Array(count),
    timeMs: new Float64Array(count),
    sequence: new Float64Array(count),
    timestamp: new Uint32Array(count),
    payloadType: new Uint8Array(count),
    marker: new Uint8Array(count),
    hasExtension: new Uint8Array(count),
    payloadLength: new Uint16Array(count),
    hash: new Uint32Array(count),
  };
  const c = rtp.rows.columns;
  const first = new Map<number, number>();
  let highest = count === 0 ? 0 : c.sequence.get(rows[0]);
  let lowest = highest;
  let reference = highest;
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    const frame = rtp.frame.get(row);
    observed.frame[i] = frame;
    observed.timeMs[i] = (frames.wholeSeconds(frame) - zeroSeconds) * 1000 + frames.partNanoseconds(frame) / 1e6;
    const sequence = (reference = extendSequence(reference, c.sequence.get(row)));
    observed.sequence[i] = sequence;
    highest = Math.max(highest, sequence);
    lowest = Math.min(lowest, sequence);
    if (!first.has(sequence)) first.set(sequence, i);
    observed.timestamp[i] = c.timestamp.get(row);
    const second = c.payloadType.get(row);
    observed.payloadType[i] = second & 0x7f;
    observed.marker[i] = second >> 7;
    observed.hasExtension[i] = (c.flags.get(row) & RtpFlag.HasExtension) === 0 ? 0 : 1;
    observed.payloadLength[i] = c.payloadLength.get(row);
    observed.hash[i] = hashes.of(row);
  }
  return { capture, stream, nic, count, ...observed, first, lowest, highest };
}
