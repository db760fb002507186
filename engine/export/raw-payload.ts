import { batchOf, payloadOf } from '../../media/audio/payload-batch.ts';
import { PacketPlaces } from '../audio/packet-places.ts';
import { orderBySequence } from '../audio/sequence-order.ts';
import { CapturePayloads } from '../audio/capture-payloads.ts';
import { rowsOfStreams } from '../audio/stream-packets.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { streamId } from '../query/stream-rows.ts';
import { writeAtomically } from '../sources/atomic-file.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { NothingToExportError } from './nothing-to-export-error.ts';
import { WriteBehind } from './write-behind.ts';

const PACKETS_PER_LOAD = 4096;

export interface RawPayloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly mode?: number | undefined;
}

/**
 * Writes the payloads of a stream one after the other as they were sent (encrypted ones as they are): what a decoder of the
 * codec takes, `sox -t al` say. In order of the sequence numbers, each once; of the payload type that most packets have, so
 * without telephone-events and comfort noise. Nothing stands in for lost packets and pauses, so the time between is gone.
 * Gives the packets written. Throws NothingToExportError where there are none.
 */
export async function writeRawPayload(
  capture: Capture,
  stream: Stream,
  path: string,
  { signal, mode }: RawPayloadOptions = {},
): Promise<number> {
  const type = stream.mainPayloadType;
  const [rows] = rowsOfStreams(capture, [stream]);
  const c = capture.streams.rtp.rows.columns;
  const { sent } = orderBySequence(rows.length, (packet) => c.sequence.get(rows[packet]));
  const packets = sent.filter((packet) => (c.payloadType.get(rows[packet]) & 0x7f) === type);
  if (packets.length === 0) throw new NothingToExportError(`Stream ${streamId(stream)} carries no media.`);
  const payloads = new CapturePayloads(capture, [new PacketPlaces(capture, rows)]);
  const turns = new Turns(signal);
  let written = 0;
  await writeAtomically(
    path,
    async (file) => {
      const behind = new WriteBehind(file);
      for (let from = 0; from < packets.length; from += PACKETS_PER_LOAD) {
        const batch = batchOf(packets.subarray(from, from + PACKETS_PER_LOAD));
        await payloads.load(batch);
        for (let i = 0; i < batch.count; i++) {
          const payload = payloadOf(batch, i);
          // A packet that was captured in part has no whole payload.
          if (payload === null) continue;
          await behind.write(payload);
          written++;
        }
        await turns.wait();
      }
      if (written === 0) throw new NothingToExportError(`The capture holds no payload of stream ${streamId(stream)}.`);
      await behind.finish();
    },
    mode,
  );
  return written;
}
