import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rowsOfStreams } from '../audio/stream-packets.ts';
import type { Capture } from '../capture.ts';
import { formatSsrc, streamId } from '../query/stream-rows.ts';
import { writeAtomically } from '../sources/atomic-file.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { writeFrames } from './write-frames.ts';

export interface SplitFile {
  readonly path: string;
  readonly stream: string;
  readonly ssrc: string;
  readonly packets: number;
}

/**
 * Writes one pcap for each RTP stream into `directory` (made where it is missing): `stream-0x<SSRC>.pcap`, and with
 * the stream's id before the ending where several streams share an SSRC. Frames are copied as they were captured, all
 * fragments of a fragmented packet included.
 */
export async function splitStreams(
  capture: Capture,
  directory: string,
  options: { signal?: AbortSignal } = {},
): Promise<SplitFile[]> {
  await mkdir(directory, { recursive: true });
  const { streams } = capture.streams;
  const sameSsrc = new Map<number, number>();
  for (const { ssrc } of streams) sameSsrc.set(ssrc, (sameSsrc.get(ssrc) ?? 0) + 1);
  const files: SplitFile[] = [];
  for (const stream of streams) {
    options.signal?.throwIfAborted();
    const isShared = (sameSsrc.get(stream.ssrc) ?? 0) > 1;
    const name = `stream-${formatSsrc(stream.ssrc)}${isShared ? `-${streamId(stream)}` : ''}.pcap`;
    const path = join(directory, name);
    const packets = await writeAtomically(path, (file) => writeFrames(capture, framesOf(capture, stream), file));
    files.push({ path, stream: streamId(stream), ssrc: formatSsrc(stream.ssrc), packets });
  }
  return files;
}

/** Frames that hold packets of a stream, ascending, each once. */
function framesOf(capture: Capture, stream: Stream): Uint32Array {
  const { rtp } = capture.streams;
  const [rows] = rowsOfStreams(capture, [stream]);
  const numbers = new Set<number>();
  for (const row of rows) {
    for (const piece of rtp.pieces.get(row) ?? []) numbers.add(piece.frame);
    numbers.add(rtp.frame.get(row));
  }
  return Uint32Array.from(numbers).toSorted();
}
