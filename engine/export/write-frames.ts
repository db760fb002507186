import { Octets } from '../../base/octets.ts';
import type { Capture } from '../capture.ts';
import { throwIfAborted } from '../readers/abort.ts';
import type { AtomicFile } from '../sources/atomic-file.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { PCAP_RECORD_HEADER_BYTES, pcapFileHeader, putPcapRecordHeader } from './pcap-writer.ts';

const FRAMES_PER_LOAD = 2048;

/**
 * Writes frames (0-based, ascending, at least one) as they were captured, and gives how many. A pcap has one link type:
 * frames of an interface with another than the first frame's cannot be in it.
 */
export async function writeFrames(
  capture: Capture,
  numbers: Uint32Array,
  file: AtomicFile,
  signal?: AbortSignal,
): Promise<number> {
  const { frames } = capture.store;
  const { interfaces } = capture.reader;
  const first = interfaces[frames.interfaceIndex.get(numbers[0])];
  await file.write(pcapFileHeader(first.linkType, Math.max(first.snapLength, 65535)));
  const reader = new FrameReader(capture.source, frames);
  const view = new Octets(new Uint8Array(0));
  let written = 0;
  for (let from = 0; from < numbers.length; from += FRAMES_PER_LOAD) {
    throwIfAborted(signal);
    const part = numbers.subarray(from, from + FRAMES_PER_LOAD);
    await reader.load(part);
    let size = 0;
    for (const frame of part) size += PCAP_RECORD_HEADER_BYTES + frames.capturedLength.get(frame);
    const block = new Uint8Array(size);
    const header = new DataView(block.buffer);
    let at = 0;
    for (const frame of part) {
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
