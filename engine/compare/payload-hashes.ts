import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import { emptyRun } from '../audio/rtp-packets.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { PlainRtp } from '../srtp/plain-rtp.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import type { Stream } from '../trackers/streams/stream.ts';

const BATCH = 2048;

/** Hashes of the payloads of a capture, made for the streams that are asked for: all of them in one walk through the file. */
export class PayloadHashes {
  private readonly capture: Capture;
  /** By RTP row. */
  private readonly hashes: Uint32Array;
  private readonly known = new Set<Stream>();

  constructor(capture: Capture) {
    this.capture = capture;
    this.hashes = new Uint32Array(capture.streams.rtp.count);
  }

  /** Of a row's payload, plain where a key opened it; 0 where it is not all there. */
  of(row: number): number {
    return this.hashes[row];
  }

  /** Makes the hashes of streams known. Rejects with an AbortError when cancelled. */
  async make(streams: Iterable<Stream>, signal?: AbortSignal): Promise<void> {
    const missing = [...new Set(streams)].filter((stream) => !this.known.has(stream));
    if (missing.length === 0) return;
    const byStream = rowsByStream(this.capture.streams);
    const lists = missing.map((stream) => byStream.of(stream));
    const rows = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
    let filled = 0;
    for (const list of lists) {
      rows.set(list, filled);
      filled += list.length;
    }
    // In the order of the file: what lies side by side is read together.
    await this.hash(rows.toSorted(), signal);
    for (const stream of missing) this.known.add(stream);
  }

  private async hash(rows: Uint32Array, signal?: AbortSignal): Promise<void> {
    const packets = new PlainRtp(this.capture);
    const { extraHeaderLength, payloadLength } = this.capture.streams.rtp.rows.columns;
    const turns = new Turns(signal);
    const run = emptyRun();
    for (let from = 0; from < rows.length; from += BATCH) {
      const part = rows.subarray(from, from + BATCH);
      await packets.load(part);
      for (const row of part) {
        if (!packets.read(row, run)) continue;
        const at = run.at + FIXED_HEADER + extraHeaderLength.get(row);
        this.hashes[row] = hashOf(run.bytes, at, payloadLength.get(row));
      }
      await turns.wait();
    }
  }
}

/** FNV-1a, never 0. */
function hashOf(bytes: Uint8Array, at: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < at + length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0 || 1;
}
