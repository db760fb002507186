/** How the renderer gets at payloads: many packets at a time. */
import { emptySpans, type OctetSpans } from '../../base/octet-spans.ts';

/** Packets to be read, and where their payloads lie: entries below `count` of each column. Used again and again. */
export interface PayloadBatch extends OctetSpans {
  count: number;
  /** Which packets: packet `packet[i]` of stream `stream[i]`, as the reader numbers them. Their payloads are the spans, which the reader fills in. */
  readonly stream: Uint32Array;
  readonly packet: Uint32Array;
}

/** A copy of all payloads of a batch: in `bytes`, each `shift` octets after where it is in its own. */
export interface PayloadCopies {
  readonly bytes: Uint8Array;
  readonly shift: number;
}

export interface PayloadReader {
  /** Says where the payloads of the batch are. They stay there until the next `load`. */
  load(batch: PayloadBatch): Promise<void> | void;
}

/** A batch for `most` packets. */
export function emptyBatch(most: number): PayloadBatch {
  return { ...emptySpans(most), count: 0, stream: new Uint32Array(most), packet: new Uint32Array(most) };
}

/** A batch of the packets `packets` of one stream. */
export function batchOf(packets: ArrayLike<number>, stream = 0): PayloadBatch {
  const batch = emptyBatch(packets.length);
  batch.count = packets.length;
  batch.packet.set(packets);
  batch.stream.fill(stream);
  return batch;
}

/** Payload `i` of a batch that was loaded; null where it is not to be had. It changes with the next `load`. */
export function payloadOf({ bytes, at, length }: PayloadBatch, i: number): Uint8Array | null {
  return length[i] < 0 ? null : bytes[i].subarray(at[i], at[i] + length[i]);
}
