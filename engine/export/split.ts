import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Octets } from '../../base/octets.ts';
import { rowsOfStreams } from '../audio/stream-packets.ts';
import type { Capture } from '../capture.ts';
import { formatSsrc, streamId } from '../query/stream-rows.ts';
import { type AtomicFile, writeAtomically } from '../sources/atomic-file.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { PCAP_RECORD_HEADER_BYTES, pcapFileHeader, putPcapRecordHeader } from './pcap-writer.ts';

export interface SplitFile {
  readonly path: string;
  readonly stream: string;
  readonly ssrc: string;
  readonly packets: number;
}

const FRAMES_PER_LOAD = 2048;

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
    const packets = await writeAtomically(path, (file) => writeStream(capture, stream, file));
    files.push({ path, stream: streamId(stream), ssrc: formatSsrc(stream.ssrc), packets });
  }
  return files;
}

/** Gives the frames written. */
async function writeStream(capture: Capture, stream: Stream, file: AtomicFile): Promise<number> {
  const { frames } = capture.store;
  const { interfaces } = capture.reader;
  const numbers = framesOf(capture, stream);
  const first = interfaces[frames.interfaceIndex.get(numbers[0])];
  await file.write(pcapFileHeader(first.linkType, Math.max(first.snapLength, 65535)));
  const reader = new FrameReader(capture.source, frames);
  const view = new Octets(new Uint8Array(0));
  let written = 0;
  for (let from = 0; from < numbers.length; from += FRAMES_PER_LOAD) {
    const part = numbers.subarray(from, from + FRAMES_PER_LOAD);
    await reader.load(part);
    let size = 0;
    for (const frame of part) size += PCAP_RECORD_HEADER_BYTES + frames.capturedLength.get(frame);
    const block = new Uint8Array(size);
    const header = new DataView(block.buffer);
    let at = 0;
    for (const frame of part) {
      // A pcap has one link type: frames of an interface with another cannot be in it.
      if (interfaces[frames.interfaceIndex.get(frame)].linkType !== first.linkType || !reader.read(frame, view))
        continue;
      const seconds = frames.seconds.get(frame);
      putPcapRecordHeader(header, at, seconds, frames.nanoseconds.get(frame), view.length, frames.wireLength(frame));
      block.set(view.bytes.subarray(view.start, view.start + view.length), at + PCAP_RECORD_HEADER_BYTES);
      at += PCAP_RECORD_HEADER_BYTES + view.length;
      written++;
    }
    await file.write(block.subarray(0, at));
  }
  return written;
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
